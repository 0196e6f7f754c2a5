/**
 * Writes one file's units into the record, a few at a time, and remembers how far it came: the mark in the database says how many
 * units, from the first, are done. What the record refuses is set aside with its reason and stops nothing else.
 */
import { createHash } from 'node:crypto';
import type { Fhir, Resource } from '#fhir/index.ts';
import type { Db } from '#kernel/db.ts';
import { Fault } from '#kernel/fault.ts';
import { readMark, writeMark } from '#kernel/mark-store.ts';
import { workInFlight } from './in-flight.ts';
import { readImportFile, type ImportFile } from './import-source.ts';
import { importUnits, parseResource, type ImportUnit } from './import-unit.ts';

export type Refusal = { from: string; reason: string };

export type ImportDeps = {
  db: Db;
  fhir: Pick<Fhir, 'importBundle' | 'importResources'>;
  signal: AbortSignal;
  /** Told after each unit: resources written by it, and how much of the file has been read. */
  onUnit: (resources: number, bytesRead: number) => void;
  onRefusal: (refusal: Refusal) => void;
};

/** A file that has been read through, as far as it came; `finishImports` tries again what was refused. */
export type Imported = {
  file: ImportFile;
  /** `broken`: it could not be read to its end (cut short, no archive after all); never counts as imported. */
  outcome: 'read' | 'doneBefore' | 'interrupted' | 'broken';
  /** Units that were refused, by number. */
  refused: Map<number, Refusal>;
  mark: Mark;
};

/** Units that are written at the same time. */
const atOnce = 4;
/** Transactions that were refused are tried again when all else is in, since they may refer to what came later; no more than these. */
const retriedMax = 10_000;

type Mark = { done: number; complete: boolean; resources: number; refused: number[] };

/** Which content was imported: the same path, size and time of change mean the same content. */
function markName(file: ImportFile): string {
  const identity = `${file.path}\n${file.bytes}\n${file.changedMs}`;
  return `import:${createHash('sha256').update(identity).digest('hex').slice(0, 32)}`;
}

/** Reads one file and writes what it holds, from where an earlier run stopped unless `again`. */
export async function importFile(file: ImportFile, deps: ImportDeps, again: boolean): Promise<Imported> {
  const earlier = again ? undefined : ((await readMark(deps.db, markName(file))) as Mark | undefined);
  const mark: Mark = earlier ?? { done: 0, complete: false, resources: 0, refused: [] };
  const refused = new Map(
    mark.refused.map((index) => [index, { from: `${file.shown} part ${index + 1}`, reason: 'refused earlier' }]),
  );
  const imported = { file, refused, mark };
  if (mark.complete) return { ...imported, outcome: 'doneBefore' };
  if (mark.resources > 0) deps.onUnit(mark.resources, 0);
  const whole = await writeUnits(imported, deps);
  if (deps.signal.aborted) return { ...imported, outcome: 'interrupted' };
  return { ...imported, outcome: whole ? 'read' : 'broken' };
}

/**
 * Tries again what was refused, round after round while a round gets something in: it may refer to what a later file brought.
 * Then the files count as imported.
 */
export async function finishImports(all: Imported[], deps: ImportDeps): Promise<void> {
  const waiting = (): number => all.reduce((sum, { refused }) => sum + refused.size, 0);
  for (let before = Infinity; waiting() > 0 && waiting() < before && !deps.signal.aborted;) {
    before = waiting();
    for (const imported of all) await retryRefused(imported, deps);
  }
  if (deps.signal.aborted) return;
  for (const { file, mark, refused, outcome } of all) {
    for (const refusal of refused.values()) deps.onRefusal(refusal);
    if (outcome === 'read') await writeMark(deps.db, markName(file), { ...mark, refused: [], complete: true });
  }
}

