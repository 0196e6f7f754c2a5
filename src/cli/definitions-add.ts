/**
 * `fyr definitions add`: takes a FHIR package (https://confluence.hl7.org/display/FHIR/NPM+Package+Specification) or a code list as its publisher
 * has it into the record.
 */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { isListFile, volvenUrl, type AddedLists } from '#services/registers/index.ts';
import { parseResource } from './import-unit.ts';
import type { Resource } from '#fhir/index.ts';
import { exitCode, parseWords, wrongUse, type Command, type CommandContext } from './command.ts';
import { importFiles, readImportFile } from './import-source.ts';
import { importUnits } from './import-unit.ts';
import { withRecord } from './record.ts';
import type { Record } from '../app.ts';

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
  takes: '<package.tgz | list.csv | list.json> …',
  summary:
    'Adds profiles, code systems and search parameters of a FHIR package, and code lists (Volven, ICD-10, ICPC-2, ATC, NLK)',
  help: `
Takes a package as FHIR publishes them, with snapshots. Its definitions are resources of the record afterwards, and in use from
the next start of the node (a running one takes them into use by itself when they are written through its API).
Adding a package again writes the same definitions again.

Takes code lists too, in forms that docs/registers.md tells: a collection of Volven lists (JSON), codes and texts of one list (JSON), a row
a code (CSV). A list becomes a CodeSystem and a ValueSet; the same file again writes nothing.

  --list 7180          the number of the Volven list that the file has: 7110 ICD-10, 7170 ICPC-2, 7180 ATC, 7280 NLK …
  --url urn:…          or its url, where it is none of Volven's
  --name, --version    what it is called, and which edition it is, where the file does not say
  --partial            the file has a part of the list: a code that is not in it is unknown, not wrong
  --broken stop|skip   stop (as it is unless said): one code that can't be read, and nothing of the file is written ·
                       skip: such codes are left out, and their list counts as a part

Exit codes: 0 all is in, 1 something was refused, 2 wrong use or settings.`,
  async run(words, context) {
    const { positionals, values } = parseWords(definitionsAdd, words, {
      list: { type: 'string' },
      url: { type: 'string' },
      name: { type: 'string' },
      version: { type: 'string' },
      partial: { type: 'boolean' },
      broken: { type: 'string', default: 'stop' },
    });
    if (positionals.length === 0) throw wrongUse(definitionsAdd, 'Say which package or list to add');
    const options = listOptions(values);
    return withRecord(context, 'definitions add', async (record) => {
      let isWhole = true;
      for (const given of positionals) {
        const path = resolve(context.folder, given);
        if (existsSync(path) && (await isListFile(path)))
          isWhole = tellAdded(given, await record.registers.addCodeLists(path, options), context) && isWhole;
        else await addPackages(record, given, context);
      }
      return isWhole ? exitCode.done : exitCode.failed;
    });
  },
};

type Values = { [option in 'list' | 'url' | 'name' | 'version' | 'broken']?: string | undefined } & {
  partial?: boolean | undefined;
};

function listOptions({
  list,
  url,
  name,
  version,
  partial,
  broken,
}: Values): Parameters<Record['registers']['addCodeLists']>[1] {
  if (broken !== 'stop' && broken !== 'skip') throw wrongUse(definitionsAdd, '--broken is stop or skip');
  if (list !== undefined && url !== undefined) throw wrongUse(definitionsAdd, 'Give --list or --url, not both');
  if (list !== undefined && !/^\d{4}$/.test(list)) throw wrongUse(definitionsAdd, '--list is four digits');
  const named = list === undefined ? url : volvenUrl(list);
  return {
    broken,
    isPartial: partial === true,
    ...(named === undefined ? {} : { url: named }),
    ...(name === undefined ? {} : { name }),
    ...(version === undefined ? {} : { version }),
  };
}

const shownMax = 20;

/** Says what came of a file of lists; true when all of it is in. */
function tellAdded(
  given: string,
  { lists, codes, written, broken, stopped }: AddedLists,
  { output }: CommandContext,
): boolean {
  for (const { where, problem } of broken.slice(0, shownMax)) output.write(`${given}, ${where}: ${problem}\n`);
  if (broken.length > shownMax) output.write(`… and ${broken.length - shownMax} more.\n`);
  if (stopped) output.write(`${given}: nothing is written (--broken skip leaves out what can't be read).\n`);
  else output.write(`${given}: ${lists} code lists with ${codes} codes, ${written} of them new or changed.\n`);
  return broken.length === 0;
}

async function addPackages({ fhir }: Record, given: string, { folder, output }: CommandContext): Promise<void> {
  for (const file of importFiles(folder, [given])) {
    const resources = await definitionsIn(file);
    const written = await fhir.importResources(resources);
    output.write(`${file.shown}: ${written} definitions added (${countsOf(resources)}).\n`);
  }
}

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
