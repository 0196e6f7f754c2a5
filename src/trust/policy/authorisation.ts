/** Authorisations and licences as the register of personnel has them on Practitioner.qualification (helsepersonelloven chapters 9 and 11). Pure. */
import type { Resource } from '#fhir/types.ts';
import { systems } from './codes.ts';
import { codesOf, elementOf, elementsOf, firstInstant, spanOf, type Span } from './elements.ts';

/** Code of Volven 9060, and when it holds: from its period until it ends or is withdrawn. */
export type Authorisation = Span & { category: string };

/** Kinds of approval (7704) that let nobody treat people: none at all, and that of the Food Safety Authority. */
const withoutRight: ReadonlySet<string> = new Set(['99', '13']);
const withdrawalUrl = 'urn:fyr:extension:qualification-withdrawal';

/** Category (9060) and approval (7704) stand in one qualification, or in two after each other. */
export function authorisationsOf(practitioner: Resource): Authorisation[] {
  if (practitioner['active'] === false) return [];
  const found: Authorisation[] = [];
  let category: string | undefined;
  for (const qualification of elementsOf(practitioner['qualification'])) {
    category = codesOf(qualification['code'], systems.category)[0] ?? category;
    const [approval] = codesOf(qualification['code'], systems.approval);
    if (approval === undefined || category === undefined || withoutRight.has(approval)) continue;
    const { from, until } = spanOf(qualification['period']);
    found.push({ category, from, until: Math.min(until, withdrawnAt(qualification['extension'])) });
  }
  return found;
}

function withdrawnAt(extensions: unknown): number {
  const withdrawal = elementsOf(extensions).find(({ url }) => url === withdrawalUrl);
  if (withdrawal === undefined) return Infinity;
  const date = elementsOf(withdrawal['extension']).find(({ url }) => url === 'date');
  const at = firstInstant(elementOf(date)['valueDate']);
  return at === Infinity ? -Infinity : at;
}
