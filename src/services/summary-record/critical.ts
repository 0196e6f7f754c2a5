/**
 * Critical information as kjernejournal groups it, in six categories by the national lists (Volven 7513–7522). Pure: tells of one resource whether it
 * is critical, in which category, how certain, how grave, by whom, and whether it holds.
 */
import type { Resource } from '#fhir/types.ts';
import { codingsOf, conceptText, elementOf, elementsOf, newestFirst, statusCode, textOf, whenOf } from './elements.ts';
import { summaryKinds, volvenList } from './codes.ts';

export const criticalCategories = [
  'hypersensitivity',
  'anaesthesia',
  'condition',
  'treatment',
  'infection',
  'routines',
] as const;
export type CriticalCategory = (typeof criticalCategories)[number];

/** 7521, 7520, 7524 in words of ours; undefined where the record does not say. */
export type CriticalItem = {
  category: CriticalCategory;
  resource: Resource;
  text: string;
  /** `list|code` of the national list, where it has one. */
  code: string | undefined;
  certainty: 'suspected' | 'probable' | 'confirmed' | undefined;
  severity: 'serious' | 'less-serious' | undefined;
  /** Code of 7498. */
  source: string | undefined;
  verification: 'verified' | 'refuted' | undefined;
  since: string | undefined;
  /** Holds now; otherwise it ended, was withdrawn or refuted, and is history. */
  isActive: boolean;
};

const categoryOfList: Readonly<Record<string, CriticalCategory>> = {
  '7514': 'hypersensitivity',
  '7515': 'anaesthesia',
  '7516': 'anaesthesia',
  '7513': 'condition',
  '7517': 'treatment',
  '7518': 'treatment',
  '7519': 'infection',
  '7522': 'routines',
};

const kjernejournal = 'http://nhn.no/kj/fhir/StructureDefinition/';
const categoryOfProfile: Readonly<Record<string, CriticalCategory>> = {
  KjAllergyIntolerance: 'hypersensitivity',
  IntubationProblem: 'anaesthesia',
  OtherProblemWithAnesthesia: 'anaesthesia',
  KjConditionCriticalMedicalCondition: 'condition',
  KjProcedure: 'treatment',
  KjConditionTransplantsAndOtherForeignBodies: 'treatment',
  KjConditionInfection: 'infection',
  KjFlag: 'routines',
};

/** The types that critical information may lie in. */
export const criticalTypes: readonly string[] = [
  'AllergyIntolerance',
  'Condition',
  'DeviceUseStatement',
  'Flag',
  'Observation',
  'Procedure',
];

/** Undefined: it is not critical information. */
export function criticalOf(resource: Resource): CriticalItem | undefined {
  if (!criticalTypes.includes(resource.resourceType)) return undefined;
  const listed = nationalCoding(resource);
  const category = categoryOf(resource, listed?.list);
  if (category === undefined) return undefined;
  return {
    category,
    resource,
    text: conceptText(resource['code']) ?? conceptText(resource['reasonCode']) ?? resource.resourceType,
    code: listed && `${listed.list}|${listed.code}`,
    certainty: certaintyOf(resource),
    severity: severityOf(resource),
    source: codeOfList(resource, '7498'),
    verification: verificationOf(resource),
    since: whenOf(resource),
    isActive: isActive(resource),
  };
}

/** Those of the resources that are critical, by category, what holds first, then the newest first. */
export function criticalItems(resources: readonly Resource[]): CriticalItem[] {
  const candidates = resources.filter(({ resourceType }) => criticalTypes.includes(resourceType));
  const items = newestFirst(candidates).flatMap((resource) => criticalOf(resource) ?? []);
  return items.toSorted(
    (a, b) =>
      criticalCategories.indexOf(a.category) - criticalCategories.indexOf(b.category) ||
      Number(b.isActive) - Number(a.isActive),
  );
}

function nationalCoding(resource: Resource): { list: string; code: string } | undefined {
  for (const concept of [
    resource['code'],
    resource['reasonCode'],
    resource['category'],
    resource['valueCodeableConcept'],
  ]) {
    for (const { system, code } of codingsOf(concept)) {
      const list = volvenList(system);
      if (list !== undefined && code !== undefined && categoryOfList[list] !== undefined) return { list, code };
    }
  }
  return undefined;
}

