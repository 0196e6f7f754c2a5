/** A citizen who decides for herself lets another person act for her: all or parts of the record, to read or also to write, until a day or until it is taken back. */
import { Fault } from '#kernel/fault.ts';
import { Calendar } from '#fhir/search/calendar.ts';
import type { Resource } from '#fhir/types.ts';
import { identifierSystems } from '#shared/identifiers.ts';
import type { Caller } from '../caller.ts';
import { ageOf } from '../policy/citizen.ts';
import { elementOf, elementsOf, referenceOf, textOf } from '../policy/elements.ts';
import { acting, consentsOf, draftOf, kindOf, ownPatient } from './choose.ts';
import type { NewPowerAnswer, PowerRequest } from './contract.ts';
import { typesOfScopes } from './power-scopes.ts';
import { find, refusingAloud, write, type ControlDeps } from './record.ts';
import { powerResource } from './resources.ts';

const calendar = new Calendar('Europe/Oslo');
/** From this age one decides for oneself, and may decide for another. */
const ownDecision = 16;
const yearsMost = 10;
const yearMs = 366 * 86_400_000;

/**
 * Whom it is given to is named by number and family name, and both must fit: whoever tries numbers learns nothing.
 * Faults: forbidden, for who acts for another; unprocessable, for who is under 16, and for an end that is past or far off; notFound; conflict, where that person has one.
 */
export async function givePower(deps: ControlDeps, caller: Caller, request: PowerRequest): Promise<NewPowerAnswer> {
  const told = { action: 'unblock', patient: ownPatient(caller), query: 'power of attorney' } as const;
  return refusingAloud(deps, caller, told, async () => {
    const { subject, patient, ground } = await acting(deps, caller, undefined, 'create');
    const now = deps.clock.now();
    const age = ageOf(await deps.policy.factsOf(patient), now);
    if (age === undefined || age < ownDecision)
      throw new Fault('unprocessable', `Only who is ${ownDecision} or older gives a power of attorney.`);
    const until = request.until === undefined ? undefined : endOf(request.until, now);
    const to = await personOf(deps, request, patient);
    const toAge = ageOf(await deps.policy.factsOf(to.id as string), now);
    if (toAge === undefined || toAge < ownDecision)
      throw new Fault('unprocessable', `A power of attorney is given to somebody of ${ownDecision} or older.`);
    const reference = `Patient/${to.id}`;
    await refuseSecond(deps, patient, reference);
    const made = powerResource({
      ...draftOf(deps, subject, patient, 'power-of-attorney'),
      to: { reference, name: nameOf(to) },
      types: typesOfScopes(request.scopes),
      mayWrite: request.mayWrite,
      until,
    });
    await write(deps, caller, { ...told, patient, ground }, [made]);
    return { id: made.id as string, to: reference, name: nameOf(to) };
  });
}

/** The end of that day in Norway. */
function endOf(day: string, now: number): number {
  const end = calendar.parse(day)?.high;
  if (end === undefined || end <= now || end > now + yearsMost * yearMs)
    throw new Fault('unprocessable', `The last day must be after today, and within ${yearsMost} years.`);
  return end;
}

/** Who has this number and this family name, lives, and is another. One refusal for all that does not fit. */
async function personOf(deps: ControlDeps, { personNumber, familyName }: PowerRequest, own: string): Promise<Resource> {
  const systems = [identifierSystems.nationalNumber, identifierSystems.dNumber];
  const asked = systems.map((system) => `${system}|${personNumber}`).join(',');
  const found = await find(deps, 'Patient', [['identifier', asked]]);
  const [one] = found.filter((person) => familyNamesOf(person).includes(plain(familyName)));
  const isDead = one !== undefined && (one['deceasedBoolean'] === true || one['deceasedDateTime'] !== undefined);
  if (found.length !== 1 || one === undefined || isDead || one.id === own)
    throw new Fault('notFound', 'There is nobody with this number and this family name whom you can let act for you.', {
      reason: 'no-such-person',
    });
  return one;
}

const plain = (name: string): string => name.normalize('NFKD').replace(/\p{M}/gu, '').trim().toLocaleLowerCase('nb');

const familyNamesOf = (person: Resource): string[] =>
  elementsOf(person['name']).flatMap(({ family }) =>
    textOf(family) === undefined ? [] : [plain(textOf(family) ?? '')],
  );

function nameOf(person: Resource): string {
  const names = elementsOf(person['name']);
  const name = names.find(({ use }) => use === 'official') ?? names[0] ?? {};
  const given = Array.isArray(name['given']) ? name['given'].map((one) => textOf(one) ?? '') : [];
  return textOf(name['text']) ?? [...given, textOf(name['family']) ?? ''].filter(Boolean).join(' ');
}

async function refuseSecond(deps: ControlDeps, patient: string, to: string): Promise<void> {
  const has = (await consentsOf(deps, patient)).some(
    (one) =>
      kindOf(one) === 'power-of-attorney' &&
      elementsOf(elementOf(one['provision'])['actor']).some(({ reference }) => referenceOf(reference) === to),
  );
  if (has)
    throw new Fault('conflict', 'This person has a power of attorney from you. Take it back before you give another.');
}
