/** `fyr log` as an operator gives it: a log is written, altered by a superuser, and the command names the entry. */
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { readConfig } from '#kernel/config.ts';
import { openDatabase, type Db } from '#kernel/db.ts';
import { systemClock } from '#kernel/clock.ts';
import { openAccessLog, openLogKey, type AccessEntry, type OpenAccessLog } from '#trust/access-log/index.ts';
import { ownDatabaseUrl } from '../../test/support/database.ts';
import { runCommand } from './index.ts';

type Operator = {
  folder: string;
  db: Db;
  log: OpenAccessLog;
  keyFile: string;
  fyr(...words: string[]): Promise<{ code: number; said: string }>;
};

async function operator(name: string): Promise<Operator> {
  const folder = mkdtempSync(join(tmpdir(), 'fyr-cli-log-'));
  const databaseUrl = await ownDatabaseUrl(`cli_log_${name}`);
  const environment = { DATABASE_URL: databaseUrl, FYR_DATA: join(folder, 'var'), FYR_SAMPLE: '0', FYR_NODE: 'region' };
  const { config } = readConfig(environment, folder);
  const { keyFile, anchorFolder } = config.accessLog;
  const db = openDatabase(databaseUrl, { connectionsMax: 2 });
  const log = await openAccessLog({
    databaseUrl,
    clock: systemClock,
    node: 'region',
    privateKey: openLogKey(keyFile),
    anchorFolder,
    report: (_event, error) => {
      throw error;
    },
  });
  onTestFinished(async () => {
    await log.stop().catch(() => {});
    await db.end();
    rmSync(folder, { recursive: true, force: true });
  });
  const fyr: Operator['fyr'] = async (...words) => {
    let said = '';
    const code = await runCommand(words, {
      readConfig: () => readConfig(environment, folder),
      folder,
      output: { write: (text: string) => (said += text), isTTY: false },
      signal: new AbortController().signal,
    });
    return { code, said };
  };
  return { folder, db, log, keyFile, fyr };
}

const entry = (name: string): AccessEntry => ({
  at: systemClock.now(),
  action: 'read',
  patient: 'torleif',
  request: 'r',
  who: { kind: 'personnel', reference: `Practitioner/${name}`, name },
  what: { types: { Observation: 1 }, resources: ['Observation/1'] },
  purpose: 'TREAT',
  ground: 'care-relationship:Encounter/1',
  outcome: 'allowed',
  from: { address: '10.0.0.1' },
});

test('wrong use is refused in plain words', async () => {
  const { fyr, folder } = await operator('wrong_use');
  writeFileSync(join(folder, 'nonsense'), 'not a key');
  for (const words of [
    ['verify', 'all'],
    ['verify', '--from', 'monday'],
    ['verify', '--public-key', 'nonsense'],
    ['verify', '--neighbour', 'missing'],
    ['proof'],
    ['proof', 'x'],
    ['proof', '7'],
    ['check-proof', 'missing'],
    ['export'],
    ['export', '/no/such/folder/file'],
    ['kept', 'site'],
    ['new-key', 'now'],
  ])
    await expect(fyr('log', ...words), words.join(' ')).rejects.toMatchObject({ name: 'Fault' });
  expect(await fyr('log', 'check-proof', 'nonsense')).toMatchObject({ code: 1 });
});

test('verify names the entry that a superuser altered, when it was and by whom, and says what was asked', async () => {
  const { db, log, fyr } = await operator('verify');
  await log.append([entry('Kari'), entry('Ola')]);
  await log.seal();
  const whole = await fyr('log', 'verify');
  expect(whole.code).toBe(0);
  expect(whole.said).toMatch(
    /2 entries under 1 seals.*0 not sealed yet[\s\S]*held against the anchors in[\s\S]*Nothing was touched/,
  );
  await db`update access_entry set content = replace(content, '10.0.0.1', '10.0.0.2') where number = 2`;
  const altered = await fyr('log', 'verify');
  expect(altered.code).toBe(1);
  expect(altered.said).toMatch(/Entry 2 \(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC, Ola \(Practitioner\/Ola\)\): .*altered/);
  expect(altered.said).toContain('1 thing was found.');
});

