import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { systemClock } from '#kernel/clock.ts';
import { openDatabase } from '#kernel/db.ts';
import { systemRandomness } from '#kernel/ids.ts';
import { ownDatabaseUrl } from '../../../test/support/database.ts';
import { openEncryption } from './open.ts';

test('a node tells which key is missing, goes on with what it has, and wraps anew what an older key wraps', async () => {
  const db = openDatabase(await ownDatabaseUrl('encryption_open'), { connectionsMax: 2 });
  const dataFolder = mkdtempSync(join(tmpdir(), 'fyr-open-'));
  const open = (nodeKey?: string) =>
    openEncryption({
      db,
      node: 'test',
      nodeKey,
      nodeKeyFile: join(dataFolder, 'keys', 'node.key'),
      dataFolder,
      clock: systemClock,
      randomness: systemRandomness,
    });
  const [old, next] = [systemRandomness.bytes(32).toString('base64'), systemRandomness.bytes(32).toString('base64')];
  const first = await open(old);
  expect(existsSync(join(dataFolder, 'keys'))).toBe(false);
  const { sha256 } = await first.blobs.put('ada', [Buffer.from('a letter')]);
  const without = await open();
  expect(existsSync(join(dataFolder, 'keys', 'node.key'))).toBe(true);
  expect(without.missing).toHaveLength(1);
  await expect(without.blobs.open('ada', sha256)).rejects.toThrow('is not here');
  await without.vault.sealBytes('bo', Buffer.from('goes on'));

  const after = await open(`${next},${old}`);
  const added: string[] = [];
  await after.start({ add: async (name) => void added.push(name) });
  expect(added).toEqual(['encryption-wrap-anew']);
  await after.jobHandlers['encryption-wrap-anew']?.({}, { signal: new AbortController().signal, attempt: 1 });
  const alone = await open(next);
  expect(Buffer.concat(await Array.fromAsync(await alone.blobs.open('ada', sha256))).toString()).toBe('a letter');
  await db.end();
});
