/** Writing: what can't be kept is refused, several processes share one log, and a crash at any point leaves a log that goes on. */
import { fork } from 'node:child_process';
import { createPublicKey } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openDatabase, type Db } from '#kernel/db.ts';
import { ownDatabaseUrl } from '../../../test/support/database.ts';
import { readAnchors } from './anchors.ts';
import { createAppender } from './append.ts';
import { entriesAfter, lastNumber } from './entry-store.ts';
import type { Finding } from './finding.ts';
import { openLogKey } from './key-file.ts';
import { accessEntry, openTestLog, temporaryFolder } from './log-for-test.ts';
import { leafOf } from './merkle.ts';
import { sealsAfter } from './seal-store.ts';
import { verifyLog, type Verified } from './verify.ts';

async function ownLog(name: string, options: Parameters<typeof openTestLog>[1] = {}) {
  const url = await ownDatabaseUrl(`append_${name}`);
  const db = openDatabase(url, { connectionsMax: 3 });
  const log = await openTestLog(url, options);
  onTestFinished(async () => {
    await log.stop();
    await db.end();
  });
  return { url, db, log };
}

async function verified(
  db: Db,
  more: Partial<Parameters<typeof verifyLog>[1]> = {},
): Promise<Verified & { findings: Finding[] }> {
  const findings: Finding[] = [];
  const result = await verifyLog(db, { node: 'test', onFinding: (finding) => findings.push(finding), ...more });
  return { ...result, findings };
}

