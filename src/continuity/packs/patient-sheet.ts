/** One patient's sheet from the patient's record. Pure. */
import type {
  AllergyIntolerance,
  CarePlan,
  Condition,
  Consent,
  DiagnosticReport,
  Encounter,
  Flag,
  MedicationAdministration,
  MedicationRequest,
  Observation,
  Patient,
  RelatedPerson,
  ServiceRequest,
} from 'fhir/r4.js';
import type { Resource } from '#fhir/types.ts';
import { hasCode, textOf } from '#shared/limits.ts';
import type { Expected, Held, Identity, Kin, OpenOrder, PatientSheet } from './contract.ts';
import { allergiesOf, blocksOf, criticalOf, isolationOf, limitsOf, type DangerRecords } from './danger.ts';
import type { Stay } from './find-wards.ts';
import { localId, withoutBed } from './find-wards.ts';
import { pendingOf, resultsOf, scoreOf, vitalRowsOf } from './measurement-rows.ts';
import { medicinesOf } from './medicine-rows.ts';
import { sayInBokmal, type Say } from './phrases.ts';
import type { Records } from './read-patients.ts';
import { ageOf, bornWords, numberInParts, sexes } from './words.ts';

export type SheetOptions = {
  stay: Stay;
  records: Records;
  held: Held;
  department: string | undefined;
  now: number;
  say?: Say;
};

export function sheetOf({ stay, records, held, department, now, say = sayInBokmal }: SheetOptions): PatientSheet {
  const identity = identityOf(stay, records, now, say);
  const consents = of<Consent>(records, 'Consent');
  const blocks = blocksOf(consents, department, now);
  if (blocks.isBlocked) return blockedSheet(identity, stay, held);
  const danger = dangerOf(records);
  const observations = of<Observation>(records, 'Observation');
  const vitals = observations.filter(({ category }) => category?.some((one) => hasCode(one, ['vital-signs'])));
  const laboratory = observations.filter(({ category }) => category?.some((one) => hasCode(one, ['laboratory'])));
  const conditions = of<Condition>(records, 'Condition');
  const administrations = of<MedicationAdministration>(records, 'MedicationAdministration');
  const isPregnant = conditions.some(({ code }) => isPregnancy(code));
  return {
    ...identity,
    ...blocks,
    ...aboutStay(stay),
    held,
    newestAt: newestOf(records),
    allergies: allergiesOf(danger, held, say),
    critical: criticalOf(danger, held, say),
    limits: limitsOf(danger, held, say),
    isolation: isolationOf(danger, held, say),
    problems: problemsOf(conditions, stay.encounter),
    ...medicinesOf(of<MedicationRequest>(records, 'MedicationRequest'), administrations, now, say),
    vitals: vitalRowsOf(vitals, say),
    score: scoreOf(vitals, { years: yearsOf(of<Patient>(records, 'Patient')[0], now), isPregnant }),
    results: resultsOf(laboratory, now, say),
    pending: pendingOf(of<DiagnosticReport>(records, 'DiagnosticReport'), say),
    orders: ordersOf(of<ServiceRequest>(records, 'ServiceRequest'), say),
    plan: planOf(of<CarePlan>(records, 'CarePlan'), stay.encounter),
    kin: kinOf(of<RelatedPerson>(records, 'RelatedPerson'), now),
    sources: sourcesOf(records, stay),
  };
}

/** Of one who is to come: who it is, when, why, and what is dangerous. */
export function expectedOf({ stay, records, held, department, now, say = sayInBokmal }: SheetOptions): Expected {
  const { isBlocked } = blocksOf(of<Consent>(records, 'Consent'), department, now);
  const danger = isBlocked ? dangerOf({}) : dangerOf(records);
  const seen: Held = isBlocked ? { ...held, isWhole: false } : held;
  return {
    ...identityOf(stay, records, now, say),
    at: Date.parse(stay.encounter.period?.start ?? ''),
    reason: isBlocked ? say('Sperret av pasienten') : reasonOf(stay.encounter),
    allergies: allergiesOf(danger, seen, say),
    critical: criticalOf(danger, seen, say),
  };
}

/** Only types by their names are read under them. */
const of = <T>(records: Records, type: string): T[] => (records[type] ?? []) as unknown as T[];

const dangerOf = (records: Records): DangerRecords => ({
  allergies: of<AllergyIntolerance>(records, 'AllergyIntolerance'),
  flags: of<Flag>(records, 'Flag'),
  consents: of<Consent>(records, 'Consent'),
});

function identityOf({ patient: id, bed }: Stay, records: Records, now: number, say: Say): Identity {
  const sex = sexes[of<Patient>(records, 'Patient')[0]?.gender ?? ''];
  const [patient] = of<Patient>(records, 'Patient');
  const name = patient?.name?.find(({ use }) => use !== 'old') ?? patient?.name?.[0];
  const identifier = patient?.identifier?.find(({ use }) => use !== 'old');
  const words = [name?.family?.toUpperCase(), name?.given?.join(' ')].filter(Boolean).join(', ');
  return {
    patient: id,
    name: words || name?.text || say('Ukjent navn ({id})', { id: id.slice(0, 8) }),
    number: identifier?.value === undefined ? say('uten nummer') : numberInParts(identifier.value),
    born: patient?.birthDate === undefined ? say('ukjent') : bornWords(patient.birthDate),
    age: patient?.birthDate === undefined ? say('{count} år', { count: '?' }) : ageOf(patient.birthDate, now, say),
    sex: sex === undefined ? '' : say(sex),
    bed: bed === withoutBed ? say(withoutBed) : bed,
  };
}

