/** Who is authorised for what, and when: the rules on Practitioner.qualification (lov om helsepersonell kap. 9 and 11). Pure. */
import type { AuthorisationAnswer, HeldAuthorisation } from '../contract.ts';
import type { Resource } from '#fhir/types.ts';
import {
  codesOf,
  extensionOf,
  holdsOn,
  ownExtensions,
  volven,
  type Concept,
  type Extension,
  type Period,
} from '../register-codes.ts';

type Qualification = { code?: Concept; period?: Period; extension?: Extension[] };

/** Kinds of approval (7704) that let nobody practise: 99 "Ingen autorisasjon". */
const withoutRight: ReadonlySet<string> = new Set(['99']);

export type Authorisation = {
  category: string;
  approval: string;
  period: Period;
  restriction: string | undefined;
  /** The first day without it. */
  withdrawn: string | undefined;
  withdrawnWhy: string | undefined;
};

/** The authorisations and licences of a Practitioner. Category (9060) and approval (7704) stand in one qualification, or in two after each other. */
export function authorisationsOf(practitioner: Resource): Authorisation[] {
  const found: Authorisation[] = [];
  let category: string | undefined;
  for (const qualification of (practitioner['qualification'] as Qualification[] | undefined) ?? []) {
    const concepts = qualification.code === undefined ? [] : [qualification.code];
    category = codesOf(concepts, volven('9060'))[0] ?? category;
    const [approval] = codesOf(concepts, volven('7704'));
    if (approval === undefined || category === undefined) continue;
    const restriction = extensionOf(qualification, ownExtensions.restriction)?.['valueString'] as string | undefined;
    const withdrawal = extensionOf(qualification, ownExtensions.withdrawal);
    const part = (url: string): Extension | undefined => withdrawal?.extension?.find((each) => each.url === url);
    found.push({
      category,
      approval,
      period: qualification.period ?? {},
      restriction,
      withdrawn: part('date')?.['valueDate'] as string | undefined,
      withdrawnWhy: part('reason')?.['valueString'] as string | undefined,
    });
  }
  return found;
}

export type Speciality = { code: string; period: Period };

/** Specialities (7426) with their periods. */
export function specialitiesOf(practitioner: Resource): Speciality[] {
  return ((practitioner['qualification'] as Qualification[] | undefined) ?? []).flatMap(({ code, period }) =>
    codesOf(code === undefined ? [] : [code], volven('7426')).map((each) => ({ code: each, period: period ?? {} })),
  );
}

/** Was the practitioner authorised in the category on the day (`YYYY-MM-DD`)? A restriction does not take the right away; it is told. */
export function authorisationOn(
  practitioner: Resource,
  asked: { number: string; category: string; on: string },
): AuthorisationAnswer {
  const { category, on } = asked;
  const ofCategory = authorisationsOf(practitioner).filter(
    (each) => each.category === category && !withoutRight.has(each.approval),
  );
  const held = ofCategory.filter(
    (each) => holdsOn(each.period, on) && (each.withdrawn === undefined || on < each.withdrawn),
  );
  const base = {
    ...asked,
    ...nameOf(practitioner),
    held: held.map(heldOf),
    specialities: specialitiesOf(practitioner)
      .filter(({ period }) => holdsOn(period, on))
      .map(({ code }) => code),
  };
  if (held.length > 0) {
    const restricted = held.every(({ restriction }) => restriction !== undefined);
    const restriction = held.find((each) => each.restriction !== undefined)?.restriction;
    return {
      authorised: true,
      reason: restricted ? `Authorised, with a restriction: ${restriction}` : 'Authorised on that day.',
      ...base,
    };
  }
  return { authorised: false, reason: whyNot(ofCategory, category, on), ...base };
}

function whyNot(ofCategory: readonly Authorisation[], category: string, on: string): string {
  if (ofCategory.length === 0) return `Has no authorisation or licence in the category ${category}.`;
  const withdrawn = ofCategory.find((each) => each.withdrawn !== undefined && each.withdrawn <= on);
  if (withdrawn)
    return `Withdrawn from ${withdrawn.withdrawn}${withdrawn.withdrawnWhy ? `: ${withdrawn.withdrawnWhy}` : ''}.`;
  const starts = ofCategory.flatMap(({ period }) => period.start?.slice(0, 10) ?? []).sort();
  if (starts.length === ofCategory.length && starts[0] !== undefined && starts[0] > on)
    return `Not before ${starts[0]}.`;
  return 'The authorisation or licence did not hold on that day.';
}

function heldOf({ category, approval, period, restriction, withdrawn }: Authorisation): HeldAuthorisation {
  const to = withdrawn ?? period.end;
  return {
    category,
    approval,
    ...(period.start ? { from: period.start } : {}),
    ...(to ? { to } : {}),
    ...(restriction ? { restriction } : {}),
  };
}

function nameOf(practitioner: Resource): { name?: string } {
  const [name] = (practitioner['name'] as { given?: string[]; family?: string; text?: string }[] | undefined) ?? [];
  const text = name?.text ?? [...(name?.given ?? []), name?.family ?? ''].join(' ').trim();
  return text === '' ? {} : { name: text };
}
