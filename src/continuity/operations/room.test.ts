/** No room on a disk: reads go on, writes are told plainly, nothing is half written, and everything goes on when there is room. */
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statfsSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { describe, expect, onTestFinished, test } from 'vitest';
import { readConfig } from '#kernel/config.ts';
import { startEmbeddedPostgres } from '#kernel/embedded-postgres.ts';
import { startNode, type Node } from '../../app.ts';
import { freePort, testNode } from '../../../test/support/node.ts';

const limitMs = 180_000;
const megabyte = 1_000_000;
const within = { timeout: 10_000, interval: 100 };

test(
  'with less room than the floor each write is refused with 507 and an outcome; reading, signing in and downtime go on',
  async () => {
    const at = await testNode('room', { FYR_ROOM_MB: '1000000' });
    onTestFinished(() => at.stop());
    const as = 'hospitalDoctor';
    const body = { resourceType: 'Observation', status: 'final', code: { text: 'x' } };
    for (const [method, path] of [
      ['POST', '/fhir/Observation'],
      ['PUT', '/fhir/Observation/one'],
      ['PATCH', '/fhir/Observation/one'],
      ['DELETE', '/fhir/Observation/one'],
      ['POST', '/fhir'],
      ['PUT', '/fhir/Observation?identifier=a'],
    ] as const) {
      const refused = await at.ask(method, path, { as, body });
      expect([path, refused.status]).toEqual([path, 507]);
      expect(refused.body).toMatchObject({ resourceType: 'OperationOutcome', issue: [{ code: 'no-store' }] });
      expect(refused.body.issue[0].diagnostics).toMatch(/nothing was written. Reading goes on/);
    }
    expect((await at.ask('GET', '/fhir/Organization?_count=1', { as })).status).toBe(200);
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    expect(
      (await at.ask('POST', '/fhir/Organization/_search', { as, body: '_count=1', headers: form })).status,
    ).not.toBe(507);
    const begun = await at.ask('POST', '/api/downtime', { as, body: { kind: 'storage', reason: 'The disk is full' } });
    expect(begun.status).toBe(201);
  },
  limitMs,
);

