/**
 * The files of an export: NDJSON, one a type and part, appended to in any order of types. A checkpoint says how long each is, so that whoever
 * goes on after a crash cuts them back to what was noted.
 */
import { mkdir, open, readdir, rm, stat, truncate, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';

/** `of`: the resource type, or `deleted`. */
export type ExportFile = { name: string; of: string; count: number; bytes: number };

export type ExportFiles = {
  /** Takes a line (without its end); it is on disk after `checkpoint`. */
  add(of: string, line: string): void;
  /** Writes what has gathered, where it is much. */
  drain(): Promise<void>;
  /** Makes everything durable and says what there is. */
  checkpoint(): Promise<ExportFile[]>;
  close(): Promise<void>;
};

type Part = {
  file: ExportFile;
  lines: string[];
  letters: number;
  handle?: FileHandle;
  isFull: boolean;
  isDirty: boolean;
};

const lettersToWrite = 128 * 1024;

/** Opens the folder as it was at a checkpoint; throws when a file of it is missing or shorter than noted. */
export async function openExportFiles(
  folder: string,
  noted: readonly ExportFile[],
  linesMax: number,
): Promise<ExportFiles> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await cutBack(folder, noted);
  const parts: Part[] = noted.map((file) => ({
    file: { ...file },
    lines: [],
    letters: 0,
    isFull: file.count >= linesMax,
    isDirty: false,
  }));
  const current = new Map(parts.filter((part) => !part.isFull).map((part) => [part.file.of, part]));

  const begin = (of: string): Part => {
    const number = parts.filter((part) => part.file.of === of).length + 1;
    const file = { name: `${of}-${number}.ndjson`, of, count: 0, bytes: 0 };
    const part = { file, lines: [], letters: 0, isFull: false, isDirty: false };
    parts.push(part);
    current.set(of, part);
    return part;
  };

  return {
    add(of, line) {
      const part = current.get(of) ?? begin(of);
      part.lines.push(line);
      part.letters += line.length;
      part.file.count++;
      if (part.file.count < linesMax) return;
      part.isFull = true;
      current.delete(of);
    },
    async drain() {
      for (const part of parts) if (part.letters >= lettersToWrite) await write(folder, part);
    },
    async checkpoint() {
      for (const part of parts) {
        await write(folder, part);
        if (part.isDirty) await part.handle?.datasync();
        part.isDirty = false;
        if (part.isFull) await shut(part);
      }
      return parts.map((part) => ({ ...part.file }));
    },
    async close() {
      for (const part of parts) await shut(part);
    },
  };
}

async function cutBack(folder: string, noted: readonly ExportFile[]): Promise<void> {
  const names = new Set(noted.map((file) => file.name));
  for (const name of await readdir(folder)) if (!names.has(name)) await rm(join(folder, name), { force: true });
  for (const { name, bytes } of noted) {
    const path = join(folder, name);
    if ((await stat(path)).size < bytes) throw new Error(`${name} is shorter than it was`);
    await truncate(path, bytes);
  }
}

async function write(folder: string, part: Part): Promise<void> {
  if (part.lines.length === 0) return;
  const bytes = Buffer.from(`${part.lines.join('\n')}\n`);
  part.lines = [];
  part.letters = 0;
  part.handle ??= await open(join(folder, part.file.name), 'a');
  await part.handle.appendFile(bytes);
  part.file.bytes += bytes.length;
  part.isDirty = true;
}

async function shut(part: Part): Promise<void> {
  await part.handle?.close();
  delete part.handle;
}
