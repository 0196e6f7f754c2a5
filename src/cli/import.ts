/** `fyr import`: FHIR content from files into the record. */
import { createWriteStream, mkdirSync, type WriteStream } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '#kernel/clock.ts';
import { createProgress, type Progress } from '#kernel/progress.ts';
import type { Record } from '../app.ts';
import { exitCode, parseWords, wrongUse, type Command, type CommandContext } from './command.ts';
import { finishImports, importFile, type Imported, type Refusal } from './import-run.ts';
import { importFiles, type ImportFile } from './import-source.ts';
import { withRecord } from './record.ts';

const shownMax = 20;

export const importRecord: Command = {
  name: 'import',
  takes: '<file|folder> …',
  summary: 'Imports FHIR R4 JSON, NDJSON and Bundles, also in zip and tar.gz',
  help: `
A transaction or batch Bundle is carried out as one. Other resources are written by their ids: new ones are made, those that are here get
a new version. References may lead to what comes later; fyr check lists those that lead nowhere in the end.
Works beside a running node. Memory stays the same however large the load.

Ctrl-C leaves off, and the same command goes on where it stopped. A file counts as the same while its path, size and time of change are.
After kill -9, at most the four units that were under way are written a second time.

  --again    imports from the start what was imported before

What is refused is listed with its reason, the whole list in log/import-refused.ndjson in the data folder.

Exit codes: 0 all is in, 1 something was refused, 2 wrong use or settings, 130 interrupted.`,
  async run(words, context) {
    const { values, positionals } = parseWords(importRecord, words, { again: { type: 'boolean' } });
    if (positionals.length === 0) throw wrongUse(importRecord, 'Say which file or folder to import');
    const files = importFiles(context.folder, positionals);
    return withRecord(context, 'import', (record, dataFolder) =>
      importAll(files, record, context, dataFolder, values.again === true),
    );
  },
};

async function importAll(
  files: ImportFile[],
  record: Record,
  context: CommandContext,
  dataFolder: string,
  again: boolean,
): Promise<number> {
  const refusals = openRefusals(dataFolder);
  const counter = createCounter(files, context);
  const deps = { ...record, signal: context.signal, onUnit: counter.onUnit, onRefusal: refusals.add };
  const all: Imported[] = [];
  for (const file of files) {
    if (context.signal.aborted) break;
    all.push(await importFile(file, deps, again));
    counter.fileDone(file);
  }
  await finishImports(all, deps);
  counter.progress.end();
  await refusals.close();
  return report(all, refusals, context);
}

function createCounter(
  files: ImportFile[],
  context: CommandContext,
): { progress: Progress; onUnit(resources: number, bytes: number): void; fileDone(file: ImportFile): void } {
  const bytesTotal = files.reduce((sum, file) => sum + file.bytes, 0);
  const progress = createProgress({ label: 'Import', unit: 'resources', output: context.output, clock: systemClock });
  let resources = 0;
  let bytesBefore = 0;
  const tell = (bytes: number): void =>
    progress.at(resources, undefined, Math.min((bytesBefore + bytes) / Math.max(bytesTotal, 1), 1));
  return {
    progress,
    onUnit(more, bytes) {
      resources += more;
      tell(bytes);
    },
    fileDone(file) {
      bytesBefore += file.bytes;
      tell(0);
    },
  };
}

type Refusals = {
  add(refusal: Refusal): void;
  count(): number;
  first: Refusal[];
  path: string;
  close(): Promise<void>;
};

/** The list is of this run: an earlier one's is overwritten, at the first refusal. */
function openRefusals(dataFolder: string): Refusals {
  const path = join(dataFolder, 'log', 'import-refused.ndjson');
  const first: Refusal[] = [];
  let list: WriteStream | undefined;
  let count = 0;
  return {
    path,
    first,
    count: () => count,
    add(refusal) {
      count++;
      if (first.length < shownMax) first.push(refusal);
      mkdirSync(join(dataFolder, 'log'), { recursive: true });
      list ??= createWriteStream(path);
      list.write(`${JSON.stringify(refusal)}\n`);
    },
    close: () => new Promise((resolve) => (list === undefined ? resolve() : list.end(resolve))),
  };
}

function report(all: Imported[], refusals: Refusals, { output, signal }: CommandContext): number {
  const before = all.filter(({ outcome }) => outcome === 'doneBefore').length;
  if (before > 0) output.write(`${before} of the files were imported before (--again imports them again).\n`);
  for (const { from, reason } of refusals.first) output.write(`Refused: ${from}: ${reason}\n`);
  const more = refusals.count() - refusals.first.length;
  if (more > 0) output.write(`… and ${more} more.\n`);
  if (refusals.count() > 0) output.write(`Refused in all: ${refusals.count()}. The whole list: ${refusals.path}\n`);
  if (signal.aborted) {
    output.write('Interrupted. The same command goes on from here.\n');
    return exitCode.interrupted;
  }
  return refusals.count() === 0 ? exitCode.done : exitCode.failed;
}
