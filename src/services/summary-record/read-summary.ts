/**
 * Reads of a record what a summary is made of, and no more: by type, with the status that counts, the newest of what there is much of. Everything comes
 * through the record's search under the caller's grant, so what is closed to the caller is not in it.
 */
import { Fault } from '#kernel/fault.ts';
import type { Grant, RequestContext } from '#fhir/index.ts';
import { parseJson } from '#fhir/json/index.ts';
import { findCompartment } from '#fhir/operations/compartment-store.ts';
import { patientBucket } from '#fhir/record/bucket.ts';
import { readCurrent, readMany } from '#fhir/record/reading.ts';
import { runSearch } from '#fhir/search/index.ts';
import type { Resource } from '#fhir/types.ts';
import { nameOf } from './elements.ts';
import { ownReference, referencesIn } from './references.ts';
import { chooseSections } from './sections.ts';
import { summaryOf, type Summary } from './summary.ts';

export type SummaryReading = Pick<RequestContext, 'db' | 'search' | 'grant' | 'clock' | 'settings'>;

/** What of a patient's record was changed at two places at once and is kept beside, tagged as such, as far as the grant reaches. */
export type ReadBeside = (grant: Grant, patient: string) => Promise<Resource[]>;

type Asked = readonly [type: string, ...parameters: (readonly [name: string, value: string])[]];

const newest = (count: number): (readonly [string, string])[] => [
  ['_sort', '-date'],
  ['_count', String(count)],
];
/** Of which there is little: all of it, in one statement. */
const whole: readonly string[] = [
  'AllergyIntolerance',
  'CarePlan',
  'Consent',
  'DeviceUseStatement',
  'Flag',
  'Immunization',
  'List',
  'MedicationStatement',
  'Procedure',
  'RelatedPerson',
];
const wholeMax = 2000;

/** Of which there is much: one search each; they go to the database side by side. */
const asked: readonly Asked[] = [
  ['MedicationRequest', ['status', 'active,on-hold'], ['_count', '200']],
  ['Condition', ['clinical-status', 'active,recurrence,relapse'], ['_count', '200']],
  ['Condition', ['clinical-status', 'inactive,remission,resolved'], ['_sort', '-recorded-date'], ['_count', '120']],
  ['Observation', ['category', 'laboratory,imaging'], ...newest(150)],
  ['Observation', ['category', 'vital-signs'], ...newest(60)],
  ['Observation', ['category', 'social-history,survey'], ...newest(40)],
  ['DiagnosticReport', ...newest(20)],
  ['Encounter', ...newest(15)],
];

/** Faults: notFound and gone where there is no such patient for the caller, forbidden where the grant says so. */
export async function readSummary(
  context: SummaryReading,
  patientId: string,
  readBeside: ReadBeside,
): Promise<Summary> {
  const patient = await readPatient(context, patientId);
  const [current, beside] = await Promise.all([
    readResources(context, patientId),
    readBeside(context.grant, patientId),
  ]);
  const resources = [...current, ...beside];
  const sections = chooseSections(resources);
  const chosen = sections.flatMap(({ entries }) => entries);
  const around = await readAround(context, patientId, [patient, ...chosen]);
  return summaryOf(patient, { resources, sections }, around, context.clock.now());
}

/** What of a patient's record a summary may be made of, as it lies there. */
export async function readResources(context: SummaryReading, patient: string): Promise<Resource[]> {
  const found = await Promise.all([
    readWhole(context, patient, whole),
    ...asked.map((one) => read(context, patient, one)),
  ]);
  return [...new Map(found.flat().map((one) => [nameOf(one), one])).values()];
}

export async function readPatient(context: SummaryReading, id: string): Promise<Resource> {
  const found = await readCurrent(context, 'Patient', id);
  if (found === undefined) throw new Fault('notFound', `Patient/${id} is not here.`);
  if (found.content === null) throw new Fault('gone', `Patient/${id} was deleted.`);
  return parseJson(found.content) as Resource;
}

/** Everything of these types in a patient's record, as far as the grant reaches. */
export async function readWhole(
  { db, search, grant }: Pick<SummaryReading, 'db' | 'search' | 'grant'>,
  patient: string,
  types: readonly string[],
): Promise<Resource[]> {
  const reach = await grant.reach({ by: 'search', patient, isNamed: true, types });
  const page = { bucket: patientBucket(patient), token: search.compartmentToken(patient), types, limit: wholeMax };
  const rows = await findCompartment(db, page);
  const within = rows.filter((row) => search.reaches(reach, row, row.content));
  grant.saw(within);
  return within.map(({ content }) => parseJson(content.toString()) as Resource);
}

async function read(context: SummaryReading, patient: string, [type, ...parameters]: Asked): Promise<Resource[]> {
  const query = context.search.parse(type, [['patient', `Patient/${patient}`], ...parameters, ['_total', 'none']]);
  const { rows } = await runSearch(context, query);
  return rows.map(({ content }) => parseJson(content.toString()) as Resource);
}

/** The types that go along in a document. Others are told by their display. */
const aroundTypes: readonly string[] = ['Device', 'Medication', 'Organization', 'Practitioner', 'PractitionerRole'];

/** Two steps: the role that somebody acted in, and then the person and the organisation. */
async function readAround(
  context: SummaryReading,
  patient: string,
  from: readonly Resource[],
): Promise<Map<string, Resource>> {
  const around = new Map<string, Resource>();
  let edge: readonly Resource[] = from;
  for (let step = 0; step < 2 && edge.length > 0; step++) {
    const wanted = new Set<string>();
    for (const reference of referencesIn(edge)) {
      const own = ownReference(reference, context.settings.baseUrl);
      const [type = ''] = own?.split('/') ?? [];
      if (own !== undefined && aroundTypes.includes(type) && !around.has(own)) wanted.add(own);
    }
    const keys = [...wanted].map((name) => {
      const [type = '', id = ''] = name.split('/');
      return { type, id };
    });
    const found = await readMany(context, keys, patient);
    edge = found.flatMap(({ content }) => (content === null ? [] : [parseJson(content) as Resource]));
    for (const one of edge) around.set(nameOf(one), one);
    // Of organisations that came along, those above them don't.
    edge = edge.filter(({ resourceType }) => resourceType === 'PractitionerRole');
  }
  return around;
}
