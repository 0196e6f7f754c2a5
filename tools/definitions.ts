/**
 * Writes the compact definitions under `definitions/` out of the development dependency `hl7.fhir.r4.examples`, which carries
 * HL7's own R4 (4.0.1) files. Run by hand (`node tools/definitions.ts`) when that dependency changes; the same input gives the same bytes.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { compactCodes } from './definitions-codes.ts';
import { compactConcepts, compactProfile, compactSearchParameter } from './definitions-compact.ts';
import { compactTypes } from './definitions-types.ts';
import type { Source } from './definitions-source.ts';

const sourceFolder = new URL('../node_modules/hl7.fhir.r4.examples/', import.meta.url);
const targetFolder = new URL('../definitions/', import.meta.url);

const resources = (name: string): Source[] => {
  const bundle = JSON.parse(readFileSync(new URL(`Bundle-${name}.json`, sourceFolder), 'utf8')) as {
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
  const structures = [...resources('types'), ...resources('resources')].filter(
    (structure) => structure.resourceType === 'StructureDefinition',
  );
  const types = structures.filter((structure) => structure.kind !== 'logical' && structure.derivation !== 'constraint');
  const constrained = structures.filter((structure) => structure.derivation === 'constraint');
  writeLines('r4-types', compactTypes(types));

  writeLines('r4-search-parameters', resources('searchParams').map(compactSearchParameter));

  const compartments = resources('resources').filter((one) => one.resourceType === 'CompartmentDefinition');
  writeLines(
    'r4-compartments',
    compartments.map((compartment) => ({
      code: compartment.code,
      params: Object.fromEntries(
        (compartment.resource ?? []).filter((one) => one.param).map((one) => [one.code, one.param]),
      ),
    })),
  );

  const concepts = byUrl([...resources('valuesets'), ...resources('v3-valuesets'), ...resources('v2-valuesets')]);
  writeLines('r4-codes', compactCodes(types, concepts));
  writePacked('r4-terminology', compactConcepts([...concepts, ...byUrl(resources('conceptmaps'))]));

  const profiles = [...constrained, ...resources('profiles-others'), ...resources('extensions')];
  writePacked('r4-profiles', byUrl(profiles).map(compactProfile));
};

main();
