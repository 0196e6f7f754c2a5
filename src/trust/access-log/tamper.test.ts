/** Whoever has the database in his hands, its superuser too, can change any row. Each way of doing it is named by verification. */
import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { afterEach, expect, test } from 'vitest';
import { openDatabase, type Db } from '#kernel/db.ts';
import { ownDatabaseUrl } from '../../../test/support/database.ts';
import { readAnchors } from './anchors.ts';
import type { Finding } from './finding.ts';
import { accessEntry, openTestLog, temporaryFolder, type TestLog } from './log-for-test.ts';
import { sealText, signSeal, type Seal } from './seal.ts';
import { verifyLog, type Verified } from './verify.ts';

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

type Sealed = { db: Db; url: string; log: TestLog; verify(options?: { without?: 'anchors' | 'key' }): Promise<Result> };
type Result = Verified & { findings: Finding[] };

/** Three seals of four entries each: 1–4, 5–8, 9–12, by three people. */
async function sealedLog(name: string): Promise<Sealed> {
  const url = await ownDatabaseUrl(`log_${name}`);
  const db = openDatabase(url, { connectionsMax: 3 });
  const log = await openTestLog(url);
  closers.push(
    () => db.end(),
    () => log.stop(),
  );
  for (const person of ['kari', 'ola', 'per']) {
    const who = { kind: 'personnel', reference: `Practitioner/${person}`, name: person } as const;
    for (let i = 0; i < 4; i++) await log.append([accessEntry({ who, patient: `patient-${i}` })]);
    await log.seal();
  }
  const verify: Sealed['verify'] = async ({ without } = {}) => {
    const findings: Finding[] = [];
    const verified = await verifyLog(db, {
      node: 'test',
      ...(without === 'key' ? {} : { publicKey: createPublicKey(log.privateKey) }),
      witnesses: without === 'anchors' ? [] : [{ name: 'the anchors on disk', anchors: readAnchors(log.anchorFolder) }],
      onFinding: (finding) => findings.push(finding),
    });
    return { ...verified, findings };
  };
  return { db, url, log, verify };
}

const brief = ({ findings }: Result): string[] =>
  findings.map(({ kind, number, seal }) => `${kind} ${number ?? `seal ${seal}`}`);

test('an entry whose content was altered is named, with time and person', async () => {
  const { db, verify } = await sealedLog('altered');
  await db`update access_entry set content = replace(content, 'Observation/1', 'Observation/2') where number = 6`;
  const result = await verify();
  expect(brief(result)).toEqual(['altered 6']);
  expect(result.findings[0]?.who).toBe('ola (Practitioner/ola)');
  expect(result.findings[0]?.at).toBeGreaterThan(1_700_000_000_000);
  expect(result.isWhole).toBe(false);
});

test('an entry that was removed is named by its number, between the times of its seal', async () => {
  const { db, verify } = await sealedLog('removed');
  await db`delete from access_entry where number = 7`;
  expect(brief(await verify())).toEqual(['removed 7']);
});

test('an entry that was put among the sealed ones is named, under a number that is taken', async () => {
  const { db, verify } = await sealedLog('inserted');
  await db`insert into access_entry select number, at + interval '1 ms', patient, who, actor, action, outcome, content
    from access_entry where number = 3`;
  expect((await verify()).findings.map(({ kind }) => kind)).toContain('inserted');
});

test('an entry under a number that was never given is named', async () => {
  const { db, verify } = await sealedLog('beyond');
  await db`insert into access_entry select 13, at, patient, who, actor, action, outcome, content from access_entry where number = 3`;
  expect(brief(await verify())).toEqual(['inserted 13']);
});

test('two entries that changed places are named', async () => {
  const { db, verify } = await sealedLog('moved');
  // By way of a free number: two entries of one millisecond can't change places at once.
  await db`update access_entry set number = 1000 where number = 2`;
  await db`update access_entry set number = 2 where number = 3`;
  await db`update access_entry set number = 3 where number = 1000`;
  expect(brief(await verify())).toEqual(['moved 2', 'moved 3']);
});

test('the end cut off with its seals, the count set back: the anchors name what is missing', async () => {
  const { db, verify } = await sealedLog('cut');
  await db`delete from access_entry where number > 8`;
  await db`delete from access_seal where number = 3`;
  await db`update access_head set number = 8`;
  const result = await verify();
  expect(brief(result)).toEqual(['cut off 9']);
  expect(result.findings[0]?.problem).toContain('entries 9 to 12');
  expect((await verify({ without: 'anchors' })).isWhole).toBe(true);
});

test('the end cut off without its seals is named by the seals themselves', async () => {
  const { db, verify } = await sealedLog('cut_entries');
  await db`delete from access_entry where number > 8`;
  await db`update access_head set number = 8`;
  expect((await verify({ without: 'anchors' })).findings.map(({ kind }) => kind)).toContain('cut off');
});

