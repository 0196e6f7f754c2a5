/** `fyr keys` and `fyr ca` as an operator gives them. */
import { X509Certificate } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { readConfig } from '#kernel/config.ts';
import { systemClock } from '#kernel/clock.ts';
import { openDatabase } from '#kernel/db.ts';
import { systemRandomness } from '#kernel/ids.ts';
import { openEncryption } from '#trust/encryption/index.ts';
import { ownDatabaseUrl } from '../../test/support/database.ts';
import { runCommand } from './index.ts';

type Operator = {
  folder: string;
  databaseUrl: string;
  fyr(...words: string[]): Promise<string>;
  set(name: string, value: string): void;
};

async function operator(name: string): Promise<Operator> {
  const folder = mkdtempSync(join(tmpdir(), 'fyr-cli-keys-'));
  const databaseUrl = await ownDatabaseUrl(`cli_${name}`);
  const environment: { [name: string]: string } = {
    DATABASE_URL: databaseUrl,
    FYR_DATA: join(folder, 'var'),
    FYR_SAMPLE: '0',
  };
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const fyr: Operator['fyr'] = async (...words) => {
    let said = '';
    const code = await runCommand(words, {
      readConfig: () => readConfig(environment, folder),
      folder,
      output: { write: (text: string) => (said += text), isTTY: false },
      signal: new AbortController().signal,
    });
    return `${code} ${said}`;
  };
  return { folder, databaseUrl, fyr, set: (setting, value) => void (environment[setting] = value) };
}

test('fyr keys: a node key is made, rotated, and removed once nothing hangs on it', async () => {
  const { folder, databaseUrl, fyr } = await operator('keys');
  const db = openDatabase(databaseUrl, { connectionsMax: 2 });
  const dataFolder = join(folder, 'var');
  const open = () =>
    openEncryption({
      db,
      node: 'region',
      nodeKey: undefined,
      nodeKeyFile: join(dataFolder, 'keys', 'node.key'),
      dataFolder,
      clock: systemClock,
      randomness: systemRandomness,
    });
  const { blobs } = await open();
  const { sha256 } = await blobs.put('ada', [Buffer.from('a letter')]);
  const old = /^ {2}([0-9a-f]{32}) {2}current/m.exec(await fyr('keys', 'list'))?.[1] ?? '';
  await expect(fyr('keys', 'remove', old)).rejects.toThrow('1 data keys are wrapped');
  expect(await fyr('keys', 'rotate')).toContain(`fyr keys remove ${old}`);
  expect(await fyr('keys', 'remove', old)).toMatch(/^0 /);
  await expect(fyr('keys', 'remove', 'nothing')).rejects.toThrow('There is no node key');
  const listed = await fyr('keys', 'list');
  expect(listed).toMatch(/^0 [\s\S]* current {2}wraps 1 data keys/);
  expect(listed).toMatch(new RegExp(`${old} {2}retired`));
  const again = (await open()).blobs;
  expect(Buffer.concat(await Array.fromAsync(await again.open('ada', sha256))).toString()).toBe('a letter');
  await db.end();
}, 120_000);

test('fyr ca: an authority is made, a node gets its identity, renews it, and loses it', async () => {
  const { folder, fyr, set } = await operator('ca');
  await expect(fyr('ca', 'init', 'Region')).rejects.toThrow('FYR_CA_PASSPHRASE');
  writeFileSync(join(folder, 'passphrase'), 'too short\n');
  set('FYR_CA_PASSPHRASE_FILE', 'passphrase');
  await expect(fyr('ca', 'init', 'Region')).rejects.toThrow('at least 12');
  writeFileSync(join(folder, 'passphrase'), 'a passphrase that is long\n');
  expect(await fyr('ca', 'init', 'Region')).toMatch(/^0 /);
  await expect(fyr('ca', 'init', 'Region')).rejects.toThrow('already');
  expect(await fyr('ca', 'issue', 'ward-1', 'identity', '--host', 'ward-1.example.no')).toMatch(/^0 /);
  await expect(fyr('ca', 'issue', 'ward-1', 'identity')).rejects.toThrow('Renew it');
  const certificate = (): X509Certificate => new X509Certificate(readFileSync(join(folder, 'identity', 'node.pem')));
  const first = certificate();
  expect(first.subjectAltName).toContain('DNS:ward-1.example.no');
  expect(await fyr('ca', 'renew', 'identity')).toMatch(/^0 /);
  expect(certificate().serialNumber).not.toBe(first.serialNumber);
  expect(await fyr('ca', 'code', 'ward-2')).toMatch(/^0 ([0-9A-Z]{4}-){7}[0-9A-Z]{4}\n$/);
  await expect(fyr('ca', 'revoke', 'ward-1', '--reason', 'whim')).rejects.toThrow('--reason is one of');
  expect(await fyr('ca', 'revoke', 'ward-1', '--reason', 'key-compromise')).toMatch(/^0 (\w{32} is revoked\.\n){2}$/);
  await expect(fyr('ca', 'renew', 'identity')).rejects.toThrow('revoked');
  expect(await fyr('ca', 'list')).toMatch(/revoked \d{4}-/);
  await fyr('ca', 'crl', 'list.pem');
  expect(existsSync(join(folder, 'list.pem'))).toBe(true);
  set('FYR_CA_PASSPHRASE', 'another passphrase');
  await expect(fyr('ca', 'list')).rejects.toThrow('not the passphrase');
}, 120_000);
