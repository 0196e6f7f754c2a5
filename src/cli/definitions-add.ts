/** `fyr definitions add`: takes a FHIR package (https://confluence.hl7.org/display/FHIR/NPM+Package+Specification) into the record. */
import { parseResource } from './import-unit.ts';
import type { Resource } from '#fhir/index.ts';
import { exitCode, parseWords, wrongUse, type Command } from './command.ts';
import { importFiles, readImportFile } from './import-source.ts';
import { importUnits } from './import-unit.ts';
import { withRecord } from './record.ts';

/** What the node can use of a package; examples and capability statements of others stay out. */
const taken = new Set([
  'StructureDefinition',
  'ValueSet',
  'CodeSystem',
  'ConceptMap',
  'NamingSystem',
  'SearchParameter',
  'OperationDefinition',
  'CompartmentDefinition',
]);

export const definitionsAdd: Command = {
  name: 'definitions add',
  takes: '<package.tgz> …',
  summary: 'Adds profiles, code systems and search parameters of a FHIR package',
  help: `
Takes a package as FHIR publishes them, with snapshots. Its definitions are resources of the record afterwards, and in use from
the next start of the node (a running one takes them into use by itself when they are written through its API).
Adding a package again writes the same definitions again.

Exit codes: 0 all is in, 1 something was refused, 2 wrong use or settings.`,
  async run(words, context) {
    const { positionals } = parseWords(definitionsAdd, words, {});
    if (positionals.length === 0) throw wrongUse(definitionsAdd, 'Say which package to add');
    const files = importFiles(context.folder, positionals);
    return withRecord(context, 'definitions add', async ({ fhir }) => {
      for (const file of files) {
        const resources = await definitionsIn(file);
        const written = await fhir.importResources(resources);
        context.output.write(`${file.shown}: ${written} definitions added (${countsOf(resources)}).\n`);
      }
      return exitCode.done;
    });
  },
};

async function definitionsIn(file: Parameters<typeof readImportFile>[0]): Promise<Resource[]> {
  const resources: Resource[] = [];
  for await (const content of readImportFile(file).contents) {
    for await (const { texts } of importUnits(content)) {
      const resource = parseResource(texts[0] ?? '');
      if (taken.has(resource.resourceType) && !content.name.includes('/example')) resources.push(resource);
    }
  }
  return resources;
}

function countsOf(resources: Resource[]): string {
  const counts = Map.groupBy(resources, ({ resourceType }) => resourceType);
  return [...counts].map(([type, all]) => `${all.length} ${type}`).join(', ');
}
