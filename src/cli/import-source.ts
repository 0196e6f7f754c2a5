/** Opens what an operator points at: files, folders, zip and tar.gz. Everything is a stream; nothing is unpacked to disk. */
import { createReadStream, readdirSync, statSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import tar from 'tar-stream';
import yauzl from 'yauzl';
import { Fault } from '#kernel/fault.ts';

/** A file on disk, which is what an import remembers. */
export type ImportFile = {
  path: string;
  /** As the operator would name it. */
  shown: string;
  bytes: number;
  changedMs: number;
};

/** FHIR content within a file: the file itself, or an entry of an archive. It must be read before the next is asked for. */
export type Content = { name: string; kind: 'json' | 'ndjson'; stream: AsyncIterable<Buffer> };

export type Reading = {
  contents: AsyncGenerator<Content>;
  /** Bytes of the file that have been read. */
  bytesRead(): number;
};

const readable = /\.(json|ndjson|zip|tar\.gz|tgz|json\.gz|ndjson\.gz)$/i;

/** The files below the given paths, in the order of their names; other kinds are passed over within folders and refused by name. */
export function importFiles(folder: string, paths: string[]): ImportFile[] {
  return paths.flatMap((given) => {
    const path = resolve(folder, given);
    const found = statSync(path, { throwIfNoEntry: false });
    if (found === undefined) throw new Fault('invalid', `There is nothing at ${path}.`);
    if (found.isDirectory()) return filesBelow(path);
    if (!readable.test(path)) {
      throw new Fault(
        'invalid',
        `${path} is of no kind that can be imported: .json, .ndjson, .zip, .tar.gz, and .gz of the first two.`,
      );
    }
    return [fileAt(path, given)];
  });
}

function filesBelow(folder: string): ImportFile[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && readable.test(entry.name) && entry.name !== 'package.json')
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((path) => fileAt(path, relative(folder, path)));
}

function fileAt(path: string, shown: string): ImportFile {
  const { size, mtimeMs } = statSync(path);
  return { path, shown, bytes: size, changedMs: Math.round(mtimeMs) };
}

/** Begins to read a file. */
export function readImportFile(file: ImportFile): Reading {
  let bytes = 0;
  const count = (more: number): void => void (bytes += more);
  const name = file.path.toLowerCase();
  const contents = name.endsWith('.zip') ? zipContents(file, count) : streamContents(file, name, count);
  return { contents, bytesRead: () => bytes };
}

async function* streamContents(
  file: ImportFile,
  name: string,
  count: (bytes: number) => void,
): AsyncGenerator<Content> {
  const raw = createReadStream(file.path, { highWaterMark: 256 * 1024 });
  raw.on('data', (chunk) => count(chunk.length));
  try {
    const stream = name.endsWith('gz') ? gunzipped(raw) : raw;
    if (/\.(tar\.gz|tgz)$/.test(name)) yield* tarContents(file, stream);
    else yield { name: file.shown, kind: kindOf(name.replace(/\.gz$/, '')) ?? 'json', stream };
  } finally {
    raw.destroy();
  }
}

function gunzipped(raw: Readable): Readable {
  const gunzip = createGunzip();
  // Errors come out at the reader's end.
  pipeline(raw, gunzip, () => {});
  return gunzip;
}

async function* tarContents(file: ImportFile, stream: Readable): AsyncGenerator<Content> {
  const extract = tar.extract();
  pipeline(stream, extract, () => {});
  for await (const entry of extract) {
    const kind = entry.header.type === 'file' ? kindOf(entry.header.name.toLowerCase()) : undefined;
    if (kind !== undefined)
      yield {
        name: `${file.shown}/${inArchive(entry.header.name)}`,
        kind,
        stream: entry as unknown as AsyncIterable<Buffer>,
      };
    entry.resume();
  }
}

async function* zipContents(file: ImportFile, count: (bytes: number) => void): AsyncGenerator<Content> {
  const zip = await yauzl.openPromise(file.path, { lazyEntries: true, autoClose: false });
  try {
    for await (const entry of zip.eachEntry()) {
      const kind = kindOf(entry.fileName.toLowerCase());
      if (kind !== undefined) {
        yield {
          name: `${file.shown}/${inArchive(entry.fileName)}`,
          kind,
          stream: await zip.openReadStreamPromise(entry),
        };
      }
      count(entry.compressedSize);
    }
  } finally {
    zip.close();
  }
}

/** Names in an archive are only shown, never used as paths; control characters could still play with a terminal. */
function inArchive(name: string): string {
  return name.replace(/^\.\//, '').replace(/\p{Cc}/gu, '?');
}

function kindOf(name: string): Content['kind'] | undefined {
  if (name.endsWith('.ndjson')) return 'ndjson';
  return name.endsWith('.json') && !/(^|\/)(package|\.index)\.json$/.test(name) ? 'json' : undefined;
}
