/**
 * Packs on the local disk. Each is sealed under the node key, and written whole or not at all: to a temporary name, to the disk, then renamed. Of each ward
 * the last ones are kept; the newest that opens is the newest. Beside them, where that is wanted, a readable copy that prints with the operating system alone.
 */
import { createHash } from 'node:crypto';
import type { Dirent } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Fault } from '#kernel/fault.ts';
import type { Randomness } from '#kernel/ids.ts';
import { openBackup, sealBackup } from '#trust/encryption/backup.ts';
import type { PackLanguage } from './phrases.ts';
import type { Keyring } from '#trust/encryption/index.ts';

/** What a pack is, besides its pages. */
export type Manifest = {
  ward: string;
  name: string;
  language: PackLanguage;
  /** Milliseconds since 1970. */
  madeAt: number;
  heardAt: number;
  pages: number;
  /** Whose records are in it, and every resource that it tells of: `Type/id`. */
  patients: readonly { patient: string; sources: readonly string[] }[];
  /** Numbers of the forms. */
  forms: readonly string[];
};

export type KeptPack = Manifest & { pdf: Buffer; html: Buffer };

export type KeptPacks = {
  /** Durable when it resolves; older ones than the last `count` of its language are gone then. What is readable without Fyr is in the language of the node. */
  keep(pack: KeptPack): Promise<void>;
  /** The newest that is whole, in the language of the node unless another is asked for; undefined where there is none. */
  newest(ward: string, language?: PackLanguage): Promise<KeptPack | undefined>;
  wards(): Promise<string[]>;
  /** Nothing of the ward is left on this disk. */
  remove(ward: string): Promise<void>;
  /** Where the ward's readable copy is; undefined where none is kept. */
  readableFile(pack: Pick<Manifest, 'ward' | 'name'>): string | undefined;
};

export type KeptPacksOptions = {
  folder: string;
  /** Undefined: no readable copies. */
  readableFolder: string | undefined;
  keyring: Keyring;
  randomness: Randomness;
  /** In which packs are made unless somebody asks for another. */
  language: PackLanguage;
  count: number;
  report(event: string, error: unknown): void;
};

const extension = '.pack';
const legalWard = /^[A-Za-z0-9.-]{1,64}$/;

export function createKeptPacks(options: KeptPacksOptions): KeptPacks {
  const { folder, readableFolder, keyring, randomness, language: own, count, report } = options;
  const folderOf = (ward: string): string => {
    if (!legalWard.test(ward) || /^\.+$/.test(ward)) throw new Fault('invalid', 'This is not the id of a ward.');
    return join(folder, ward);
  };
  const readableFile: KeptPacks['readableFile'] = ({ ward, name }) =>
    readableFolder === undefined ? undefined : join(readableFolder, `${plainName(name)} ${ward.slice(-6)}.pdf`);

  const newest: KeptPacks['newest'] = async (ward, language = own) => {
    for (const name of await packsIn(folderOf(ward), language)) {
      try {
        return unpack(await opened(keyring, join(folderOf(ward), name)));
      } catch (error) {
        report('a pack can not be opened', error);
      }
    }
    return undefined;
  };

  return {
    newest,
    readableFile,
    async keep(pack) {
      const place = folderOf(pack.ward);
      const sealed = await collect(sealBackup(keyring, one(packed(pack)), randomness));
      await writeWhole(
        join(place, `${new Date(pack.madeAt).toISOString().replace(/[:.]/g, '-')}.${pack.language}${extension}`),
        sealed,
      );
      const readable = readableFile(pack);
      if (readable !== undefined && pack.language === own) {
        await writeWhole(readable, pack.pdf);
        await writeWhole(readable.replace(/pdf$/, 'html'), pack.html);
      }
      for (const name of (await packsIn(place, pack.language)).slice(count))
        await rm(join(place, name), { force: true });
      await removeLeftovers(place);
    },
    async wards() {
      const entries = await readdir(folder, { withFileTypes: true }).catch(whereMissing<Dirent>);
      return entries.filter((entry) => entry.isDirectory() && legalWard.test(entry.name)).map(({ name }) => name);
    },
    async remove(ward) {
      const last = await newest(ward);
      const readable = last && readableFile(last);
      if (readable !== undefined)
        for (const file of [readable, readable.replace(/pdf$/, 'html')]) await rm(file, { force: true });
      await rm(folderOf(ward), { recursive: true, force: true });
    },
  };
}

/** What was being written when a node was killed. One process writes a ward's packs at a time. */
async function removeLeftovers(folder: string): Promise<void> {
  for (const name of await readdir(folder))
    if (name.endsWith('.writing')) await rm(join(folder, name), { force: true });
}

/** Letters, digits and single blanks: a name that every system takes. */
function plainName(name: string): string {
  return (
    name
      .replace(/[^\p{L}\p{N}]+/gu, ' ')
      .trim()
      .slice(0, 80) || 'avdeling'
  );
}

/** Newest first: their names are times, and languages; those of earlier releases, which name none, are in bokmål. */
async function packsIn(folder: string, language: PackLanguage): Promise<string[]> {
  const names = await readdir(folder).catch(whereMissing<string>);
  return names
    .filter((name) => name.endsWith(extension) && languageIn(name) === language)
    .toSorted()
    .toReversed();
}

const languageIn = (name: string): string => name.slice(0, -extension.length).split('.')[1] ?? 'nb';

function whereMissing<T>(error: NodeJS.ErrnoException): T[] {
  if (error.code === 'ENOENT') return [];
  throw error;
}

/** Whole under its name, and on the disk, or not there: the file, then the folder's entry. */
async function writeWhole(path: string, content: Buffer): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o750 });
  const writing = `${path}.writing`;
  const file = await open(writing, 'w', 0o640);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(writing, path);
  const folder = await open(dirname(path));
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** The manifest's length in four bytes, the manifest, the PDF, the HTML. */
function packed({ pdf, html, ...manifest }: KeptPack): Buffer {
  const sizes = { pdf: pdf.length, html: html.length, sha256: hashOf(pdf, html) };
  const head = Buffer.from(JSON.stringify({ ...manifest, ...sizes }));
  const length = Buffer.alloc(4);
  length.writeUInt32BE(head.length);
  return Buffer.concat([length, head, pdf, html]);
}

function unpack(content: Buffer): KeptPack {
  const from = 4 + content.readUInt32BE(0);
  const { pdf, html, sha256, ...manifest } = JSON.parse(content.toString('utf8', 4, from)) as Manifest & {
    pdf: number;
    html: number;
    sha256: string;
  };
  const parts = { pdf: content.subarray(from, from + pdf), html: content.subarray(from + pdf, from + pdf + html) };
  if (hashOf(parts.pdf, parts.html) !== sha256) throw new Fault('unavailable', 'The pack is not what was written.');
  return { ...manifest, language: manifest.language ?? 'nb', ...parts };
}

const hashOf = (...parts: Buffer[]): string => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
};

const opened = async (keyring: Keyring, path: string): Promise<Buffer> =>
  collect(openBackup(keyring, one(await readFile(path))));

async function* one(content: Buffer): AsyncGenerator<Buffer> {
  yield content;
}

async function collect(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}
