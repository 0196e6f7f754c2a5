/**
 * Is there something, is it critical, when did it change? Asked by an EPR before anything is opened: no contents leave, and the patient's log does not
 * show it as an opening (kjernejournal's HelseIndikator and `/status`).
 */
import { readPersonNumber } from '#shared/national-number.ts';
import { identifierSystems } from '#shared/identifier-systems.ts';
import type { RequestContext } from '#fhir/index.ts';
import { parseJson } from '#fhir/json/index.ts';
import { findCurrent } from '#fhir/record/store.ts';
import { runSearch } from '#fhir/search/index.ts';
import type { Resource } from '#fhir/types.ts';
import type { IndicatorAnswer } from './contract.ts';
import { volven } from './codes.ts';
import { criticalItems } from './critical.ts';
import { readWhole } from './read-summary.ts';
import { isOwnRegistration } from './sections.ts';

/** Under a grant of the service's own: what it reads doesn't leave. */
export type IndicatorReading = Pick<RequestContext, 'db' | 'search' | 'grant'>;

const nothing = {
  hasCriticalInformation: false,
  hasActiveCriticalInformation: false,
  isReserved: false,
  isBlocked: false,
  isRestricted: false,
} as const;

export const invalidNumber: IndicatorAnswer = { code: 0, status: 'invalid-number', ...nothing };
export const noSummaryRecord: IndicatorAnswer = { code: 1, status: 'none', ...nothing };

/** The patient with this number. `invalid`: it is no number; undefined: nobody here has it. */
export async function findByNumber(reading: IndicatorReading, number: string): Promise<string | undefined> {
  const read = readPersonNumber(number);
  if ('problem' in read) return 'invalid';
  const systems = {
    national: identifierSystems.nationalNumber,
    d: identifierSystems.dNumber,
    aid: identifierSystems.commonAidNumber,
  };
  const [found] = await find(reading, 'Patient', [['identifier', `${systems[read.kind]}|${number}`]]);
  return found?.id;
}

export async function isHere({ db }: IndicatorReading, patient: string | undefined): Promise<boolean> {
  if (patient === undefined) return false;
  const found = await findCurrent(db, 'Patient', patient);
  return found !== undefined && found.content !== null;
}

const lists = ['7513', '7514', '7515', '7516', '7517', '7518', '7519', '7522']
  .map((list) => `${volven(list)}|`)
  .join(',');

/** What of a record decides; the rest is not read. */
const whole: readonly string[] = ['AllergyIntolerance', 'Consent', 'Flag'];
const asked: readonly (readonly [type: string, parameter: string])[] = [
  ['Condition', 'code'],
  ['Procedure', 'code'],
  ['Observation', 'combo-value-concept'],
];

/** Of a patient who is here and whose summary record is open to be told of. */
export async function readIndicator(reading: IndicatorReading, patient: string): Promise<IndicatorAnswer> {
  const found = await Promise.all([
    readWhole(reading, patient, whole),
    ...asked.map(([type, parameter]) =>
      find(reading, type, [
        ['patient', `Patient/${patient}`],
        [parameter, lists],
      ]),
    ),
  ]);
  const resources = found.flat();
  const critical = criticalItems(resources);
  const changed = critical.flatMap(({ resource }) => resource.meta?.lastUpdated ?? []).toSorted();
  const lastChanged = changed.at(-1);
  const isOwn = resources.some(isOwnRegistration);
  const status = critical.length > 0 ? 'critical' : isOwn ? 'own-registrations' : 'available';
  return {
    code: ({ critical: 4, 'own-registrations': 3, available: 2 } as const)[status],
    status,
    ...nothing,
    hasCriticalInformation: critical.length > 0,
    hasActiveCriticalInformation: critical.some(({ isActive }) => isActive),
    ...(lastChanged === undefined ? {} : { lastChanged: new Date(lastChanged).toISOString() }),
  };
}

async function find(
  reading: IndicatorReading,
  type: string,
  parameters: readonly (readonly [string, string])[],
): Promise<Resource[]> {
  const query = reading.search.parse(type, [...parameters, ['_count', '100'], ['_total', 'none']]);
  const { rows } = await runSearch(reading, query);
  return rows.map(({ content }) => parseJson(content.toString()) as Resource);
}
