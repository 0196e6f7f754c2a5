/** What happened to a practitioner's right to practise, told by two versions of the Practitioner after each other. Pure. */
import type { PersonnelEvent, PersonnelEventKind } from '../contract.ts';
import type { Change } from '../persons/events.ts';
import { authorisationsOf, specialitiesOf, type Authorisation, type Speciality } from './authorisation.ts';

type Tell = (kind: PersonnelEventKind, occurred?: string, detail?: string) => PersonnelEvent;

/** The events of a change of a Practitioner; detail is category and approval (`SP 1`, 9060 and 7704), or the speciality (7426). */
export function practitionerEvents({ before, after, updated }: Change): PersonnelEvent[] {
  const practitioner = (after ?? before)?.id;
  if (practitioner === undefined) return [];
  const told: Tell = (kind, occurred, detail) => ({
    kind,
    practitioner,
    occurred: occurred ?? new Date(updated).toISOString(),
    ...(detail === undefined ? {} : { detail }),
  });
  if (after === undefined) return [told('PractitionerIsRemoved')];
  return [
    ...(before === undefined ? [told('PractitionerIsCreated')] : []),
    ...authorisationEvents(before === undefined ? [] : authorisationsOf(before), authorisationsOf(after), told),
    ...specialityEvents(before === undefined ? [] : specialitiesOf(before), specialitiesOf(after), told),
  ];
}

/** One authorisation is the same as before when category, approval and first day are. */
const keyOf = ({ category, approval, period }: Authorisation): string =>
  [category, approval, period.start ?? ''].join(' ');

function authorisationEvents(
  had: readonly Authorisation[],
  has: readonly Authorisation[],
  told: Tell,
): PersonnelEvent[] {
  const earlier = new Map(had.map((each) => [keyOf(each), each]));
  const events = has.flatMap((each) => {
    const was = earlier.get(keyOf(each));
    earlier.delete(keyOf(each));
    const detail = `${each.category} ${each.approval}`;
    const given = was === undefined ? [told('AuthorisationIsGiven', each.period.start, detail)] : [];
    return [...given, ...changesOf(was, each, (kind, occurred) => told(kind, occurred, detail))];
  });
  const gone = [...earlier.values()].map(({ category, approval }) =>
    told('AuthorisationIsRemoved', undefined, `${category} ${approval}`),
  );
  return [...events, ...gone];
}

function changesOf(was: Authorisation | undefined, is: Authorisation, told: Tell): PersonnelEvent[] {
  const events: PersonnelEvent[] = [];
  if (was?.withdrawn !== is.withdrawn)
    events.push(is.withdrawn ? told('AuthorisationIsWithdrawn', is.withdrawn) : told('AuthorisationIsRestored'));
  if (was?.restriction !== is.restriction)
    events.push(told(is.restriction ? 'AuthorisationIsRestricted' : 'RestrictionIsLifted'));
  if (was !== undefined && was.period.end !== is.period.end)
    events.push(told('ChangeInEndOfAuthorisation', is.period.end));
  return events;
}

function specialityEvents(had: readonly Speciality[], has: readonly Speciality[], told: Tell): PersonnelEvent[] {
  const codes = (all: readonly Speciality[]): Set<string> => new Set(all.map(({ code }) => code));
  const [before, after] = [codes(had), codes(has)];
  return [
    ...has
      .filter(({ code }) => !before.has(code))
      .map(({ code, period }) => told('SpecialityIsGiven', period.start, code)),
    ...had.filter(({ code }) => !after.has(code)).map(({ code }) => told('SpecialityIsRemoved', undefined, code)),
  ];
}
