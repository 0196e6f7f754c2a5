/**
 * What it costs to find a resource's search values, and how many there are, by type. Budget: 50 µs an Observation, warm.
 * Run: `node bench/search.ts [folder of FHIR JSON bundles]`; without a folder, one blood pressure stands for all.
 */
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadDefinitions } from '#fhir/definitions/index.ts';
import { compile } from '#fhir/fhirpath/index.ts';
import { parseJson } from '#fhir/json/index.ts';
import { createSearch } from '#fhir/search/index.ts';
import type { Resource } from '#fhir/types.ts';

const quantity = (value: number) => ({ value, unit: 'mmHg', system: 'http://unitsofmeasure.org', code: 'mm[Hg]' });
const coded = (system: string, code: string) => ({ coding: [{ system, code, display: 'Blodtrykk målt liggende' }] });
const bloodPressure: Resource = {
  resourceType: 'Observation',
  id: '0192f1a0-0000-7000-8000-000000000003',
  status: 'final',
  category: [coded('http://terminology.hl7.org/CodeSystem/observation-category', 'vital-signs')],
  code: coded('http://loinc.org', '85354-9'),
  subject: { reference: 'Patient/0192f1a0-0000-7000-8000-000000000001' },
  encounter: { reference: 'Encounter/0192f1a0-0000-7000-8000-000000000002' },
  effectiveDateTime: '2024-01-02T10:11:12+01:00',
  component: [
    { code: coded('http://loinc.org', '8480-6'), valueQuantity: quantity(107.5) },
    { code: coded('http://loinc.org', '8462-4'), valueQuantity: quantity(60) },
  ],
};

function resourcesIn(folder: string): Resource[] {
  return globSync('*.json', { cwd: folder }).flatMap((name) => {
    const bundle = parseJson(readFileSync(join(folder, name), 'utf8')) as { entry?: { resource: Resource }[] };
    return (bundle.entry ?? []).map(({ resource }) => resource);
  });
}

const folder = process.argv[2];
const resources = folder !== undefined && existsSync(folder) ? resourcesIn(folder) : [bloodPressure];
const search = createSearch({ definitions: loadDefinitions(), compile });

/** The best of several rounds over the resources, in microseconds each. */
function microseconds(of: readonly Resource[]): number {
  let best = Infinity;
  const turns = Math.max(1, Math.round(5000 / of.length));
  for (let round = 0; round < 8; round += 1) {
    const begin = process.hrtime.bigint();
    for (let turn = 0; turn < turns; turn += 1) for (const resource of of) search.extract(resource);
    best = Math.min(best, Number(process.hrtime.bigint() - begin) / (turns * of.length) / 1000);
  }
  return best;
}

const average = (of: readonly Resource[], count: (resource: Resource) => number): string =>
  (of.reduce((sum, resource) => sum + count(resource), 0) / of.length).toFixed(1);

for (const [type, of] of Map.groupBy(resources, ({ resourceType }) => resourceType)) {
  const tokens = average(of, (resource) => search.extract(resource).tokens.length);
  const ranges = average(of, (resource) => search.extract(resource).rangeKeys.length);
  const figures = `${tokens} tokens, ${ranges} ranges, ${microseconds(of).toFixed(1)} µs`;
  process.stdout.write(`${type} (${of.length}): ${figures}\n`);
}
