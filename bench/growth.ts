/** Whether a search costs more when the store is ten times as large: the same patients asked in both, one request at a time, and the plans. */
import { openDatabase } from '#kernel/db.ts';
import { migrate } from '#kernel/migrations-store.ts';
import { regionItems } from '#sample/index.ts';
import { allMigrations } from '../src/migrations.ts';
import type { Figure } from './report.ts';
import {
  ask,
  benchFhir,
  chooseSubjects,
  crowdedPatients,
  searchKinds,
  type SearchKind,
  type Statement,
} from './searches.ts';
import { median } from './support/processes.ts';

export type Growth = { figures: Figure[]; plans: string[] };

/** Loads a tenth of the residents, measures, loads the rest, measures again. */
export async function measureGrowth(databaseUrl: string, residents: number): Promise<Growth> {
  const admin = openDatabase(databaseUrl, { connectionsMax: 1 });
  await admin`create database growth`;
  await admin.end();
  const statements: Statement[] = [];
  const db = openDatabase(databaseUrl.replace(/\/fyr(?=[?]|$)/, '/growth'), {
    onStatement: (text, parameters) => statements.push({ text, parameters }),
  });
  await migrate(db, allMigrations());
  const fhir = await benchFhir(db);
  const items = regionItems({ residents, seed: 1, today: '2026-11-01' });
  const loadUpTo = async (patients: number): Promise<void> => {
    for (let n = 0; n < patients;) {
      const { value, done } = items.next();
      if (done) break;
      await fhir.importResources(value.resources);
      if (value.resources.some((r) => r.resourceType === 'Patient')) n++;
    }
    await db`vacuum analyze resource`;
    await db`vacuum analyze version`;
  };
  await loadUpTo(residents / 10);
  const kinds = searchKinds(await chooseSubjects(db), await crowdedPatients(db));
  const small = await each(kinds, (kind) => p50(kind));
  await loadUpTo(residents);
  const large = await each(kinds, (kind) => p50(kind));
  const plans = await each(kinds, (kind) => planOf(kind));
  await fhir.stop();
  await db.end();
  return {
    figures: kinds.map(({ what }, i) => ({
      what: `${what}, p50 at ten times the size`,
      value: large[i] as number,
      unit: 'ms',
      bare: small[i] as number,
      target: '≤ 1.5 of the small store',
    })),
    plans,
  };

  async function p50({ paths }: SearchKind): Promise<number> {
    const times: number[] = [];
    for (let i = 0; i < 600; i++) {
      const start = performance.now();
      await ask(fhir, paths[i % paths.length] as string);
      if (i >= 200) times.push(performance.now() - start);
    }
    return median(times);
  }

  async function planOf({ what, paths }: SearchKind): Promise<string> {
    statements.length = 0;
    await ask(fhir, paths[0] as string);
    const asked = [...statements];
    const shown: string[] = [what];
    for (const { text, parameters } of asked) {
      const rows = await db.unsafe<{ 'QUERY PLAN': string }[]>(`explain (costs off) ${text}`, parameters as never[], {
        prepare: false,
      });
      shown.push(...rows.map((row) => `    ${row['QUERY PLAN']}`), '');
    }
    return shown.join('\n');
  }
}

async function each<T, U>(items: readonly T[], work: (item: T) => Promise<U>): Promise<U[]> {
  const results: U[] = [];
  for (const item of items) results.push(await work(item));
  return results;
}
