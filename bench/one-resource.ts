/** What one thing costs without a database, warm, one thread: an Observation on its way in, an expansion. */
import { systemClock } from '#kernel/clock.ts';
import { systemIds } from '#kernel/ids.ts';
import { loadDefinitions, loadTerminologyDefinitions } from '#fhir/definitions/index.ts';
import { compile } from '#fhir/fhirpath/index.ts';
import { createSearch } from '#fhir/search/index.ts';
import { createTerminology } from '#fhir/terminology/index.ts';
import type { Resource } from '#fhir/types.ts';
import { createValidator } from '#fhir/validation/index.ts';
import type { Figure } from './report.ts';

/** An Observation of the size that Synthea makes; a new one each time, so that nothing is remembered. */
export function observation(i: number): Resource {
  return {
    resourceType: 'Observation',
    meta: { profile: ['http://hl7.org/fhir/StructureDefinition/Observation'] },
    status: 'final',
    category: [
      {
        coding: [
          {
            system: 'http://terminology.hl7.org/CodeSystem/observation-category',
            code: 'laboratory',
            display: 'Laboratory',
          },
        ],
      },
    ],
    code: { coding: [{ system: 'http://loinc.org', code: '2339-0', display: 'Glucose' }], text: 'Glucose' },
    subject: { reference: `Patient/p${i % 1000}` },
    encounter: { reference: `Encounter/e${i}` },
    effectiveDateTime: `20${String(10 + (i % 15))}-0${1 + (i % 9)}-1${i % 9}T12:20:44+02:00`,
    issued: '2020-02-14T12:20:44.323+02:00',
    valueQuantity: { value: 60 + (i % 400) / 10, unit: 'mg/dL', system: 'http://unitsofmeasure.org', code: 'mg/dL' },
  };
}

export function measureExtraction(): Figure[] {
  const definitions = loadDefinitions();
  const search = createSearch({ definitions, compile });
  const validator = createValidator({ definitions, strictProfiles: false });
  const validation = perCall((i) => validator.validate(observation(i)));
  const extraction = perCall((i) => search.extract(observation(i)));
  const making = perCall(observation);
  const together = validation + extraction - 2 * making;
  return [
    { what: 'validation of one Observation, warm', value: validation - making, unit: 'µs' },
    { what: 'search extraction of one Observation, warm', value: extraction - making, unit: 'µs' },
    { what: 'validation + search extraction together', value: together, unit: 'µs', target: '< 100 µs' },
  ];
}

/** `$expand` with a text filter over the whole of ICD-10. */
export async function measureExpansion(): Promise<Figure> {
  const definitions = loadTerminologyDefinitions();
  const terminology = createTerminology({
    definitions: () => definitions,
    clock: systemClock,
    ids: systemIds(systemClock),
  });
  const times: number[] = [];
  for (let round = 0; round < 20; round++) {
    const start = performance.now();
    await terminology.expand({ url: 'urn:oid:2.16.578.1.12.4.1.1.7110?fhir_vs', filter: 'hjerteinfarkt', count: '20' });
    times.push(performance.now() - start);
  }
  return {
    what: 'expansion of ICD-10 with a text filter, warm',
    value: Math.min(...times),
    unit: 'ms',
    target: '< 10',
  };
}

/** Microseconds a call: the least of five rounds of 20,000 calls, after a warm-up. */
function perCall(work: (i: number) => unknown): number {
  const rounds: number[] = [];
  for (let round = 0; round < 6; round++) {
    const start = performance.now();
    for (let i = 0; i < 20_000; i++) work(i);
    if (round > 0) rounds.push((performance.now() - start) / 20);
  }
  return Math.min(...rounds);
}
