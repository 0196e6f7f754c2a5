/** `fyr backup` and `fyr restore` as an operator gives them, over real databases that people write to. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, inject, onTestFinished, test, vi } from 'vitest';
import { readConfig } from '#kernel/config.ts';
import { systemClock } from '#kernel/clock.ts';
import { createDatabase, dropDatabase } from '#kernel/db-create.ts';
import { openDatabase, type Db } from '#kernel/db.ts';
import { systemRandomness } from '#kernel/ids.ts';
import { openEncryption, type Encryption } from '#trust/encryption/index.ts';
import { ownDatabaseUrl } from '../../test/support/database.ts';
import { testApi, type TestApi } from '../../test/support/fhir.ts';
import { runCommand } from './index.ts';

// Each makes, fills and drops several databases.
vi.setConfig({ testTimeout: 90_000 });
afterAll(() => vi.resetConfig());

type Operator = {
  folder: string;
  backups: string;
  databaseUrl: string;
  db: Db;
  api: TestApi;
  encryption: Encryption;
  fyr(...words: string[]): Promise<string>;
  environment: { [name: string]: string };
  /** The same data folder and keys over another database. */
  elsewhere(name: string): Promise<{ url: string; db: Db; fyr: Operator['fyr'] }>;
};

async function operator(name: string): Promise<Operator> {
  const folder = mkdtempSync(join(tmpdir(), 'fyr-cli-backup-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const databaseUrl = await ownDatabaseUrl(`backup_${name}`);
  const environment = { DATABASE_URL: databaseUrl, FYR_DATA: join(folder, 'var'), FYR_SAMPLE: '0', FYR_NODE: 'region' };
  const db = openDatabase(databaseUrl, { connectionsMax: 2 });
  onTestFinished(() => db.end());
  const api = await testApi({}, databaseUrl);
  onTestFinished(() => api.close());
  const encryption = await openEncryption({
    db,
    node: 'region',
    nodeKey: undefined,
    nodeKeyFile: join(folder, 'var', 'keys', 'node.key'),
    dataFolder: join(folder, 'var'),
    clock: systemClock,
    randomness: systemRandomness,
  });
  return {
    folder,
    backups: join(folder, 'backups'),
    databaseUrl,
    db,
    api,
    encryption,
    environment,
    fyr: runner(environment, folder),
    async elsewhere(other) {
      const url = databaseUrl.replace(/[^/]*$/, `${inject('databaseName')}_backup_${other}`);
      await dropDatabase(inject('databaseServer'), url.split('/').at(-1) ?? '');
      const db = openDatabase(url, { connectionsMax: 2 });
      onTestFinished(async () => {
        await db.end();
        await dropDatabase(inject('databaseServer'), url.split('/').at(-1) ?? '');
      });
      return { url, db, fyr: runner({ ...environment, DATABASE_URL: url, FYR_DATA: join(folder, other) }, folder) };
    },
  };
}

function runner(environment: { [name: string]: string }, folder: string): Operator['fyr'] {
  return async (...words) => {
    let said = '';
    const code = await runCommand(words, {
      readConfig: () => readConfig(environment, folder),
      folder,
      output: { write: (text: string) => (said += text), isTTY: false },
      signal: new AbortController().signal,
    });
    return `${code} ${said}`;
  };
}

const patient = (family: string) => ({ resourceType: 'Patient', name: [{ family, given: ['Øy\\vind\t"x"'] }] });
const write = (api: TestApi, id: string, family: string) => api.ask('PUT', `Patient/${id}`, { ...patient(family), id });

async function families(db: Db): Promise<string[]> {
  const rows = await db<{ content: string }[]>`
    select v.content from resource r join version v on v.bucket = r.bucket and v.n = r.n where r.type = 'Patient' and not r.deleted`;
  return rows
    .map(({ content }) => (JSON.parse(content) as { name: { family: string }[] }).name[0]?.family ?? '')
    .sort();
}

function keysOf(from: Operator, other: string): void {
  cpSync(join(from.folder, 'var', 'keys', 'node.key'), join(from.folder, other, 'keys', 'node.key'), {
    recursive: true,
  });
}

const everyFile = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

test('a folder without backups, and a time before the oldest, are refused in plain words', async () => {
  const one = await operator('none');
  await expect(one.fyr('restore', 'backups')).rejects.toThrow('There is no backup in');
  await expect(one.fyr('backup')).rejects.toThrow('Say which folder');
  await expect(one.fyr('restore', 'backups', '--to', 'yesterday')).rejects.toThrow('is no time');
  await one.fyr('backup', 'backups');
  const there = await one.elsewhere('none_there');
  keysOf(one, 'none_there');
  await expect(there.fyr('restore', 'backups', '--to', '2020-01-01')).rejects.toThrow('The oldest backup in');
});

test('a database that is not empty is refused, and nothing of it changes; --aside keeps it under another name', async () => {
  const one = await operator('full');
  await write(one.api, 'a', 'Ås');
  expect(await one.fyr('backup', 'backups')).toMatch(/^0 /);
  await write(one.api, 'b', 'Bø');
  await expect(one.fyr('restore', 'backups')).rejects.toThrow('is not empty: it has resources. Nothing was changed.');
  expect(await families(one.db)).toEqual(['Bø', 'Ås']);
  await one.api.close();
  await one.db.end();
  const said = await one.fyr('restore', 'backups', '--aside');
  expect(said).toMatch(/^0 /);
  const aside = /is called (\S+_before_\d+) now/.exec(said)?.[1] ?? '';
  const [now, then] = [one.databaseUrl, one.databaseUrl.replace(/[^/]*$/, aside)].map((url) =>
    openDatabase(url, { connectionsMax: 1 }),
  );
  expect([await families(now as Db), await families(then as Db)]).toEqual([['Ås'], ['Bø', 'Ås']]);
  await now?.end();
  await then?.end();
  await dropDatabase(inject('databaseServer'), aside);
});

test('the wrong key opens nothing, and the one that is lacking is named', async () => {
  const one = await operator('key');
  await write(one.api, 'a', 'Ås');
  await one.fyr('backup', 'backups');
  const stranger = await one.elsewhere('key_stranger');
  await expect(stranger.fyr('restore', 'backups')).rejects.toThrow(
    /sealed under the node key [0-9a-f]{32}, which is not in/,
  );
  await expect(stranger.fyr('backup', 'list', 'backups')).rejects.toThrow('which is not in');
  for (const file of everyFile(one.backups)) expect(readFileSync(file).includes('Ås')).toBe(false);
});

test('a backup under writes is of one instant, opens elsewhere, and comes out as it was: record, blobs, keys', async () => {
  const one = await operator('writes');
  for (let i = 0; i < 40; i++) await write(one.api, `p${i}`, `Before ${i}`);
  const letter = Buffer.from('a letter '.repeat(30_000));
  const { sha256 } = await one.encryption.blobs.put('p1', [letter]);
  let isWriting = true;
  let written = 0;
  const writing = (async () => {
    for (let i = 0; isWriting; i = (i + 1) % 40, written++) await write(one.api, `p${i}`, `While ${written}`);
  })();
  const said = await one.fyr('backup', 'backups').finally(() => (isWriting = false));
  await writing;
  expect(said).toMatch(/^0 .*Backup \S+: \d+ rows and 1 blobs/s);
  expect(written).toBeGreaterThan(0);
  expect(await one.fyr('backup', 'verify', 'backups')).toMatch(/^0 .*is right: \d+ rows/s);
  const there = await one.elsewhere('writes_there');
  keysOf(one, 'writes_there');
  const told = await there.fyr('restore', 'backups');
  expect(told).toMatch(/^0 /);
  expect(told).toContain('1 put back');
  const [heads, versions] = await Promise.all([
    there.db`select sum(n) as n from head`,
    there.db`select count(*) as n, count(distinct (bucket, n)) as d from version`,
  ]);
  expect(versions[0]?.['n']).toBe(Number(heads[0]?.['n']));
  expect(await families(there.db)).toHaveLength(40);
  const opened = await openEncryption({
    db: there.db,
    node: 'region',
    nodeKey: undefined,
    nodeKeyFile: join(one.folder, 'writes_there', 'keys', 'node.key'),
    dataFolder: join(one.folder, 'writes_there'),
    clock: systemClock,
    randomness: systemRandomness,
  });
  expect(Buffer.concat(await Array.fromAsync(await opened.blobs.open('p1', sha256))).equals(letter)).toBe(true);
  const api = await testApi({}, there.url);
  expect((await api.ask('GET', 'Patient?family=before')).body.total ?? 0).toBeLessThanOrEqual(40);
  expect((await api.ask('PUT', 'Patient/p1', { ...patient('After'), id: 'p1' })).status).toBe(200);
  await api.close();
});

test('a second backup writes what changed; either of them, and any in between, is a point in time to go back to', async () => {
  const one = await operator('steps');
  for (let i = 0; i < 60; i++) await write(one.api, `s${i}`, `One ${String(i).padStart(2, '0')} ${'x'.repeat(2000)}`);
  await one.fyr('backup', 'backups');
  const first = everyFile(one.backups).length;
  const [madeFirst] = await one.db<{ at: number; bytes: number }[]>`select at, bytes_written as bytes from backup_made`;
  await write(one.api, 's1', 'Two');
  await one.api.ask('DELETE', 'Patient/s2');
  await write(one.api, 'new', 'Three');
  await one.fyr('backup', 'backups');
  const made = await one.db<
    { at: number; bytes: number }[]
  >`select at, bytes_written as bytes from backup_made order by at`;
  expect(made[1]?.bytes).toBeLessThan((madeFirst?.bytes ?? 0) / 2);
  expect(everyFile(one.backups).length).toBeGreaterThan(first);
  await write(one.api, 'late', 'Late');
  await one.fyr('backup', 'backups');
  expect((await one.fyr('backup', 'list', 'backups')).split('\n')).toHaveLength(4);
  for (const [name, at, has] of [
    ['steps_a', made[0]?.at, [60, false, false]],
    ['steps_b', made[1]?.at, [60, true, false]],
    ['steps_c', undefined, [61, true, true]],
  ] as const) {
    const there = await one.elsewhere(name);
    keysOf(one, name);
    await there.fyr('restore', 'backups', ...(at === undefined ? [] : ['--to', new Date(at + 1).toISOString()]));
    const found = await families(there.db);
    expect([found.length, found.includes('Two'), found.includes('Late')]).toEqual(has);
  }
});

test('a patient who was purged at a site is in no later backup, though earlier pieces have her', async () => {
  const one = await operator('purge');
  await write(one.api, 'stays', 'Stays');
  await write(one.api, 'goes', 'Goes');
  await one.fyr('backup', 'backups');
  await one.db`delete from version where id = 'goes'`;
  await one.db`delete from resource where id = 'goes'`;
  await write(one.api, 'comes', 'Comes');
  await one.fyr('backup', 'backups');
  expect(await one.fyr('backup', 'verify', 'backups')).toMatch(/^0 /);
  const there = await one.elsewhere('purge_there');
  keysOf(one, 'purge_there');
  await there.fyr('restore', 'backups');
  expect(await families(there.db)).toEqual(['Comes', 'Stays']);
});

test('a damaged file is refused, wherever the damage is, and nothing stands under the name', async () => {
  const one = await operator('damage');
  for (let i = 0; i < 20; i++) await write(one.api, `d${i}`, `Name ${i}`);
  await one.fyr('backup', 'backups');
  keysOf(one, 'damage_there');
  const there = await one.elsewhere('damage_there');
  const pieces = everyFile(join(one.backups, 'pieces')).sort((a, b) => readFileSync(b).length - readFileSync(a).length);
  for (const file of [pieces[0] as string, pieces[1] as string, everyFile(join(one.backups, 'backups'))[0] as string]) {
    const good = readFileSync(file);
    const bad = Buffer.from(good);
    bad[Math.floor(bad.length * 0.7)] = (bad[Math.floor(bad.length * 0.7)] ?? 0) ^ 1;
    for (const wrong of [bad, good.subarray(0, good.length - 20)]) {
      writeFileSync(file, wrong);
      await expect(there.fyr('restore', 'backups')).rejects.toThrow(/damaged|cut off|not what was written/);
      await expect(one.fyr('backup', 'verify', 'backups')).rejects.toThrow(/damaged|cut off|not what was written/);
    }
    writeFileSync(file, good);
  }
  rmSync(pieces[2] as string);
  await expect(there.fyr('restore', 'backups')).rejects.toThrow('is missing from the backup');
  await expect(there.db`select 1`).rejects.toThrow('does not exist');
});

test('a blob that rotted is not backed up as good, and one that the backup lost is told by name', async () => {
  const one = await operator('rot');
  const { sha256 } = await one.encryption.blobs.put('ada', [Buffer.from('good letter')]);
  await one.fyr('backup', 'backups');
  await one.encryption.blobs.put('ada', [Buffer.from('bad letter')]);
  const kept = everyFile(join(one.backups, 'blobs'))[0] ?? '';
  const spoiled = everyFile(join(one.folder, 'var', 'blobs')).find((file) => !kept.endsWith(file.slice(-64))) ?? '';
  const bytes = readFileSync(spoiled);
  bytes[bytes.length - 3] = (bytes[bytes.length - 3] ?? 0) ^ 1;
  writeFileSync(spoiled, bytes);
  expect(await one.fyr('backup', 'backups')).toMatch(/^1 .*1 blobs are damaged here/s);
  writeFileSync(kept, 'x'.repeat(readFileSync(kept).length));
  expect(await one.fyr('backup', 'verify', 'backups')).toMatch(/^1 .*1 blobs of the backup/s);
  const there = await one.elsewhere('rot_there');
  keysOf(one, 'rot_there');
  const said = await there.fyr('restore', 'backups');
  expect(said).toMatch(/^1 /);
  expect(said).toContain(kept.slice(-64));
  expect(await one.encryption.blobs.has('ada', sha256)).toBe(true);
});

test('a restored node that had to do with others has a new epoch and a new life', async () => {
  const one = await operator('epoch');
  await one.db`insert into sync_line (epoch, confirmed, tried) values ('first', 'a', '{b}')`;
  await one.db`insert into sync_child (child, token, life) values ('site', 'old', 1)`;
  await one.fyr('backup', 'backups');
  const there = await one.elsewhere('epoch_there');
  keysOf(one, 'epoch_there');
  expect(await there.fyr('restore', 'backups')).toContain('This node has a new epoch');
  const [line] = await there.db`select epoch, life, confirmed, tried from sync_line`;
  expect(line).toMatchObject({ confirmed: '', tried: [] });
  expect(line?.['epoch']).not.toBe('first');
  expect(line?.['life']).toBeGreaterThan(1);
  // Whom it spoke with since, it does not know: a site that has gone on is no copy.
  expect(await there.db`select child from sync_child`).toHaveLength(0);
});

test('another node’s backup is refused: two of one name would shut each other out', async () => {
  const one = await operator('other');
  await one.fyr('backup', 'backups');
  one.environment['FYR_NODE'] = 'site-a';
  await expect(one.fyr('restore', 'backups', '--aside')).rejects.toThrow('This is a backup of the node region');
});

test('old backups go, with what only they needed, and the newest is still whole', async () => {
  const one = await operator('prune');
  await write(one.api, 'a', 'Ås');
  await one.fyr('backup', 'backups');
  const [old] = readdirSync(join(one.backups, 'backups'));
  const aged = `2025-01-01T000000.000Z-${old?.slice(-8)}`;
  cpSync(join(one.backups, 'backups', old ?? ''), join(one.backups, 'backups', aged));
  rmSync(join(one.backups, 'backups', old ?? ''));
  await write(one.api, 'b', 'Bø');
  await one.fyr('backup', 'backups', '--full');
  const before = everyFile(one.backups).length;
  expect(await one.fyr('backup', 'prune', 'backups', '--keep-days', '30')).toMatch(/^0 1 backups, [1-9]\d* pieces/);
  expect(everyFile(one.backups).length).toBeLessThan(before);
  expect(await one.fyr('backup', 'verify', 'backups')).toMatch(/^0 /);
});

test('killed in the middle, a backup leaves the earlier one, and a restore starts over', async () => {
  const one = await operator('kill');
  for (let i = 0; i < 30; i++) await write(one.api, `k${i}`, `Name ${i} ${'y'.repeat(500)}`);
  await one.fyr('backup', 'backups');
  await one.db`insert into version (bucket, n, updated, version, type, id, version_id, interaction, content)
    select 7, 1000000 + i, now(), i, 'Basic', 'filler', i::text, 'update', repeat(md5(i::text), 40) from generate_series(1, 40000) i`;
  const killed = async (
    environment: { [name: string]: string },
    words: string[],
    when: () => boolean,
  ): Promise<void> => {
    const child = spawn(process.execPath, [join(import.meta.dirname, '../main.ts'), ...words], {
      cwd: one.folder,
      env: { PATH: process.env['PATH'], ...environment },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const over = once(child, 'exit');
    await expect.poll(() => when() || child.exitCode !== null, { interval: 2, timeout: 20_000 }).toBe(true);
    child.kill('SIGKILL');
    await over;
    expect(child.signalCode).toBe('SIGKILL');
  };
  const incoming = join(one.backups, 'incoming');
  await killed(
    one.environment,
    ['backup', one.backups, '--full'],
    () => existsSync(incoming) && readdirSync(incoming).length > 0,
  );
  expect(readdirSync(join(one.backups, 'backups'))).toHaveLength(1);
  await one.db`delete from version where id = 'filler'`;
  expect(await one.fyr('backup', 'verify', 'backups')).toMatch(/^0 /);
  const there = await one.elsewhere('kill_there');
  keysOf(one, 'kill_there');
  const coming = `${there.url.split('/').at(-1)}_restoring`;
  await createDatabase(inject('databaseServer'), coming);
  const half = openDatabase(there.url.replace(/[^/]*$/, coming), { connectionsMax: 1 });
  await half`create table version (half int)`;
  await half.end();
  expect(await there.fyr('restore', 'backups')).toMatch(/^0 /);
  expect(await families(there.db)).toHaveLength(30);
  expect(await one.fyr('backup', 'backups')).toMatch(/^0 /);
  expect(existsSync(incoming) ? readdirSync(incoming) : []).toEqual([]);
});
