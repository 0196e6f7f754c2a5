import { chmodSync, mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { systemRandomness } from '#kernel/ids.ts';
import { openKeyring } from './keyring.ts';

const folder = mkdtempSync(join(tmpdir(), 'fyr-keyring-'));
const open = (file: string, secret?: string) =>
  openKeyring({ secret, file: join(folder, file), randomness: systemRandomness });
const newKey = (): string => systemRandomness.bytes(32).toString('base64');

test.each([
  ['no key', ''],
  ['a key that is too short', systemRandomness.bytes(31).toString('base64')],
  ['what is not base64', '*'.repeat(43)],
])('a file with %s is refused, and its content not told', (_, text) => {
  writeFileSync(join(folder, 'wrong.key'), text, { mode: 0o600 });
  expect(() => open('wrong.key')).toThrow(/wrong\.key (must hold keys|holds no key)/);
  if (text !== '') expect(() => open('wrong.key')).not.toThrow(text);
});

test('a key that everybody on the machine may read is refused', () => {
  open('shared.key');
  chmodSync(join(folder, 'shared.key'), 0o644);
  expect(() => open('shared.key')).toThrow(/chmod 600/);
});

test('keys in the environment can not be changed by the node', () => {
  expect(() => open('none.key', newKey()).add()).toThrow(/FYR_NODE_KEY/);
});

test('the first start makes a key that only its owner may read, and the next one has the same', () => {
  const [made] = open('made.key').keys();
  expect(statSync(join(folder, 'made.key')).mode & 0o777).toBe(0o600);
  expect(open('made.key').keys()).toEqual([made]);
});

test('a key that another process added is the current one at once', () => {
  const [one, other] = [open('grown.key'), open('grown.key')];
  const before = one.keys()[0];
  const added = other.add();
  expect(one.keys().map(({ id }) => id)).toEqual([added.id, before?.id]);
  other.remove(before?.id ?? '');
  expect(one.find(before?.id ?? '')).toBeUndefined();
  expect(() => one.remove(added.id)).toThrow(/current/);
});

test('of several keys in the environment the first is the current one', () => {
  const [first, second] = [newKey(), newKey()];
  const keyring = open('none.key', `${first},${second}`);
  expect(keyring.keys().map(({ key }) => key.toString('base64'))).toEqual([first, second]);
});

test('the id of a key tells nothing of the key', () => {
  const [key] = open('told.key').keys();
  expect(readFileSync(join(folder, 'told.key'), 'utf8')).not.toContain(key?.id);
});
