import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readConfig } from './config.ts';

const folder = mkdtempSync(join(tmpdir(), 'fyr-issuers-'));

function issuersOf(content: unknown, more: { [name: string]: string } = {}) {
  const path = join(folder, 'issuers.json');
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return readConfig({ FYR_ISSUERS: path, ...more }, folder).config.issuers;
}

const helseId = {
  name: 'helseid',
  kind: 'helseid',
  url: 'https://helseid-sts.nhn.no',
  clientId: 'c',
  keyFile: 'k.json',
};

test.each<[string, unknown, RegExp]>([
  ['no JSON', '[', /can not|cannot be read as JSON/],
  ['no list', {}, /array/],
  ['an empty list', [], /at least one issuer/],
  ['an unknown kind', [{ ...helseId, kind: 'facebook' }], /kind/],
  ['http to another machine', [{ ...helseId, url: 'http://helseid-sts.nhn.no' }], /https/],
  ['a URL with a query', [{ ...helseId, url: 'https://helseid-sts.nhn.no/?x' }], /https/],
  ['a client without a key', [{ ...helseId, keyFile: undefined }], /together/],
  ['a key without a client', [{ ...helseId, clientId: undefined }], /together/],
  ['the same name twice', [helseId, { ...helseId, url: 'https://other.no' }], /same name/],
  ['the same URL twice', [helseId, { ...helseId, name: 'other' }], /same url/],
  ['an organisation number with eight digits', [{ ...helseId, organisation: { parent: '12345678' } }], /nine digits/],
  ['an organisation without a number', [{ ...helseId, organisation: {} }], /parent or child/],
  ['a field that nobody knows', [{ ...helseId, secret: 'x' }], /secret/],
])('refuses %s', (_what, content, why) => {
  expect(() => issuersOf(content)).toThrow(why);
});

test('refuses the trial’s Bearer beside real issuers, and a file that is not there', () => {
  expect(() => issuersOf([helseId], { FYR_TRIAL_BEARER: '1' })).toThrow(/FYR_TRIAL_BEARER must not be 1/);
  expect(() => readConfig({ FYR_ISSUERS: '/nowhere/issuers.json' }, folder)).toThrow(/cannot be read/);
});

test('takes what is right, with key files from the file’s own folder', () => {
  const [issuer] = issuersOf([{ ...helseId, organisation: { parent: '999999999' } }]);
  expect(issuer).toMatchObject({
    name: 'helseid',
    keyFile: join(folder, 'k.json'),
    organisation: { parent: '999999999' },
  });
  expect(readConfig({}, folder).config.issuers).toEqual([]);
});
