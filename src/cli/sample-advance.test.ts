import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readConfig } from '#kernel/config.ts';
import { Fault } from '#kernel/fault.ts';
import { ownDatabaseUrl } from '../../test/support/database.ts';
import { openRecord, type Record } from '../app.ts';
import type { CommandContext } from './command.ts';
import { runCommand } from './index.ts';
import { readSampleMark, writeSampleMark } from './sample-mark.ts';
import { loadSample } from './sample.ts';

type Region = {
  record: Record;
  /** What the command says. */
  advance(step: string): Promise<string>;
};

/** A record of the test's own, with a small region in it. */
async function region(name: string): Promise<Region> {
  const folder = mkdtempSync(join(tmpdir(), 'fyr-sample-'));
  const environment = { DATABASE_URL: await ownDatabaseUrl(name), FYR_DATA: join(folder, 'var'), FYR_SAMPLE: '30' };
  let said = '';
  const context: CommandContext = {
    readConfig: () => readConfig(environment, folder),
    folder,
    output: { write: (text) => (said += text) },
    signal: new AbortController().signal,
  };
  const { config } = context.readConfig();
  const record = await openRecord(config, environment.DATABASE_URL);
  await loadSample(record, config, context);
  const advance = async (step: string): Promise<string> => {
    said = '';
    await runCommand(['sample', 'advance', step], context);
    return said;
  };
  return { record, advance };
}

test('moves the clock, writes what happens until then, once, and leaves what others have changed', async () => {
  const { record, advance } = await region('sample_advance');
  try {
    const opened = (await readSampleMark(record.db))!;
    expect(await advance('2d')).toMatch(/\d+ residents: \d+ resources new, \d+ changed\./);
    const moved = (await readSampleMark(record.db))!;
    expect(Date.parse(`${moved.now}Z`) - Date.parse(`${opened.now}Z`)).toBe(2 * 86_400_000);
    expect(await advance('0m')).toContain('0 residents');

    // As if it had been stopped before it could note how far it came: what is written is not written again.
    await writeSampleMark(record.db, opened);
    expect(await advance('2d')).toContain(' 0 resources new, 0 changed.');
    await expect(advance(opened.now)).rejects.toThrow(Fault);
    await expect(advance('900d')).rejects.toThrow(/ends at/);
    await expect(advance('soon')).rejects.toThrow(/neither a step nor a moment/);
  } finally {
    await record.close();
  }
}, 120_000);
