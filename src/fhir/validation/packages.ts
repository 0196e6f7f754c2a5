/** FHIR packages as they are published: an npm-style tarball of JSON resources (https://confluence.hl7.org/display/FHIR/NPM+Package+Specification). */
import { createReadStream } from 'node:fs';
import { Readable, type Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { extract } from 'tar-stream';
import { Fault } from '#kernel/fault.ts';
import { parseJson } from '../json/index.ts';
import type { Resource } from '../types.ts';
import { textOf } from './checks.ts';

export type PackageLimits = {
  /** Of one file, and of all files together, unpacked. */
  fileBytesMax: number;
  bytesMax: number;
  entriesMax: number;
};

export type FhirPackage = {
  name: string;
  version: string;
  dependencies: Record<string, string>;
  /** The conformance resources of the package. */
  resources: Resource[];
  /** What it carries under `package/examples` (and `package/example`). */
  examples: Resource[];
  /** Files that are no readable resource, with the reason. */
  skipped: { path: string; reason: string }[];
};

const defaultLimits: PackageLimits = { fileBytesMax: 64e6, bytesMax: 512e6, entriesMax: 50_000 };

const isResource = (value: unknown): value is Resource =>
  typeof value === 'object' && value !== null && typeof (value as Partial<Resource>).resourceType === 'string';

const readText = async (stream: AsyncIterable<Buffer>, path: string, bytesMax: number): Promise<string> => {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stream) {
    bytes += chunk.length;
    if (bytes > bytesMax) throw new Fault('tooLarge', `${path} in the package is larger than ${bytesMax} bytes`);
    chunks.push(chunk);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks));
  } catch {
    throw new Fault('invalid', `${path} in the package is not UTF-8`);
  }
};

const textField = (value: unknown, name: string): string => {
  const field: unknown =
    typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
  if (typeof field !== 'string') throw new Fault('invalid', `The package's package.json has no ${name}`);
  return field;
};

const readManifest = (value: unknown): Pick<FhirPackage, 'name' | 'version' | 'dependencies'> => {
  const { dependencies } = value as { dependencies?: unknown };
  const stated = typeof dependencies === 'object' && dependencies !== null ? Object.entries(dependencies) : [];
  return {
    name: textField(value, 'name'),
    version: textField(value, 'version'),
    dependencies: Object.fromEntries(stated.map(([name, version]) => [name, textOf(version)])),
  };
};

const place = (found: FhirPackage, path: string, text: string): unknown => {
  let value: unknown;
  try {
    value = parseJson(text);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    found.skipped.push({ path, reason: error.message });
    return undefined;
  }
  if (path === 'package/package.json') return value;
  if (isResource(value)) (/^package\/examples?\//.test(path) ? found.examples : found.resources).push(value);
  else found.skipped.push({ path, reason: 'not a resource' });
  return undefined;
};

const isWanted = (path: string): boolean =>
  path.startsWith('package/') && path.endsWith('.json') && !path.endsWith('/.index.json') && !path.includes('/other/');

/** Reads all entries; `manifest` is package.json, wherever in the archive it stands. */
const readEntries = async (archive: AsyncIterable<TarEntry>, limits: PackageLimits): Promise<FhirPackage> => {
  const found: FhirPackage = { name: '', version: '', dependencies: {}, resources: [], examples: [], skipped: [] };
  let manifest: unknown;
  let entries = 0;
  for await (const entry of archive) {
    entries += 1;
    if (entries > limits.entriesMax)
      throw new Fault('tooLarge', `The package has more than ${limits.entriesMax} files`);
    const path = entry.header.name.replace(/^\.\//, '');
    if (entry.header.type === 'file' && isWanted(path)) {
      manifest = place(found, path, await readText(entry, path, limits.fileBytesMax)) ?? manifest;
    } else {
      entry.resume();
    }
  }
  if (manifest === undefined) throw new Fault('invalid', 'This is no FHIR package: it has no package/package.json');
  return { ...found, ...readManifest(manifest) };
};

type TarEntry = AsyncIterable<Buffer> & { header: { name: string; type?: string | null }; resume(): void };

/** Counts what comes out of gunzip, so that a small file that unpacks to terabytes is stopped. */
async function* limited(source: AsyncIterable<Buffer>, bytesMax: number): AsyncGenerator<Buffer> {
  let bytes = 0;
  for await (const chunk of source) {
    bytes += chunk.length;
    if (bytes > bytesMax) throw new Fault('tooLarge', `The package unpacks to more than ${bytesMax} bytes`);
    yield chunk;
  }
}

/**
 * A package from its bytes or its file. Faults: `invalid` (no gzip, no tar, no package.json), `tooLarge` (limits in bytes and entries).
 */
export async function readPackage(
  source: Uint8Array | string,
  limits: Partial<PackageLimits> = {},
): Promise<FhirPackage> {
  const applied = { ...defaultLimits, ...limits };
  const input = typeof source === 'string' ? createReadStream(source) : Readable.from([Buffer.from(source)]);
  const gunzip: Transform = createGunzip();
  const archive = extract();
  const unpacking = pipeline(
    input,
    gunzip,
    (unpacked: AsyncIterable<Buffer>) => limited(unpacked, applied.bytesMax),
    archive,
  );
  try {
    const [found] = await Promise.all([readEntries(archive as AsyncIterable<TarEntry>, applied), unpacking]);
    return found;
  } catch (error) {
    // The first failure ends both sides; the other's rejection is the same one.
    await unpacking.catch(() => undefined);
    if (error instanceof Fault) throw error;
    throw new Fault('invalid', "This is no FHIR package: it can't be unpacked", { cause: error });
  }
}