test('an entry that the database does not take is refused, and its neighbours in the group are kept', async () => {
  const { db, log } = await ownLog('refused');
  await db`alter table access_entry add check (content not like '%forbidden%')`;
  const fates = await Promise.allSettled([
    log.append([accessEntry()]),
    log.append([accessEntry({ ground: 'one' }), accessEntry({ ground: 'forbidden' })]),
    log.append([accessEntry()]),
  ]);
  expect(fates.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect((fates[1] as PromiseRejectedResult).reason).toMatchObject({ kind: 'unavailable' });
  expect(await lastNumber(db)).toBe(2);
});

test('a database that is gone refuses', async () => {
  const { url } = await ownLog('gone');
  const db = openDatabase(url.replace(/\/[^/]*$/, '/there_is_no_such_database'), { connectionsMax: 1 });
  onTestFinished(() => db.end({ timeout: 1 }));
  await expect(createAppender(db).append([accessEntry()])).rejects.toMatchObject({ kind: 'unavailable' });
});

test('when more waits than can, the rest is refused at once, and what was taken is kept', async () => {
  const { db } = await ownLog('full');
  const appender = createAppender(db, { waitingMax: 10, groupMax: 2 });
  const fates = await Promise.allSettled(Array.from({ length: 30 }, () => appender.append([accessEntry()])));
  expect(fates.filter(({ status }) => status === 'fulfilled').length).toBe(10);
  expect(await lastNumber(db)).toBe(10);
});

test('what is not durable in time is refused', async () => {
  const { db } = await ownLog('slow');
  const appender = createAppender(db, { durableMs: 100 });
  const blocked = await db.reserve();
  await blocked`begin`;
  await blocked`lock access_head in access exclusive mode`;
  await expect(appender.append([accessEntry()])).rejects.toMatchObject({ kind: 'unavailable' });
  await blocked`rollback`;
  blocked.release();
  await appender.idle();
});

test('what was answered is durable, numbered in order and without gaps', async () => {
  const { db, log } = await ownLog('order');
  await Promise.all(Array.from({ length: 200 }, (_, i) => log.append([accessEntry({ ground: `${i}` })])));
  const rows = await db<
    { number: number; content: string }[]
  >`select number, content from access_entry order by number`;
  expect(rows.map(({ number }) => number)).toEqual(Array.from({ length: 200 }, (_, i) => i + 1));
  expect(new Set(rows.map(({ content }) => content)).size).toBe(200);
});

test('when an append resolves, its entry is committed: another connection sees it at once', async () => {
  const { url, db, log } = await ownLog('committed');
  const other = openDatabase(url, { connectionsMax: 1 });
  onTestFinished(() => other.end());
  await Promise.all(
    Array.from({ length: 16 }, async (_, caller) => {
      for (let round = 0; round < 10; round++) {
        const ground = `${caller} ${round}`;
        await log.append([accessEntry({ ground })]);
        const [row] = await other`select number from access_entry where content like ${`%"g":"${ground}"%`}`;
        expect(row, ground).toBeDefined();
      }
    }),
  );
  expect(await lastNumber(db)).toBe(160);
});

test('callers who come together go together, and one who comes alone again does not wait for them', async () => {
  const { url } = await ownLog('together');
  const groups: number[] = [];
  const noted = (text: string, [size]: unknown[]): void => void (text.includes('raised') && groups.push(Number(size)));
  const watched = openDatabase(url, { connectionsMax: 1, onStatement: noted });
  onTestFinished(() => watched.end());
  // Long enough that a machine under load takes none for late.
  const appender = createAppender(watched, { gatherMs: 500 });
  const caller = async (): Promise<void> => {
    for (let round = 0; round < 8; round++) await appender.append([accessEntry()]);
  };
  await Promise.all(Array.from({ length: 16 }, caller));
  expect(groups.reduce((sum, size) => sum + size)).toBe(128);
  expect(groups.length).toBeLessThan(28);
  groups.length = 0;
  for (let round = 0; round < 8; round++) await appender.append([accessEntry()]);
  expect(groups).toEqual(Array.from({ length: 8 }, () => 1));
  await appender.idle();
});

test('texts of any kind come back as they went in, whatever stands beside them in the group', async () => {
  const { db, log } = await ownLog('texts');
  const texts = [
    'a\nb',
    '{"x":"\\n,}"}',
    "'; drop table access_entry; --",
    '\u0000\u0007\ud800',
    'ærlig 🐟',
    'NULL',
    '',
  ];
  await Promise.all(texts.map((ground) => log.append([accessEntry({ ground, patient: undefined })])));
  const rows = await db<
    { content: string; patient: null }[]
  >`select content, patient from access_entry order by number`;
  expect(rows.map(({ content }) => (JSON.parse(content) as { g: string }).g)).toEqual(texts);
  expect(rows.every(({ patient }) => patient === null)).toBe(true);
});

test('two processes of one node write and seal one log, and it is whole', async () => {
  const folder = temporaryFolder();
  const keyFile = join(folder, 'log.key');
  const { url, db, log } = await ownLog('two', { privateKey: openLogKey(keyFile) });
  log.start();
  const children = ['a', 'b'].map((name) => {
    const child = fork(join(import.meta.dirname, 'writer-for-test.ts'), [url, keyFile, join(folder, name), '150']);
    return new Promise<number | null>((resolve) => child.once('exit', resolve));
  });
  await Promise.all([...children, ...Array.from({ length: 150 }, () => log.append([accessEntry()]))]);
  expect(await Promise.all(children)).toEqual([0, 0]);
  await log.seal();
  const result = await verified(db, {
    publicKey: createPublicKey(log.privateKey),
    witnesses: ['a', 'b'].map((name) => ({ name, anchors: readAnchors(join(folder, name)) })),
  });
  expect(result).toMatchObject({ entries: 450, unsealed: 0, isWhole: true, findings: [] });
});

test('a process killed between appending and sealing: the next one seals what it left', async () => {
  const folder = temporaryFolder();
  const keyFile = join(folder, 'log.key');
  const { url, db, log } = await ownLog('killed', { privateKey: openLogKey(keyFile) });
  const child = fork(join(import.meta.dirname, 'writer-for-test.ts'), [url, keyFile, join(folder, 'a'), 'kill']);
  await new Promise((resolve) => child.once('exit', resolve));
  const kept = await lastNumber(db);
  expect(kept).toBeGreaterThan(0);
  expect(await verified(db)).toMatchObject({ unsealed: kept, isWhole: true });
  await log.seal();
  expect(await verified(db)).toMatchObject({ unsealed: 0, isWhole: true });
});

test('what a seal takes in ends at a gap or a number that is there twice, and the next goes on behind it', async () => {
  const { db, log } = await ownLog('gap');
  const texts = ['{"x":"ærlig\\\\ \\n 🐟"}', '\\x00', 'a\tb', '', 'b'];
  for (const [index, content] of texts.entries()) {
    const number = [3, 4, 5, 7, 8][index] as number;
    await db`insert into access_entry (number, at, who, actor, action, outcome, content)
      values (${number}, ${index * 1000}::timestamptz, 1, gen_random_uuid(), 0, 0, ${content})`;
  }
  const leaves = (from: number, until: number, first: number) =>
    Buffer.concat(texts.slice(from, until).map((content, index) => leafOf(first + index, content)));
  const whole = { first: 3, last: 5, since: 0, until: 2000, found: 5, leaves: leaves(0, 3, 3) };
  expect(await entriesAfter(db, 0, 1000)).toEqual(whole);
  expect(await entriesAfter(db, 5, 1000)).toEqual({
    first: 7,
    last: 8,
    since: 3000,
    until: 4000,
    found: 2,
    leaves: leaves(3, 5, 7),
  });
  expect(await entriesAfter(db, 3, 1)).toMatchObject({ first: 4, last: 4, found: 1 });
  expect(await entriesAfter(db, 8, 1000)).toBeUndefined();
  await db`insert into access_entry (number, at, who, actor, action, outcome, content)
    values (4, to_timestamp(9), 1, gen_random_uuid(), 0, 0, 'twice')`;
  expect(await entriesAfter(db, 0, 1000)).toMatchObject({ first: 3, last: 4, found: 6 });
  await log.seal();
  const seals = await sealsAfter(db, 0, 10);
  expect(seals.map(({ first, last }) => [first, last])).toEqual([
    [3, 4],
    [5, 5],
    [7, 8],
  ]);
  expect(log.problems.join()).toContain('entries are missing');
});

test('an anchor that a crash cut short in the middle of a line is passed over, and the next stands whole', async () => {
  const { url, db, log } = await ownLog('anchor');
  await log.append([accessEntry()]);
  await log.seal();
  const day = new Date().toISOString().slice(0, 10);
  await log.stop();
  writeFileSync(join(log.anchorFolder, `${day}.txt`), '2 2 17', { flag: 'a' });
  const again = await openTestLog(url, {
    privateKey: log.privateKey,
    anchorFolder: log.anchorFolder,
  });
  await again.append([accessEntry()]);
  await again.stop();
  const anchors = await Array.fromAsync(readAnchors(log.anchorFolder));
  expect(anchors.map(({ seal }) => seal)).toEqual([1, 2]);
  const witnesses = [{ name: 'the anchors', anchors: readAnchors(log.anchorFolder) }];
  expect(await verified(db, { witnesses })).toMatchObject({ isWhole: true, seals: 2 });
});

test('seals that were not anchored before a crash are anchored at the next start', async () => {
  const { url, db, log } = await ownLog('late');
  await log.append([accessEntry()]);
  await log.seal();
  const later = await openTestLog(url, { privateKey: log.privateKey, anchorFolder: temporaryFolder() });
  onTestFinished(() => later.stop());
  await later.seal();
  expect(await Array.fromAsync(readAnchors(later.anchorFolder))).toHaveLength(1);
  expect(await sealsAfter(db, 0, 10)).toHaveLength(1);
});

test('a key that was lost and made anew goes on sealing, and verification says that nobody vouched for it', async () => {
  const { url, db, log } = await ownLog('lost_key');
  await log.append([accessEntry()]);
  await log.seal();
  const other = await openTestLog(url);
  onTestFinished(() => other.stop());
  await other.append([accessEntry()]);
  await other.seal();
  expect(other.problems.join()).toContain('not vouched for');
  expect((await verified(db)).findings.map(({ kind }) => kind)).toEqual(['key']);
});
