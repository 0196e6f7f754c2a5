import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readConfig } from '#kernel/config.ts';
import { personaHouseholds } from '#sample/personas.ts';
import { ownDatabaseUrl } from '../../test/support/database.ts';
import { openRecord } from '../app.ts';
import { loadSample } from './sample.ts';

test('a persona whose address is protected has it in the register for who may know, and nowhere in the record', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'fyr-protected-'));
  const environment = { DATABASE_URL: await ownDatabaseUrl('sample_protected'), FYR_DATA: folder, FYR_SAMPLE: '30' };
  const { config, secrets } = readConfig(environment, folder);
  const record = await openRecord(config, environment.DATABASE_URL);
  try {
    const output = { write: () => undefined };
    const context = { readConfig: () => ({ config, secrets }), folder, output, signal: new AbortController().signal };
    await loadSample(record, config, context);
    const people = personaHouseholds
      .filter(({ protection }) => protection !== undefined)
      .flatMap((each) => each.people);
    expect(people.length).toBeGreaterThan(0);
    for (const { patientId } of people) {
      const [noted] = await record.db<{ grade: string; address: string; settled: boolean }[]>`
        select grade, address, settled from register_protected_address where person = ${patientId}`;
      expect(noted).toMatchObject({ grade: 'strictlyConfidential', settled: true });
      const address = JSON.parse(noted!.address) as { line: string; postalCode: string; municipality: string };
      expect([address.postalCode, address.municipality].join(' ')).toMatch(/^\d{4} \d{4}$/);
      const [{ about, telling } = { about: 0, telling: 0 }] = await record.db<{ about: number; telling: number }[]>`
        select count(*)::int as about, (count(*) filter (where content like ${`%${address.line}%`}))::int as telling
        from version where content like ${`%${patientId}%`}`;
      expect(about).toBeGreaterThan(5);
      expect(telling).toBe(0);
    }
  } finally {
    await record.close();
  }
}, 120_000);
