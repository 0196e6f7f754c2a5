/** From who asks, and what the directories say, to what the rules look at. Pure. */
import type { OrganisationRole, Subject } from '../subject.ts';
import { authorisationsOf } from './authorisation.ts';
import { roleSpan, type Directory } from './directory.ts';
import { always } from './elements.ts';
import type { Standing } from './facts.ts';
import { scopesOf } from './scope.ts';

const nobody: Omit<Standing, 'scopes'> = {
  parties: [],
  units: [],
  pointOfCare: undefined,
  legalEntity: undefined,
  blockable: [],
  authorisations: [],
  role: undefined,
};

/** What of the directories must be known for a subject. */
export function standingReferences(subject: Subject): string[] {
  if (subject.kind !== 'personnel' && subject.kind !== 'system') return [];
  const { role } = subject;
  const organisations = role ? [role.legalEntity, role.pointOfCare, ...(role.department ? [role.department] : [])] : [];
  return [
    ...organisations.map((id) => `Organization/${id}`),
    ...(role?.practitionerRole ? [`PractitionerRole/${role.practitionerRole}`] : []),
    ...(subject.kind === 'personnel' ? [`Practitioner/${subject.practitioner}`] : []),
  ];
}

export function standingOf(subject: Subject, directory: Directory): Standing {
  if (subject.kind === 'background') return { ...nobody, scopes: undefined };
  const scopes = subject.scopes && scopesOf(subject.scopes);
  if (subject.kind === 'citizen' || subject.role === undefined) return { ...nobody, scopes };
  const { role } = subject;
  const told = `Organization/${role.department ?? role.pointOfCare}`;
  if (subject.kind === 'system') {
    const chain = directory.above(told);
    return { ...nobody, ...placeOf(role), scopes, units: chainBelow(chain, role), blockable: namesOf(chain, role) };
  }
  const own = role.practitionerRole === undefined ? undefined : `PractitionerRole/${role.practitionerRole}`;
  const registered = own === undefined ? undefined : directory.resource(own);
  const isOwn = own !== undefined && directory.practitionerOf(own) === `Practitioner/${subject.practitioner}`;
  // The register knows better than the token which unit a role is at.
  const unit = (isOwn && own !== undefined && directory.unitOf(own)) || told;
  const chain = directory.above(unit);
  const practitioner = directory.resource(`Practitioner/${subject.practitioner}`);
  const parties = [...(isOwn && own !== undefined ? [own] : []), `Practitioner/${subject.practitioner}`];
  return {
    ...placeOf(role),
    scopes,
    parties,
    units: chainBelow(chain, role),
    blockable: [...parties, ...namesOf([...chain, ...directory.above(told)], role)],
    // Who is closed in the register may nothing, whatever was begun before.
    authorisations: practitioner && practitioner['active'] !== false ? authorisationsOf(practitioner) : [],
    role: own === undefined ? always : isOwn && registered ? roleSpan(registered) : undefined,
  };
}

const placeOf = ({ pointOfCare, legalEntity }: OrganisationRole): Pick<Standing, 'pointOfCare' | 'legalEntity'> => ({
  pointOfCare: `Organization/${pointOfCare}`,
  legalEntity: `Organization/${legalEntity}`,
});

/** The unit and those above it, up to the place of care, which counts only for who works there and in no department. */
function chainBelow(chain: readonly string[], { pointOfCare, legalEntity }: OrganisationRole): string[] {
  const tops = [`Organization/${pointOfCare}`, `Organization/${legalEntity}`];
  const end = chain.findIndex((one, index) => index > 0 && tops.includes(one));
  return end === -1 ? [...chain] : chain.slice(0, end);
}

const namesOf = (chain: readonly string[], { pointOfCare, legalEntity }: OrganisationRole): string[] => [
  ...new Set([...chain, `Organization/${pointOfCare}`, `Organization/${legalEntity}`]),
];
