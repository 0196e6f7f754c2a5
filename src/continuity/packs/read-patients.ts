/** Reads what the sheets of a ward's patients are made from: a search a type for all of them at once. */
import type { Resource } from '#fhir/types.ts';
import { localId } from './find-wards.ts';
import { markedDisputed } from './disputed.ts';
import { findAll, type Reading } from './reading.ts';

/** By type; of one patient. */
export type Records = Readonly<Record<string, readonly Resource[]>>;

const dayMs = 86_400_000;
/** How far back results, doses and measurements are looked for: the newest ones are shown, the one before for comparison. */
const daysBack = 14;
/** Patients asked for in one search. */
const patientsMax = 40;

type Asked = { type: string; by?: string; parameters: (since: string) => [string, string][] };

const asked: readonly Asked[] = [
  { type: 'Patient', by: '_id', parameters: () => [] },
  { type: 'AllergyIntolerance', parameters: () => [] },
  { type: 'Flag', parameters: () => [] },
  { type: 'Consent', parameters: () => [['status', 'active']] },
  { type: 'Condition', parameters: () => [['clinical-status', 'active,recurrence,relapse']] },
  { type: 'MedicationRequest', parameters: () => [['status', 'active,on-hold']] },
  { type: 'MedicationAdministration', parameters: (since) => [['effective-time', since]] },
  {
    type: 'Observation',
    parameters: (since) => [
      ['category', 'vital-signs,laboratory'],
      ['date', since],
    ],
  },
  { type: 'DiagnosticReport', parameters: () => [['status', 'registered,partial,preliminary']] },
  { type: 'ServiceRequest', parameters: () => [['status', 'active']] },
  { type: 'CarePlan', parameters: () => [['status', 'active']] },
  { type: 'RelatedPerson', parameters: () => [] },
  {
    type: 'Task',
    parameters: () => [['code', 'https://fyr.no/fhir/CodeSystem/continuity|reconcile-versions']],
  },
];

/** What whose record holds of each type, by `Patient/id` without the type. */
export async function readPatients(
  reading: Reading,
  patients: readonly string[],
  now: number,
  types?: readonly string[],
): Promise<Map<string, Records>> {
  const found = new Map<string, { [type: string]: Resource[] }>(patients.map((id) => [id, {}]));
  const since = `ge${new Date(now - daysBack * dayMs).toISOString()}`;
  for (let at = 0; at < patients.length; at += patientsMax) {
    const some = patients.slice(at, at + patientsMax);
    for (const { type, by = 'patient', parameters } of asked) {
      if (types !== undefined && !types.includes(type)) continue;
      const whose = some.map((id) => (by === '_id' ? id : `Patient/${id}`)).join(',');
      for (const resource of await findAll(reading, type, [[by, whose], ...parameters(since)])) {
        const records = found.get(patientOf(resource) ?? '');
        if (records !== undefined) (records[type] ??= []).push(resource);
      }
    }
  }
  for (const [patient, records] of found) await addBeside(reading, patient, records);
  return found;
}

/** Of what two versions are in doubt both are shown, and both say so: which of them holds, a person has to decide. */
async function addBeside(reading: Reading, patient: string, records: { [type: string]: Resource[] }): Promise<void> {
  const open = (records['Task'] ?? []).filter((task) => !closedTask.has(String((task as { status?: string }).status)));
  if (open.length === 0) return;
  const disputed = new Set(open.map((task) => keyIn((task as { focus?: { reference?: string } }).focus?.reference)));
  for (const [type, some] of Object.entries(records))
    records[type] = some.map((one) => (disputed.has(`${one.resourceType}/${one.id}`) ? markedDisputed(one) : one));
  for (const one of (await reading.beside?.(patient)) ?? [])
    if (asked.some(({ type }) => type === one.resourceType))
      (records[one.resourceType] ??= []).push(markedDisputed(one));
}

const closedTask: ReadonlySet<string> = new Set(['completed', 'cancelled', 'rejected', 'failed', 'entered-in-error']);

/** `Type/id`, of a reference that may name a version. */
const keyIn = (reference = ''): string => reference.split('/').slice(0, 2).join('/');

function patientOf(resource: Resource): string | undefined {
  if (resource.resourceType === 'Patient') return resource.id;
  const { subject, patient, for: whose } = resource as { [element: string]: { reference?: string } | undefined };
  return localId((subject ?? patient ?? whose)?.reference, 'Patient');
}
