/** Where somebody works: from the organisation of a role up to its legal entity, and the duty that the role is. */
import type { Organization, PractitionerRole } from 'fhir/r4.js';
import { identifierSystems } from '#shared/identifiers.ts';
import type { Duty, OrganisationRole } from '../subject.ts';
import type { RecordReader } from './record-reader.ts';

export type Workplace = {
  role: OrganisationRole;
  /** Every organisation from the role's own up, nearest first. */
  organisations: readonly { id: string; number: string | undefined; name: string }[];
};

/** How many organisations may lie between a department and its legal entity. */
const depthMax = 8;

const levelSystem = 'urn:oid:2.16.578.1.12.4.1.1.8628';
const ownerLevel = '1';
const dutySystem = 'urn:fyr:code-system:duty';
const practitionerRoleSystem = 'http://terminology.hl7.org/CodeSystem/practitioner-role';

/**
 * The organisations of a role: legal entity (hovedenhet), the place of care next below it (underenhet; the same where there is none) and the department.
 * Undefined where the chain has no organisation number. A regional owner (level RHF of Volven 8628) owns legal entities and is none of those below it.
 */
export async function workplaceOf(
  organisationId: string | undefined,
  practitionerRole: string | undefined,
  reader: RecordReader,
): Promise<Workplace | undefined> {
  const chain = await chainOf(organisationId, reader);
  const numbered = chain.filter((each) => numberOf(each) !== undefined);
  const entities = numbered.filter((each, index) => index === 0 || !isOwner(each));
  const legalEntity = entities.at(-1);
  const pointOfCare = entities.at(-2) ?? legalEntity;
  const nearest = chain[0];
  if (legalEntity === undefined || pointOfCare === undefined || nearest === undefined) return undefined;
  const isBelow = nearest !== pointOfCare && nearest !== legalEntity;
  return {
    role: {
      legalEntity: legalEntity.id as string,
      pointOfCare: pointOfCare.id as string,
      ...(isBelow ? { department: nearest.id as string } : {}),
      legalEntityNumber: numberOf(legalEntity) as string,
      pointOfCareNumber: numberOf(pointOfCare) as string,
      ...(practitionerRole === undefined ? {} : { practitionerRole }),
    },
    organisations: chain.map((each) => ({ id: each.id as string, number: numberOf(each), name: each.name ?? '' })),
  };
}

async function chainOf(id: string | undefined, reader: RecordReader): Promise<Organization[]> {
  const chain: Organization[] = [];
  for (let next = id; next !== undefined && chain.length < depthMax;) {
    const found = (await reader.read('Organization', next)) as Organization | undefined;
    if (found === undefined || found.active === false || chain.some((each) => each.id === found.id)) break;
    chain.push(found);
    next = idIn(found.partOf?.reference, 'Organization');
  }
  return chain;
}

function numberOf(organisation: Organization): string | undefined {
  return organisation.identifier?.find(({ system }) => system === identifierSystems.organisationNumber)?.value;
}

function isOwner(organisation: Organization): boolean {
  return (organisation.type ?? []).some(({ coding }) =>
    coding?.some(({ system, code }) => system === levelSystem && code === ownerLevel),
  );
}

/** The id in `Type/id`; undefined for anything else. */
export function idIn(reference: string | undefined, type: string): string | undefined {
  return reference?.startsWith(`${type}/`) ? reference.slice(type.length + 1) : undefined;
}

const dutyCodes: { readonly [key: string]: Duty } = {
  [`${dutySystem}|care`]: 'care',
  [`${dutySystem}|pharmacy`]: 'pharmacy',
  [`${dutySystem}|privacyOfficer`]: 'privacyOfficer',
  [`${dutySystem}|operator`]: 'operator',
  [`${dutySystem}|researcher`]: 'researcher',
  [`${practitionerRoleSystem}|doctor`]: 'care',
  [`${practitionerRoleSystem}|nurse`]: 'care',
  [`${practitionerRoleSystem}|pharmacist`]: 'pharmacy',
  [`${practitionerRoleSystem}|researcher`]: 'researcher',
};

/** Volven 9060: master and bachelor of pharmacy, pharmacy technician. */
const pharmacyCategories: readonly string[] = ['FA1', 'FA2', 'AT'];

/**
 * The duty of a role: what its codes say (Fyr's own `urn:fyr:code-system:duty`, or HL7's practitioner-role), else what the authorisation is for.
 * Undefined where nothing says: then nothing is allowed.
 */
export function dutyOf(role: PractitionerRole, authorisation: string | undefined): Duty | undefined {
  const coded = (role.code ?? [])
    .flatMap(({ coding }) => coding ?? [])
    .map(({ system, code }) => dutyCodes[`${system}|${code}`])
    .find((duty) => duty !== undefined);
  if (coded !== undefined) return coded;
  if (authorisation === undefined) return undefined;
  return pharmacyCategories.includes(authorisation) ? 'pharmacy' : 'care';
}