test('the end cut off and written anew under the same numbers: the anchors have other seals', async () => {
  const { db, log, verify } = await sealedLog('anew');
  await db`delete from access_entry where number > 8`;
  await db`delete from access_seal where number = 3`;
  await db`update access_head set number = 8`;
  await log.append([accessEntry()]);
  await log.seal();
  expect(brief(await verify())).toEqual(['seal altered seal 3']);
});

test('a seal that was removed is named', async () => {
  const { db, verify } = await sealedLog('seal_removed');
  await db`delete from access_seal where number = 2`;
  const result = await verify();
  expect(result.findings.map(({ kind, seal }) => `${kind} ${seal}`)).toEqual(['seal removed 2']);
  expect(result.findings[0]?.problem).toContain('entries 5 to 8');
});

test.for([
  ['root', 'root = sha256(root)'],
  ['signature', 'signature = set_byte(signature, 5, (get_byte(signature, 5) + 1) % 256)'],
  ['sealed', "sealed = sealed + interval '1 hour'"],
  ['first', 'first = first + 1'],
  ['last', 'last = last + 1'],
  ['previous', 'previous = sha256(previous)'],
  ['key', 'key = sha256(key)'],
])('a seal whose %s was altered is named, and its entries are not accused', async ([column, change]) => {
  const { db, verify } = await sealedLog(`seal_${column}`);
  await db.unsafe(`update access_seal set ${change} where number = 2`);
  const result = await verify();
  expect(result.findings.some(({ kind, seal }) => kind === 'seal altered' && seal === 2)).toBe(true);
  expect(result.findings.filter(({ kind }) => kind !== 'seal altered')).toEqual([]);
});

test('an entry altered together with the list of hashes of its seal: the seal says that it is one of these', async () => {
  const { db, verify } = await sealedLog('leaves');
  await db`update access_entry set content = replace(content, 'Observation/1', 'Observation/2') where number = 6`;
  await db`update access_seal set leaves = sha256('a') || substring(leaves from 33) where number = 2`;
  const result = await verify();
  expect(result.findings.map(({ kind, seal }) => `${kind} ${seal}`)).toEqual(['altered 2']);
  expect(result.findings[0]?.problem).toContain('entries 5 to 8');
});

test('a log made anew with another key is found by the key that is known, and by the anchors', async () => {
  const { db, url, log, verify } = await sealedLog('other_key');
  await db`update access_entry set content = replace(content, 'Observation/1', 'Observation/2') where number = 6`;
  await db`delete from access_seal`;
  await db`delete from access_key`;
  const forger = await openTestLog(url, {
    privateKey: generateKeyPairSync('ed25519').privateKey,
    anchorFolder: temporaryFolder(),
  });
  await forger.seal();
  await forger.stop();
  expect((await verify({ without: 'anchors' })).findings.map(({ kind }) => kind)).toEqual(['key']);
  expect((await verify({ without: 'key' })).findings.length).toBeGreaterThan(0);
  expect(log.problems).toEqual([]);
});

test('a seal by a stranger in the middle of the chain is named', async () => {
  const { db, verify } = await sealedLog('stranger');
  const [row] = await db<Seal[]>`select * from access_seal where number = 3`;
  const seal: Seal = { ...(row as Seal), node: 'test', sealed: (row as Seal).sealed + 1 };
  const forged = signSeal(seal, generateKeyPairSync('ed25519').privateKey);
  expect(sealText(forged)).toBe(sealText(seal));
  await db`update access_seal set signature = ${forged.signature}, sealed = ${seal.sealed}::timestamptz where number = 3`;
  expect(brief(await verify({ without: 'anchors' }))).toEqual(['seal altered seal 3']);
});

test.for([
  ['patient', 'patient = 42'],
  ['who', 'who = 42'],
  ['at', "at = at - interval '1 hour'"],
  ['action', 'action = 3'],
  ['outcome', 'outcome = 1'],
  ['actor', "actor = '00000000-0000-0000-0000-000000000000'"],
])('a column that an entry is found by, %s, is compared with its content', async ([column, change]) => {
  const { db, verify } = await sealedLog(`column_${column}`);
  await db.unsafe(`update access_entry set ${change} where number = 6`);
  const result = await verify();
  expect(brief(result)).toEqual(['column 6']);
  expect(result.findings[0]?.problem).toContain(column);
});

test('the text that says who acted is held to the hash in the entries', async () => {
  const { db, verify } = await sealedLog('actor');
  await db`update access_actor set content = replace(content, 'ola', 'nobody') where content like '%ola%'`;
  expect(brief(await verify())).toEqual(['actor 5']);
  await db`delete from access_actor where content like '%nobody%'`;
  expect(brief(await verify())).toEqual(['actor 5']);
});

test('a log that nobody touched is whole, and what is not sealed yet is counted', async () => {
  const { log, verify } = await sealedLog('whole');
  await log.append([accessEntry(), accessEntry()]);
  expect(await verify()).toMatchObject({ isWhole: true, entries: 14, seals: 3, unsealed: 2, findings: [] });
  await log.seal();
  expect(await verify()).toMatchObject({ isWhole: true, entries: 14, seals: 4, unsealed: 0 });
});