/** A disk of its own, in memory: takes root and a kernel that lets mount. */
function smallDisk(megabytes: number, at = mkdtempSync(join(tmpdir(), 'fyr-disk-'))): string {
  mkdirSync(at, { recursive: true });
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=777`, 'tmpfs', at]);
  onTestFinished(() => {
    execFileSync('umount', ['-l', at]);
    rmSync(at, { recursive: true, force: true });
  });
  return at;
}

function mayMount(): boolean {
  const at = mkdtempSync(join(tmpdir(), 'fyr-disk-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', at], { stdio: 'ignore' });
    execFileSync('umount', [at]);
    return true;
  } catch {
    return false;
  } finally {
    rmSync(at, { recursive: true, force: true });
  }
}

/** Takes all room but so much. */
function fill(disk: string, leaveBytes: number): { free(): void } {
  const { bavail, bsize } = statfsSync(disk);
  const path = join(disk, 'filler');
  writeFileSync(path, Buffer.alloc(Math.max(0, bavail * bsize - leaveBytes)));
  return { free: () => rmSync(path) };
}

type Small = {
  node: Node;
  url: string;
  write(content: string | Uint8Array): Promise<number>;
  read(): Promise<number>;
  refusedAtDoor(): Promise<boolean>;
};

/** A node of nobody, whose database is in `postgres`. */
async function nodeOn(
  postgres: string,
  roomMb: string,
  beforeStart: (cluster: string) => Promise<void> | void = () => {},
): Promise<Small> {
  const folder = mkdtempSync(join(tmpdir(), 'fyr-room-'));
  chmodSync(folder, 0o755);
  const own = { folder: postgres, memoryBytes: 256 * megabyte, durable: true, report: () => {} };
  await (await startEmbeddedPostgres(own)).stop();
  await beforeStart(join(postgres, 'cluster'));
  const database = await startEmbeddedPostgres(own);
  onTestFinished(() => database.stop());
  const settings = {
    FYR_DATA: folder,
    FYR_PORT: String(await freePort()),
    FYR_SAMPLE: '0',
    FYR_ROOM_MB: roomMb,
    FYR_DATABASE_CONNECTIONS: '4',
  };
  const { config } = readConfig(settings, folder);
  // What is looked at is where PostgreSQL lies, as in a node with its own.
  symlinkSync(postgres, join(folder, 'postgres'));
  const node = await startNode(config, database.url, pino({ level: 'silent' }));
  onTestFinished(() => node.stop());
  const grant = node.fhir.context.grants.background('test');
  const dispatch = async (method: 'GET' | 'POST', body?: object): Promise<{ status: number; resource?: any }> =>
    node.fhir
      .dispatch(
        {
          method,
          segments: ['Binary'],
          parameters: method === 'GET' ? [['_summary', 'count']] : [],
          headers: {},
          body,
        },
        grant,
      )
      .catch((error: { status: number }) => ({ status: error.status }));
  return {
    node,
    url: node.url,
    write: async (text) =>
      (
        await dispatch('POST', {
          resourceType: 'Binary',
          contentType: 'application/octet-stream',
          data: Buffer.from(text).toString('base64'),
        })
      ).status,
    async read() {
      const { resource, text } = (await dispatch('GET')) as { resource?: any; text?: string };
      return (resource ?? JSON.parse(text ?? '{}')).total;
    },
    refusedAtDoor: async () => (await fetch(`${node.url}/fhir/Basic`, { method: 'POST' })).status === 507,
  };
}

describe.skipIf(!mayMount())('on a small disk of its own (needs root)', () => {
  test(
    'the disk of the data: at the floor writes are refused, with nothing left too; nothing is half written, and it goes on',
    async () => {
      const disk = smallDisk(500);
      const small = await nodeOn(join(disk, 'postgres'), '40');
      expect(await small.write('before')).toBe(201);
      const filler = fill(disk, 30 * megabyte);
      // The log is in the same place: its folder is what is looked at.
      await expect.poll(() => small.refusedAtDoor(), within).toBe(true);
      expect(await small.read()).toBe(1);
      filler.free();
      await expect.poll(() => small.refusedAtDoor(), within).toBe(false);

      const last = fill(disk, 0);
      const statuses = [];
      for (let i = 0; i < 4; i++) statuses.push(await small.write(randomBytes(8 * megabyte)));
      expect(
        statuses.every((status) => [201, 507, 503].includes(status)),
        String(statuses),
      ).toBe(true);
      expect(statuses).not.toEqual([201, 201, 201, 201]);
      last.free();
      await expect.poll(() => small.write('after'), { timeout: 60_000, interval: 500 }).toBe(201);
      expect(await small.read()).toBe(2 + statuses.filter((status) => status === 201).length);
    },
    limitMs,
  );

  test(
    "the disk of PostgreSQL's log alone: writes are refused before the database stands still, reads go on",
    async () => {
      const home = mkdtempSync(join(tmpdir(), 'fyr-wal-'));
      chmodSync(home, 0o755);
      onTestFinished(() => rmSync(home, { recursive: true, force: true }));
      const disk = smallDisk(300);
      const small = await nodeOn(join(home, 'postgres'), '60', (cluster) => {
        const moved = join(disk, 'pg_wal');
        execFileSync('cp', ['-a', join(cluster, 'pg_wal'), moved]);
        renameSync(join(cluster, 'pg_wal'), join(cluster, 'pg_wal.before'));
        symlinkSync(moved, join(cluster, 'pg_wal'));
      });
      expect(await small.write('before')).toBe(201);
      const filler = fill(disk, 50 * megabyte);
      await expect.poll(() => small.refusedAtDoor(), within).toBe(true);
      expect(await small.read()).toBe(1);
      const metrics = await (await fetch(`${small.url}/metrics`)).text();
      expect(Number(/^fyr_wal_free_share (\S+)/m.exec(metrics)?.[1])).toBeLessThan(0.2);
      filler.free();
      await expect.poll(() => small.refusedAtDoor(), within).toBe(false);
      expect([await small.write('after'), await small.read()]).toEqual([201, 2]);
    },
    limitMs,
  );

  test(
    'the disk of the blobs: what does not fit is refused, leaves nothing, and what is there is read',
    async () => {
      const at = await testNode('roomblobs');
      onTestFinished(() => at.stop());
      const folder = at.config.operations.blobFolder;
      smallDisk(3, folder);
      const { blobs } = at.node;
      const kept = await blobs.put(undefined, [Buffer.alloc(1 * megabyte, 1)]);
      await expect(blobs.put(undefined, [Buffer.alloc(4 * megabyte, 2)])).rejects.toMatchObject({
        kind: 'full',
        status: 507,
      });
      expect(readdirSync(join(folder, 'incoming'))).toEqual([]);
      expect(await at.db`select count(*)::int as count from blob`).toEqual([{ count: 1 }]);
      let bytes = 0;
      for await (const piece of await blobs.open(undefined, kept.sha256)) bytes += piece.length;
      expect(bytes).toBe(1 * megabyte);
      await blobs.put(undefined, [Buffer.alloc(1 * megabyte, 3)]);
    },
    limitMs,
  );
});
