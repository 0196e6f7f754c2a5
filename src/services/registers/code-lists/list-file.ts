/**
 * Files of code lists as publishers have them (docs/registers.md): a collection of Volven lists, a table of codes and texts, CSV with a row a
 * code. What can't be read of a list is told; a list that is taken without it counts as a part, so that no code is called wrong for its sake.
 */
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { Fault } from '#kernel/fault.ts';
import { readCsv } from '../exchange/csv.ts';
import { volven } from '../register-codes.ts';
import type { CodeList, CodeListConcept } from './code-list.ts';
import { codeListSchema, listOfRow, type CodeListRow } from './code-list-row.ts';

/** `url`, `name` and `version` are of the one list that is in the file, where it does not say them itself. `today`: YYYY-MM-DD. */
export type ListFileOptions = { url?: string; name?: string; version?: string; isPartial?: boolean; today: string };

/** `where`: the list, and the line or the code. */
export type BrokenCode = { where: string; problem: string };

export type ListFile = { lists: CodeList[]; broken: BrokenCode[] };

/** True for CSV, and for JSON that is no FHIR resource. */
export async function isListFile(path: string): Promise<boolean> {
  if (/\.csv$/i.test(path)) return true;
  if (!/\.json$/i.test(path)) return false;
  const value = await readJson(path);
  return typeof value === 'object' && value !== null && !('resourceType' in value);
}

/** Reads all lists of a file. Faults: invalid, when it is of none of the forms or the list is not named. */
export async function readListFile(path: string, options: ListFileOptions): Promise<ListFile> {
  if (/\.csv$/i.test(path)) return oneList(await csvCodes(path, options.today), options);
  const value = await readJson(path);
  if (Array.isArray(value)) return isRows(value) ? rowsOf(value) : oneList(value.map(codeOfItem), options);
  if (typeof value !== 'object' || value === null) throw notAList(path);
  const entries = Object.entries(value as Record<string, unknown>);
  if (entries.every(([, each]) => typeof each === 'string')) return oneList(codesOfTable(entries), options);
  if (entries.every(([, each]) => isCollected(each))) return collection(entries as [string, Collected][], options);
  throw notAList(path);
}

function notAList(path: string): Fault {
  return new Fault('invalid', `${path} is of no form that code lists have. The forms are told in docs/registers.md.`);
}

async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as unknown;
  } catch (error) {
    throw new Fault('invalid', `${path} can't be read as JSON: ${(error as Error).message}`, { cause: error });
  }
}

function isRows(items: readonly unknown[]): boolean {
  return items.some((item) => typeof item === 'object' && item !== null && 'codes' in item);
}

function rowsOf(items: readonly unknown[]): ListFile {
  const broken: BrokenCode[] = [];
  const lists = items.flatMap((item, index): CodeList[] => {
    const read = codeListSchema.safeParse(item);
    if (read.success) return [listOfRow(read.data as CodeListRow)];
    const [issue] = read.error.issues;
    broken.push({ where: `list ${index + 1}`, problem: `${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}` });
    return [];
  });
  return { lists, broken };
}

/** A code as the file has it, before it is known to be one. */
type ReadCode = { where: string; concept: CodeListConcept };

function codesOfTable(entries: readonly (readonly [string, unknown])[]): ReadCode[] {
  return entries.map(([code, text]) => ({ where: `code "${code}"`, concept: conceptOf(code, text) }));
}

function codeOfItem(item: unknown, index: number): ReadCode {
  const { code, text, display } = (item ?? {}) as { code?: unknown; text?: unknown; display?: unknown };
  return { where: `item ${index + 1}`, concept: conceptOf(typeof code === 'string' ? code : '', display ?? text) };
}

function conceptOf(code: string, text: unknown): CodeListConcept {
  const display = typeof text === 'string' ? text.trim() : '';
  return { code: code.trim(), ...(display === '' ? {} : { display }) };
}

type Collected = { oid?: string; name?: string | null; version?: string; codes: Record<string, unknown> };

function isCollected(value: unknown): value is Collected {
  const { codes } = (value ?? {}) as { codes?: unknown };
  return typeof codes === 'object' && codes !== null && !Array.isArray(codes);
}

function collection(entries: readonly (readonly [string, Collected])[], options: ListFileOptions): ListFile {
  const found: ListFile = { lists: [], broken: [] };
  for (const [number, { name, version, codes }] of entries) {
    if (!/^\d{4}$/.test(number)) {
      found.broken.push({ where: `list "${number}"`, problem: 'is not the number of a Volven list' });
      continue;
    }
    if (!Object.keys(codes).some((code) => code.trim() !== '')) {
      found.broken.push({ where: `list ${number}`, problem: 'has no codes' });
      continue;
    }
    const named = version ?? options.version;
    const { lists, broken } = oneList(codesOfTable(Object.entries(codes)), {
      today: options.today,
      isPartial: options.isPartial ?? false,
      url: volven(number),
      name: name ?? number,
      ...(named === undefined ? {} : { version: named }),
    });
    found.lists.push(...lists);
    found.broken.push(...broken.map(({ where, problem }) => ({ where: `list ${number}, ${where}`, problem })));
  }
  return found;
}