function aboutStay({ encounter }: Stay): Pick<PatientSheet, 'admitted' | 'reason' | 'responsible' | 'nurse'> {
  const named = (code: string): string =>
    encounter.participant?.find(({ type }) => type?.some((one) => hasCode(one, [code])))?.individual?.display ?? '';
  const start = encounter.period?.start;
  return {
    admitted: start === undefined ? undefined : Date.parse(start),
    reason: reasonOf(encounter),
    responsible: named('ATND'),
    nurse: named('SPRF'),
  };
}

const reasonOf = ({ reasonCode = [] }: Encounter): string => reasonCode.map((one) => textOf(one) ?? '').join('; ');

/** Nothing but who and where; the record itself can be opened with a reason while there is any node to ask. */
function blockedSheet(identity: Identity, stay: Stay, held: Held): PatientSheet {
  const nothing = { items: [], state: 'notLoaded' } as const;
  const { admitted, responsible, nurse } = aboutStay(stay);
  return {
    ...identity,
    isBlocked: true,
    hasBlocks: true,
    held,
    newestAt: undefined,
    admitted,
    responsible,
    nurse,
    reason: '',
    allergies: nothing,
    critical: nothing,
    limits: nothing,
    isolation: nothing,
    problems: [],
    medicines: [],
    infusions: [],
    vitals: [],
    score: undefined,
    results: [],
    pending: [],
    orders: [],
    plan: [],
    kin: [],
    sources: [`Patient/${identity.patient}`],
  };
}

/** What this stay is about first, then the problem list. */
function problemsOf(conditions: readonly Condition[], encounter: Encounter): string[] {
  const own = new Set(encounter.diagnosis?.map(({ condition }) => localId(condition.reference, 'Condition')));
  const isList = ({ category }: Condition): boolean =>
    category?.some((one) => hasCode(one, ['problem-list-item'])) === true;
  const kept = conditions.filter((one) => isList(one) || own.has(one.id));
  const sorted = kept.toSorted((a, b) => Number(own.has(b.id)) - Number(own.has(a.id)));
  return [...new Set(sorted.map(({ code, onsetDateTime }) => `${textOf(code) ?? ''}${yearIn(onsetDateTime)}`))];
}

const yearIn = (date: string | undefined): string => (date === undefined ? '' : ` (${date.slice(0, 4)})`);

/** ICPC-2 W78/W84, ICD-10 Z33–Z35 and O00–O99 while they are active. */
function isPregnancy(code: Condition['code']): boolean {
  return code?.coding?.some((one) => /^(W7[89]|W84|Z3[345]|O\d\d)/.test(one.code ?? '')) === true;
}

function yearsOf(patient: Patient | undefined, now: number): number {
  return patient?.birthDate === undefined ? 99 : (now - Date.parse(patient.birthDate)) / (365.25 * 86_400_000);
}

function ordersOf(orders: readonly ServiceRequest[], say: Say): OpenOrder[] {
  return orders
    .map(({ code, category, reasonCode, authoredOn, requester, performer }) => ({
      what: textOf(code) ?? textOf(category?.[0]) ?? textOf(reasonCode?.[0]) ?? say('rekvisisjon'),
      ...(authoredOn === undefined ? {} : { since: Date.parse(authoredOn) }),
      by: fromTo(requester?.display, performer?.[0]?.display, say),
    }))
    .toSorted((a, b) => (b.since ?? 0) - (a.since ?? 0));
}

function fromTo(from: string | undefined, to: string | undefined, say: Say): string {
  return from && to ? say('{from} til {to}', { from, to }) : (from ?? to ?? '');
}

/** The plan of this stay; of plans that name no stay, all. */
function planOf(plans: readonly CarePlan[], { id }: Encounter): string[] {
  return plans
    .filter(({ encounter }) => encounter === undefined || localId(encounter.reference, 'Encounter') === id)
    .flatMap(({ activity = [], description, title }) => {
      const details = activity.flatMap(({ detail }) =>
        detail === undefined || ['completed', 'cancelled', 'entered-in-error'].includes(detail.status)
          ? []
          : [detail.description ?? textOf(detail.code) ?? ''],
      );
      return details.length > 0 ? details : [description ?? title ?? ''];
    })
    .filter(Boolean);
}

/** Grown-ups who are close; who has a telephone number first. */
function kinOf(related: readonly RelatedPerson[], now: number): Kin[] {
  return related
    .filter(({ active, birthDate }) => active !== false && (birthDate === undefined || isGrown(birthDate, now)))
    .map(({ name = [], relationship = [], telecom = [] }) => ({
      name: [name[0]?.given?.join(' '), name[0]?.family].filter(Boolean).join(' ') || (name[0]?.text ?? ''),
      relation: relationship
        .map((one) => textOf(one) ?? '')
        .filter(Boolean)
        .join(', '),
      phone: telecom
        .filter(({ system }) => system === 'phone')
        .map(({ value }) => value ?? '')
        .join(', '),
    }))
    .toSorted((a, b) => Number(b.phone !== '') - Number(a.phone !== ''));
}

const isGrown = (birthDate: string, now: number): boolean => now - Date.parse(birthDate) >= 18 * 365.25 * 86_400_000;

function newestOf(records: Records): number | undefined {
  const times = Object.values(records).flatMap((some) => some.map(({ meta }) => Date.parse(meta?.lastUpdated ?? '')));
  const known = times.filter((at) => !Number.isNaN(at));
  return known.length === 0 ? undefined : known.reduce((a, b) => Math.max(a, b));
}

function sourcesOf(records: Records, { encounter }: Stay): string[] {
  const name = ({ resourceType, id }: Resource): string => `${resourceType}/${id ?? ''}`;
  return [`Encounter/${encounter.id}`, ...Object.values(records).flatMap((some) => some.map(name))];
}