/** Gives whether the file could be read to its end; where it could not, that is told. */
async function writeUnits({ file, mark, refused }: Omit<Imported, 'outcome'>, deps: ImportDeps): Promise<boolean> {
  const reading = readImportFile(file);
  let whole = true;
  const onBroken = (reason: string): void => {
    whole = false;
    deps.onRefusal({ from: file.shown, reason });
  };
  await workInFlight({
    pieces: numbered(reading.contents, onBroken),
    first: mark.done,
    atOnce,
    signal: deps.signal,
    async work(unit, index) {
      const { written, retry } = await writeUnit(unit, deps);
      if (retry !== undefined && refused.size < retriedMax) refused.set(index, retry);
      else if (retry !== undefined) deps.onRefusal(retry);
      mark.resources += written;
      deps.onUnit(written, reading.bytesRead());
    },
    async save({ done }) {
      mark.done = done;
      await writeMark(deps.db, markName(file), { ...mark, refused: [...refused.keys()] });
    },
  });
  return whole;
}

/** What can't be read on (a gzip cut short, a zip that is none) ends the file, with what came before it kept. */
async function* numbered(
  contents: ReturnType<typeof readImportFile>['contents'],
  onBroken: (reason: string) => void,
): AsyncGenerator<[number, ImportUnit]> {
  let index = 0;
  try {
    for await (const content of contents) {
      for await (const unit of importUnits(content)) yield [index++, unit];
    }
  } catch (error) {
    onBroken(
      error instanceof Fault
        ? error.message
        : `It can not be read to its end: ${(error as Error).message.replace(/\.+$/, '')}.`,
    );
  }
}

type Written = { written: number; retry?: Refusal };

async function writeUnit(unit: ImportUnit, deps: ImportDeps): Promise<Written> {
  if (unit.firstLine !== undefined) return { written: await writeLines(unit, deps) };
  try {
    const resource = parseResource(unit.texts[0] ?? '');
    return {
      written:
        resource.resourceType === 'Bundle'
          ? await deps.fhir.importBundle(resource)
          : await deps.fhir.importResources([resource]),
    };
  } catch (error) {
    return { written: 0, retry: refusalOf(error, unit.from) };
  }
}

/** Lines together, or, when one of them is refused, each by itself. */
async function writeLines(unit: ImportUnit, deps: ImportDeps): Promise<number> {
  const resources = new Map<number, Resource>();
  unit.texts.forEach((text, offset) => {
    if (text === '') return;
    try {
      resources.set(offset, parseResource(text));
    } catch (error) {
      deps.onRefusal(refusalOf(error, lineOf(unit, offset)));
    }
  });
  if (resources.size === 0) return 0;
  try {
    return await deps.fhir.importResources([...resources.values()]);
  } catch (error) {
    refusalOf(error, unit.from);
  }
  let written = 0;
  for (const [offset, resource] of resources) {
    try {
      written += await deps.fhir.importResources([resource]);
    } catch (error) {
      deps.onRefusal(refusalOf(error, lineOf(unit, offset)));
    }
  }
  return written;
}

function lineOf(unit: ImportUnit, offset: number): string {
  return `${unit.from.replace(/ line \d+$/, '')} line ${(unit.firstLine ?? 1) + offset}`;
}

/** A refusal, told; a bug, a lost database or a full disk ends the import instead (it goes on from there later). */
function refusalOf(error: unknown, from: string): Refusal {
  if (!(error instanceof Fault) || error.kind === 'unavailable') throw error;
  const issue = error.issues?.find(({ severity }) => severity === 'error');
  const at = error.expression ?? issue?.expression;
  return { from, reason: `${issue?.diagnostics ?? error.message}${at === undefined ? '' : ` (${at})`}` };
}

async function retryRefused({ file, refused, mark }: Imported, deps: ImportDeps): Promise<void> {
  if (refused.size === 0) return;
  for await (const [index, unit] of numbered(readImportFile(file).contents, () => {})) {
    if (!refused.has(index) || deps.signal.aborted) continue;
    const { written, retry } = await writeUnit(unit, deps);
    if (retry === undefined) refused.delete(index);
    else refused.set(index, retry);
    await writeMark(deps.db, markName(file), { ...mark, refused: [...refused.keys()] });
    deps.onUnit(written, file.bytes);
  }
}
