/** Clients and tokens of the embedded provider, as an operator makes them. */
import { existsSync, mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readConfig } from '#kernel/config.ts';
import { syntheticOrganisationNumber } from '#shared/identifiers.ts';
import { ownDatabaseUrl } from '../../test/support/database.ts';
import { runCommand } from './index.ts';

type Operator = { folder: string; fyr(...words: string[]): Promise<string> };

async function operator(name: string, more: { [name: string]: string } = {}): Promise<Operator> {
  const folder = mkdtempSync(join(tmpdir(), 'fyr-client-'));
  const environment = { DATABASE_URL: await ownDatabaseUrl(name), FYR_DATA: join(folder, 'var'), ...more };
  return {
    folder,
    async fyr(...words) {
      let said = '';
      const code = await runCommand(words, {
        readConfig: () => readConfig(environment, folder),
        folder,
        output: { write: (text) => void (said += text) },
        signal: new AbortController().signal,
      });
      expect(code).toBe(0);
      return said;
    },
  };
}

const scopes = ['--scopes', 'system/*.rs'];

test('refuses what is no client, and says why', async () => {
  const { fyr, folder } = await operator('client_refused');
  writeFileSync(join(folder, 'private.json'), JSON.stringify({ keys: [{ kty: 'EC', d: 'x' }] }));
  const refusals: [string[], string][] = [
    [['client', 'add'], 'one name'],
    [['client', 'add', '../up', ...scopes], 'A name is letters'],
    [['client', 'add', 'a'], '--scopes'],
    [['client', 'add', 'a', '--scopes', 'system/*.everything'], 'not a scope'],
    [['client', 'add', 'a', ...scopes, '--public'], 'needs --redirect'],
    [['client', 'add', 'a', ...scopes, '--public', '--redirect', 'https://a.example/', '--jwks', 'k'], 'has no keys'],
    [['client', 'add', 'a', ...scopes, '--redirect', 'javascript:alert(1)'], 'no address'],
    [['client', 'add', 'a', ...scopes, '--organization', '123456789'], 'not an organisation number'],
    [['client', 'add', 'a', ...scopes, '--jwks', 'missing.json'], 'can not be read'],
    [['client', 'add', 'a', ...scopes, '--jwks', 'private.json'], 'public keys only'],
    [['client', 'remove', 'a'], 'no client called a'],
    [['token'], 'Say as whom'],
    [['token', '--as', 'nobody'], 'neither a persona nor a client'],
    [['token', '--as', 'hospitalDoctor'], 'not in the record yet'],
    [['token', '--as', 'hospitalDoctor', '--seconds', '1000000'], '--seconds'],
  ];
  for (const [words, why] of refusals) await expect(fyr(...words), words.join(' ')).rejects.toThrow(why);
  expect(await fyr('client', 'list')).toBe('');
});

test('refuses clients and tokens where real issuers are set, and a database that is not made yet', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'fyr-issuers-'));
  const issuers = join(folder, 'issuers.json');
  writeFileSync(issuers, JSON.stringify([{ name: 'helseid', kind: 'helseid', url: 'https://helseid-sts.nhn.no' }]));
  const withIssuers = await operator('client_issuers', { FYR_ISSUERS: issuers });
  await expect(withIssuers.fyr('client', 'add', 'a', ...scopes)).rejects.toThrow('The embedded provider is off');
  await expect(withIssuers.fyr('token', '--as', 'nurse')).rejects.toThrow('The embedded provider is off');
  const empty = await operator('client_empty', { DATABASE_URL: await ownDatabaseUrl('client_nothing', 'empty') });
  await expect(empty.fyr('client', 'list')).rejects.toThrow('start the node once first');
});

test('adds a system with a key that only this account may read, lists it, gets its token, and removes it', async () => {
  const { fyr, folder } = await operator('client_system');
  const organisation = syntheticOrganisationNumber(4711);
  const said = await fyr('client', 'add', 'Journal X', ...scopes, '--organization', organisation);
  const id = /client id +(\S+)/.exec(said)?.[1] ?? '';
  const file = join(folder, 'var', 'clients', 'Journal X.jwk.json');
  expect(said).toContain(file);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ kty: 'EC', alg: 'ES384', d: expect.any(String) });
  expect(said).not.toContain(JSON.parse(readFileSync(file, 'utf8')).d);
  await expect(fyr('client', 'add', 'Journal X', ...scopes)).rejects.toThrow('is there already');
  expect(await fyr('client', 'list')).toBe(`Journal X\t${id}\thelseid\t${organisation}\tsystem/*.rs\n`);
  const token = (await fyr('token', '--as', 'Journal X', '--scopes', 'system/Patient.rs')).trim();
  expect(JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString())).toMatchObject({
    sub: id,
    scope: 'system/Patient.rs',
    'helseid://claims/client/claims/orgnr_parent': organisation,
  });
  expect(await fyr('client', 'remove', 'Journal X')).toBe('Journal X is gone.\n');
  expect(await fyr('client', 'list')).toBe('');
});

test('adds an application that can keep no key, and one that brings its own', async () => {
  const { fyr, folder } = await operator('client_application');
  const redirect = ['--redirect', 'http://localhost:3000/app', '--redirect', 'http://localhost:3000/other'];
  await fyr('client', 'add', 'Vekst', '--scopes', 'openid launch/patient patient/*.rs', '--public', ...redirect);
  writeFileSync(join(folder, 'jwks.json'), JSON.stringify({ keys: [{ kty: 'EC', crv: 'P-256', x: 'a', y: 'b' }] }));
  await fyr('client', 'add', 'Bulk', ...scopes, '--smart', '--jwks', 'jwks.json');
  expect(existsSync(join(folder, 'var', 'clients'))).toBe(false);
  expect((await fyr('client', 'list')).split('\n').map((line) => line.split('\t').toSpliced(1, 1))).toEqual([
    ['Bulk', 'smart', '-', 'system/*.rs'],
    ['Vekst', 'smart', '-', 'openid launch/patient patient/*.rs'],
    [''],
  ]);
});

test('lists the people of the trial', async () => {
  const { fyr } = await operator('token_list');
  const people = await fyr('token', '--list');
  for (const key of ['hospitalDoctor', 'nurse', 'privacyOfficer', 'operator', 'fourteenYearsOld'])
    expect(people).toContain(key);
});
