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
import { lastNumber } from './entry-store.ts';
import type { Finding } from './finding.ts';
import { openLogKey } from './key-file.ts';
import { accessEntry, openTestLog, temporaryFolder } from './log-for-test.ts';
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
