/** A record with exports over it, for tests: a resource is found by the patients that it refers to, and by its status. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { openDatabase, type Db } from '#kernel/db.ts';
import { systemClock } from '#kernel/clock.ts';
import { systemIds } from '#kernel/ids.ts';
import { testGrants } from '../../../test/support/grant.ts';
import { ownDatabaseUrl } from '../../../test/support/database.ts';
import { loadDefinitions, type Definitions } from '../definitions/index.ts';
import { compile } from '../fhirpath/index.ts';
import { createCommitter } from '../record/committer.ts';
import { createWriter, type Writer } from '../record/writer.ts';
import { createSearch, type Search } from '../search/index.ts';
import type { Resource } from '../types.ts';
import { createExports, type Exports, type ExportsOptions } from './exports.ts';
import { typesOfLevel, type ExportRequest } from './request.ts';

export type ExportRecord = {
  db: Db;
  databaseUrl: string;
  writer: Writer;
  search: Search;
  definitions: Definitions;
  folder: string;
  exports: Exports;
  /** Another node's, or the next start's, over the same tables and folder. */
  open(options?: Partial<ExportsOptions>): Exports;
  ask(request: Partial<ExportRequest>): ExportRequest;
};

export async function exportRecord(name: string, limits: ExportsOptions['limits'] = {}): Promise<ExportRecord> {
  const databaseUrl = await ownDatabaseUrl(name);
  const db = openDatabase(databaseUrl, { connectionsMax: 6 });
  onTestFinished(() => db.end());
  const folder = mkdtempSync(join(tmpdir(), 'fyr-export-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const definitions = loadDefinitions();
  const search = createSearch({ definitions, model: definitions.model, compile });
  const ids = systemIds(systemClock);
  const writer = createWriter({
    db,
    committer: createCommitter(db),
    clock: systemClock,
    ids,
    node: 'test',
    references: 'lenient',
    indexer: search,
    check: { validate: () => ({ issues: [], references: [] }) },
  });
  const open = (options: Partial<ExportsOptions> = {}): Exports =>
    createExports({
      db,
      clock: systemClock,
      ids,
      search,
      model: definitions.model,
      node: 'test',
      folder,
      grants: testGrants,
      limits: { diskFreeMin: 0, ...limits },
      ...options,
    });
  const ask = (request: Partial<ExportRequest>): ExportRequest => {
    const level = request.level ?? 'system';
    return {
      level,
      address: 'http://test/$export',
      types: typesOfLevel({ ...definitions }, level),
      filters: [],
      ...request,
    };
  };
  return { db, databaseUrl, writer, search, definitions, folder, exports: open(), open, ask };
}

/** Works on an export as the queue would. */
export async function work(exports: Exports, id: string, signal = new AbortController().signal): Promise<void> {
  await exports.handlers['export']?.({ id }, { signal, attempt: 1 });
}

/** The resources in an export's files, by type; `deleted` for the Bundles of deletions. */
export async function readAll(record: ExportRecord, id: string): Promise<Record<string, Resource[]>> {
  const job = await record.exports.find(id, undefined);
  const found: Record<string, Resource[]> = {};
  for (const { name, of, count, bytes } of job?.files ?? []) {
    const text = readFileSync(join(record.folder, id, name), 'utf8');
    const lines = text.split('\n').slice(0, -1);
    if (lines.length !== count || Buffer.byteLength(text) !== bytes) throw new Error(`${name} is not what was noted`);
    (found[of] ??= []).push(...lines.map((line) => JSON.parse(line) as Resource));
  }
  return found;
}
