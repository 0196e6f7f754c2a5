/**
 * What validation costs, warm, on one thread: base R4 with all its invariants, required and extensible bindings, of resources the
 * size of Synthea's. Run: node bench/validation.ts [folder of FHIR bundles], which adds a line for each type found there.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { systemClock } from '#kernel/clock.ts';
import { systemIds } from '#kernel/ids.ts';
import { loadDefinitions, loadTerminologyDefinitions } from '#fhir/definitions/index.ts';
import { parseJson } from '#fhir/json/index.ts';
import { createTerminology } from '#fhir/terminology/index.ts';
import type { Resource } from '#fhir/types.ts';
import { createValidator } from '#fhir/validation/index.ts';

const examples = new URL('../node_modules/hl7.fhir.r4.examples/', import.meta.url);
const example = (name: string): Resource => JSON.parse(readFileSync(new URL(name, examples), 'utf8')) as Resource;

const terminology = createTerminology({
  definitions: loadTerminologyDefinitions,
  clock: systemClock,
  ids: systemIds(systemClock),
});
const validator = createValidator({ definitions: loadDefinitions(), terminology, strictProfiles: false });

/** Median microseconds a resource, over 15 batches after as many to warm up. */
function measure(resources: readonly Resource[]): number {
  const runs = Math.ceil(3_000 / resources.length);
  const figures: number[] = [];
  for (let batch = 0; batch < 30; batch += 1) {
    const start = process.hrtime.bigint();
    for (let at = 0; at < runs; at += 1) for (const resource of resources) validator.validate(resource);
    if (batch >= 15) figures.push(Number(process.hrtime.bigint() - start) / 1e3 / runs / resources.length);
  }
  return figures.sort((one, other) => one - other)[7] ?? 0;
}

function report(label: string, resources: readonly Resource[]): void {
  const bytes = Math.round(JSON.stringify(resources).length / resources.length);
  process.stdout.write(`${label.padEnd(44)} ${measure(resources).toFixed(1).padStart(8)} µs  ${bytes} bytes\n`);
}

function ofFolder(folder: string): Map<string, Resource[]> {
  const found = new Map<string, Resource[]>();
  for (const name of readdirSync(folder)
    .filter((one) => one.endsWith('.json'))
    .slice(0, 10)) {
    const bundle = parseJson(readFileSync(path.join(folder, name), 'utf8')) as { entry?: { resource?: Resource }[] };
    for (const { resource } of bundle.entry ?? []) {
      if (resource !== undefined)
        found.set(resource.resourceType, [...(found.get(resource.resourceType) ?? []), resource]);
    }
  }
  return found;
}

report('Observation-blood-pressure (claims vitalsigns)', [example('Observation-blood-pressure.json')]);
report('Observation-f001 (glucose)', [example('Observation-f001.json')]);
report('Patient-example', [example('Patient-example.json')]);
report('Encounter-example', [example('Encounter-f001.json')]);
report('Claim-100150', [example('Claim-100150.json')]);
const [, , folder] = process.argv;
if (folder !== undefined)
  for (const [type, resources] of ofFolder(folder)) report(`${folder}: ${type}`, resources.slice(0, 200));