function categoryOf(resource: Resource, list: string | undefined): CriticalCategory | undefined {
  if (resource.resourceType === 'AllergyIntolerance') {
    return list !== undefined || isGraveAllergy(resource) || profileCategory(resource) !== undefined
      ? 'hypersensitivity'
      : undefined;
  }
  return (
    (list === undefined ? undefined : categoryOfList[list]) ?? profileCategory(resource) ?? statedCategory(resource)
  );
}

/** Said by the category in Fyr's own words, where whoever wrote it had no national code that fits. */
function statedCategory({ category }: Resource): CriticalCategory | undefined {
  const codes = codingsOf(category).flatMap(({ system, code }) => (system === summaryKinds ? [code] : []));
  return criticalCategories.find((one) => codes.includes(one));
}

function profileCategory({ meta }: Resource): CriticalCategory | undefined {
  for (const profile of meta?.profile ?? []) {
    if (!profile.startsWith(kjernejournal)) continue;
    const [name = ''] = profile.slice(kjernejournal.length).split('|');
    if (categoryOfProfile[name] !== undefined) return categoryOfProfile[name];
  }
  return undefined;
}

/** What may kill: of high criticality, or with a severe reaction. */
const isGraveAllergy = (resource: Resource): boolean =>
  resource['criticality'] === 'high' || elementsOf(resource['reaction']).some(({ severity }) => severity === 'severe');

const certainties = { '1': 'suspected', '2': 'probable', '3': 'confirmed' } as const;
const certaintyOfStatus: Readonly<Record<string, CriticalItem['certainty']>> = {
  confirmed: 'confirmed',
  presumed: 'probable',
  provisional: 'probable',
  differential: 'suspected',
  unconfirmed: 'suspected',
};

function certaintyOf(resource: Resource): CriticalItem['certainty'] {
  const national = codeOfList(resource, '7521');
  if (national !== undefined) return certainties[national as keyof typeof certainties];
  return certaintyOfStatus[statusCode(resource['verificationStatus']) ?? ''];
}

function severityOf(resource: Resource): CriticalItem['severity'] {
  const national = codeOfList(resource, '7520');
  if (national !== undefined) return national === '1' ? 'serious' : 'less-serious';
  if (resource.resourceType !== 'AllergyIntolerance') return undefined;
  return isGraveAllergy(resource) ? 'serious' : 'less-serious';
}

function verificationOf(resource: Resource): CriticalItem['verification'] {
  const national = codeOfList(resource, '7524');
  if (national !== undefined) return national === '2' ? 'refuted' : 'verified';
  return statusCode(resource['verificationStatus']) === 'refuted' ? 'refuted' : undefined;
}

/** A code of a national list that stands in an extension. */
function codeOfList({ extension }: Resource, list: string): string | undefined {
  for (const one of elementsOf(extension)) {
    const codings = [elementOf(one['valueCoding']), ...codingsOf(one['valueCodeableConcept'])];
    const found = codings.find(({ system }) => volvenList(system) === list);
    if (found !== undefined) return textOf(found['code']);
  }
  return undefined;
}

const endedStatuses: readonly string[] = [
  'inactive',
  'resolved',
  'remission',
  'entered-in-error',
  'completed',
  'not-done',
  'cancelled',
];

/** Procedures that were completed left something behind (an implant, a transplant): that holds. */
export function isActive(resource: Resource): boolean {
  if (verificationOf(resource) === 'refuted') return false;
  if (statusCode(resource['verificationStatus']) === 'entered-in-error') return false;
  const clinical = statusCode(resource['clinicalStatus']);
  if (clinical !== undefined) return !endedStatuses.includes(clinical);
  const status = textOf(resource['status']);
  if (resource.resourceType === 'Procedure') return status !== 'entered-in-error' && status !== 'not-done';
  return status === undefined || !endedStatuses.includes(status);
}