test('a proof goes from file to file and is checked without the database', async () => {
  const { db, folder, log, fyr } = await operator('proof');
  await log.append([entry('Kari'), entry('Ola')]);
  await log.seal();
  await fyr('log', 'proof', '2', '--out', 'two.json');
  expect(statSync(join(folder, 'two.json')).mode & 0o077).toBe(0);
  await db`delete from access_entry`;
  writeFileSync(join(folder, 'key.pem'), (await fyr('log', 'key')).said);
  const checked = await fyr('log', 'check-proof', 'two.json', '--public-key', 'key.pem');
  expect(checked).toMatchObject({ code: 0 });
  expect(checked.said).toMatch(/Proven: entry 2 is in the access log of region[\s\S]*Ola/);
  writeFileSync(join(folder, 'forged.json'), readFileSync(join(folder, 'two.json'), 'utf8').replaceAll('Ola', 'Per'));
  expect(await fyr('log', 'check-proof', 'forged.json')).toMatchObject({ code: 1 });
});

test('export writes every entry, is in the log itself, and does not write over a file', async () => {
  const { folder, log, fyr } = await operator('export');
  await log.append([entry('Kari'), entry('Ola')]);
  expect((await fyr('log', 'export', 'all.ndjson')).code).toBe(0);
  const lines = readFileSync(join(folder, 'all.ndjson'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines.map(({ number, who }) => [number, who.name])).toEqual([
    [1, 'Kari'],
    [2, 'Ola'],
  ]);
  expect(await log.reader.entry(3)).toMatchObject({ action: 'export', who: { name: 'log-export' } });
  await expect(fyr('log', 'export', 'all.ndjson')).rejects.toMatchObject({ kind: 'invalid' });
});

test('prune takes nothing without --yes, and nothing that is younger than the years say', async () => {
  const { db, log, fyr } = await operator('prune');
  await log.append([{ ...entry('Kari'), at: Date.parse('2012-01-01') }]);
  await log.seal();
  await log.append([entry('Ola')]);
  await log.seal();
  expect((await fyr('log', 'prune')).said).toContain('10 years');
  expect(await db`select number from access_entry`).toHaveLength(2);
  expect((await fyr('log', 'prune', '--yes')).said).toMatch(/up to 1 are gone. Entry 3/);
  expect((await db`select number from access_entry order by number`).map(({ number }) => number)).toEqual([2, 3]);
  expect((await fyr('log', 'verify')).said).toMatch(/up to 1 were taken away[\s\S]*Nothing was touched/);
  expect((await fyr('log', 'prune', '--yes')).said).toContain('nothing from before');
});

test('a new key takes over by the word of the old one, in a file that only its owner reads', async () => {
  const { log, keyFile, fyr } = await operator('new_key');
  await log.append([entry('Kari')]);
  await log.stop();
  const before = (await fyr('log', 'key')).said;
  expect((await fyr('log', 'new-key')).said).toContain('From seal 3 on');
  expect((await fyr('log', 'key')).said).not.toBe(before);
  expect(statSync(keyFile).mode & 0o077).toBe(0);
  await fyr('log', 'export', 'x.ndjson');
  expect((await fyr('log', 'verify')).said).toContain('Nothing was touched');
});

test('what is kept for a neighbour is a file that the neighbour verifies with', async () => {
  const site = await operator('kept_site');
  const region = await operator('kept_region');
  await region.log.append([entry('Kari')]);
  await region.log.seal();
  await site.log.neighbours.keepForeignSeals('region', await region.log.neighbours.sealsAfter(0));
  const file = join(region.folder, 'kept.txt');
  expect((await site.fyr('log', 'kept', 'region', file)).said).toContain('1 seals of region');
  expect((await region.fyr('log', 'verify', '--neighbour', 'kept.txt')).said).toMatch(/the neighbour in .*kept.txt/);
  await region.db`delete from access_seal`;
  await region.db`delete from access_entry`;
  await region.db`update access_head set number = 0`;
  const cut = await region.fyr('log', 'verify', '--neighbour', 'kept.txt');
  expect(cut.said.match(/the end of the log was cut off/g)).toHaveLength(2);
});
