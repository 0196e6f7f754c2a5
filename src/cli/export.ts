/** `fyr export`: the whole record as NDJSON, a file a type. */
import {
  createWriteStream,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { systemClock } from '#kernel/clock.ts';
import type { Db } from '#kernel/db.ts';
import { Fault } from '#kernel/fault.ts';
import { createProgress } from '#kernel/progress.ts';
import { exitCode, parseWords, wrongUse, type Command, type CommandContext } from './command.ts';
import { countResources, readPage, type ExportCursor, type ExportedResource } from './export-store.ts';
import { withRecord } from './record.ts';

export const exportRecord: Command = {
  name: 'export',
  takes: '<folder>',
  summary: 'Exports the record as NDJSON, a file a resource type',
  help: `
The folder is made when it is missing, and must be empty. Ctrl-C leaves off, and the same command goes on where it stopped.
Works beside a running node; what is written while it runs may be in it or not.

Exit codes: 0 all is out, 1 it failed, 2 wrong use or settings, 130 interrupted.`,
  async run(words, context) {
    const [given, ...more] = parseWords(exportRecord, words, {}).positionals;
    if (given === undefined || more.length > 0) throw wrongUse(exportRecord, 'Say which folder to export to');
    const folder = resolve(context.folder, given);
    const state = openState(folder);
    return withRecord(context, 'export', ({ db }) => exportAll(db, folder, state, context));
  },
};

/** How far an export came: what is beyond `sizes` in the files was not yet counted, and is cut off. */
type State = { after: ExportCursor; done: number; sizes: { [file: string]: number } };

const stateName = '.fyr-export.json';
const pageSize = 2000;

function openState(folder: string): State {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, stateName);
  if (existsSync(path)) return JSON.parse(readFileSync(path, 'utf8')) as State;
  if (readdirSync(folder).length > 0) throw new Fault('conflict', `${folder} is not empty. Export to a new folder.`);
  return { after: { bucket: -1, type: '', id: '' }, done: 0, sizes: {} };
}

async function exportAll(db: Db, folder: string, state: State, { output, signal }: CommandContext): Promise<number> {
  for (const file of readdirSync(folder))
    if (file.endsWith('.ndjson')) truncateSync(join(folder, file), state.sizes[file] ?? 0);
  const progress = createProgress({
    label: 'Export',
    unit: 'resources',
    output,
    clock: systemClock,
    total: await countResources(db),
  });
  progress.at(state.done);
  let interrupted = false;
  for (;;) {
    const page = await readPage(db, state.after, pageSize);
    const last = page.at(-1);
    if (last === undefined) break;
    await append(folder, page, state);
    state.after = { bucket: last.bucket, type: last.type, id: last.id };
    state.done += page.length;
    saveState(folder, state);
    progress.at(state.done);
    interrupted = signal.aborted;
    if (interrupted) break;
  }
  progress.end();
  if (interrupted) {
    output.write('Interrupted. The same command goes on from here.\n');
    return exitCode.interrupted;
  }
  rmSync(join(folder, stateName), { force: true });
  return exitCode.done;
}

async function append(folder: string, page: ExportedResource[], state: State): Promise<void> {
  for (const [type, resources] of Map.groupBy(page, (resource) => resource.type)) {
    const file = `${type}.ndjson`;
    const text = resources.map(({ content }) => `${content}\n`).join('');
    const stream = createWriteStream(join(folder, file), { flags: 'a', flush: true });
    stream.end(text);
    await once(stream, 'close');
    state.sizes[file] = (state.sizes[file] ?? 0) + Buffer.byteLength(text);
  }
}

/** Written beside and renamed: half a state would be none. */
function saveState(folder: string, state: State): void {
  const path = join(folder, stateName);
  writeFileSync(`${path}.new`, JSON.stringify(state));
  renameSync(`${path}.new`, path);
}