/** Classifications whose codes lie under the longest other code that they begin with: ICD-10, ICPC-2, ATC. */
const byBeginning: ReadonlySet<string> = new Set([
  ...['7110', '7170', '7180'].map(volven),
  'http://hl7.org/fhir/sid/icd-10',
  'http://hl7.org/fhir/sid/icpc-2',
  'http://www.whocc.no/atc',
]);

function oneList(codes: readonly ReadCode[], options: ListFileOptions): ListFile {
  const { url, name = url, version, isPartial = false } = options;
  if (url === undefined || name === undefined)
    throw new Fault('invalid', 'The file has the codes of one list and does not say which: give its --list or --url.');
  const concepts = new Map<string, CodeListConcept>();
  const broken: BrokenCode[] = [];
  for (const { where, concept } of codes) {
    const problem = problemOf(concept.code) ?? (concepts.has(concept.code) ? 'is there twice' : undefined);
    if (problem === undefined) concepts.set(concept.code, concept);
    else broken.push({ where, problem });
  }
  if (concepts.size === 0) throw new Fault('invalid', `There is no code in the list ${name}.`);
  const placed = byBeginning.has(url) ? [...concepts.values()].map((each) => placedIn(concepts, each)) : undefined;
  return {
    lists: [
      {
        url,
        name,
        version,
        isPartial: isPartial || broken.length > 0,
        concepts: placed ?? [...concepts.values()],
      },
    ],
    broken,
  };
}

/** https://hl7.org/fhir/R4/datatypes.html#code */
function problemOf(code: string): string | undefined {
  if (code === '') return 'has no code';
  return /^[^\s]+( [^\s]+)*$/.test(code) && code.length <= 200 ? undefined : `"${code.slice(0, 50)}" is not a code`;
}

function placedIn(all: ReadonlyMap<string, unknown>, concept: CodeListConcept): CodeListConcept {
  if (concept.parent !== undefined) return concept;
  for (let length = concept.code.length - 1; length > 0; length--) {
    const parent = concept.code.slice(0, length);
    if (all.has(parent)) return { ...concept, parent };
  }
  return concept;
}

/** What columns are called that are more than a property of the code. */
const columnNames: Readonly<Record<string, 'code' | 'display' | 'definition' | 'parent' | 'validTo'>> = {
  code: 'code',
  kode: 'code',
  display: 'display',
  text: 'display',
  tekst: 'display',
  navn: 'display',
  norsk_bruksnavn: 'display',
  definition: 'definition',
  definisjon: 'definition',
  kodedefinisjon: 'definition',
  parent: 'parent',
  overordnet: 'parent',
  valid_to: 'validTo',
  gyldig_til: 'validTo',
};

async function csvCodes(path: string, today: string): Promise<ReadCode[]> {
  let header: string[] | undefined;
  const codes: ReadCode[] = [];
  for await (const { line, cells } of readCsv(createReadStream(path, { encoding: 'utf8' }))) {
    if (header !== undefined) {
      codes.push({ where: `line ${line}`, concept: csvConcept(header, cells, today) });
      continue;
    }
    header = cells.map((cell) => cell.trim().toLowerCase().replace(/\s+/g, '_'));
    if (!header.some((name) => columnNames[name] === 'code'))
      throw new Fault('invalid', `${path} has no column "code" or "kode".`);
  }
  return codes;
}

function csvConcept(header: readonly string[], cells: readonly string[], today: string): CodeListConcept {
  const known: { [role in 'code' | 'display' | 'definition' | 'parent' | 'validTo']?: string } = {};
  const properties: Record<string, string> = {};
  for (const [index, name] of header.entries()) {
    const cell = (cells[index] ?? '').trim();
    if (cell === '') continue;
    const role = columnNames[name];
    if (role !== undefined) known[role] ??= cell;
    if (role === undefined || role === 'validTo') properties[name] = cell;
  }
  const { code = '', display, definition, parent, validTo } = known;
  return {
    ...conceptOf(code, display),
    ...(definition === undefined ? {} : { definition }),
    ...(parent === undefined ? {} : { parent }),
    ...(validTo !== undefined && validTo.slice(0, 10) < today ? { isInactive: true } : {}),
    ...(Object.keys(properties).length === 0 ? {} : { properties }),
  };
}
