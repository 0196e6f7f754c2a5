/** The weeks counted by a real database: each entry once, in its Norwegian week, whoever it was of; bounded; as a table that no spreadsheet runs. */
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { openDatabase } from '#kernel/db.ts';
import { ownDatabaseUrl } from '../../../../test/support/database.ts';
import type { WeeklyReport } from '../contract.ts';
import { accessEntry, openTestLog } from '../log-for-test.ts';
import { reportCsv } from './report-csv.ts';
import { createReports, type CaseDates } from './report.ts';

/** Wednesday 25 November 2026, 12.00 in Norway. */
const now = Date.parse('2026-11-25T11:00:00Z');
const noCases = async (): Promise<CaseDates[]> => [];

test('what was done is counted by week, role, kind and outcome; Sunday night belongs to the week that ends', async () => {
  const url = await ownDatabaseUrl('log_report', 'migrated');
  const log = await openTestLog(url, { anchorFolder: 'none' });
  onTestFinished(() => log.stop());
  const db = openDatabase(url, { connectionsMax: 2 });
  onTestFinished(() => db.end());
  const sunday = Date.parse('2026-11-22T22:30:00Z');
  const nurse = { kind: 'personnel', reference: 'Practitioner/n', name: 'N', authorisation: 'SP' } as const;
  await log.append([
    accessEntry({ at: sunday }),
    accessEntry({ at: sunday + 3_600_000 }),
    accessEntry({ at: now, action: 'search' }),
    accessEntry({ at: now, action: 'create', who: nurse }),
    accessEntry({ at: now, outcome: 'refused', reason: 'blocked', who: nurse }),
    accessEntry({ at: now, action: 'break-glass', purpose: 'BTG' }),
    accessEntry({ at: now, who: { kind: 'citizen', reference: 'Patient/p', name: 'P' } }),
    accessEntry({ at: now - 60 * 86_400_000 }),
  ]);
  await db`insert into access_copy select 'site', number, at, patient, who, actor, action, outcome, content from access_entry
    where action = 0 and outcome = 0 and at > ${now - 1000}`;
  await db`insert into access_finding (day, who, patient, name, score, reasons, rules, entries, number, at, found) values
    ('2026-11-22', 'w', 'p', 'N', 5, '[]', '{}', 1, 1, now(), now())`;
  const day = 86_400_000;
  const cases: CaseDates[] = [
    { kind: 'break-glass', opened: now, deadline: now + day },
    { kind: 'break-glass', opened: now - 7 * day, deadline: now - 3 * day, closed: now },
    { kind: 'wrong-access', opened: now - 7 * day, deadline: now - day },
  ];
  const reports = createReports({ db, clock: { now: () => now } });
  const { weeks, accesses, brokenGlass, unusual, ...more } = await reports.weekly(2, 'nb', async () => cases);
  expect(weeks).toEqual(['2026-11-16', '2026-11-23']);
  const counts = accesses.map(({ week, role, kind, outcome, count }) => `${week} ${role} ${kind} ${outcome} ${count}`);
  expect(counts.toSorted()).toEqual([
    '2026-11-16 LE read allowed 1',
    '2026-11-23 LE control allowed 1',
    '2026-11-23 LE read allowed 2',
    '2026-11-23 SP read refused 1',
    '2026-11-23 SP write allowed 1',
    '2026-11-23 citizen read allowed 2',
  ]);
  expect(accesses.find(({ role }) => role === 'SP')?.roleWords).toBe('sykepleier');
  expect(brokenGlass.map(({ count }) => count)).toEqual([0, 1]);
  expect(unusual.map(({ count }) => count)).toEqual([1, 0]);
  expect([more.openNow, more.lateNow]).toEqual([2, 1]);
  expect(more.cases.filter(({ opened, closed }) => opened + closed > 0)).toEqual([
    { week: '2026-11-16', kind: 'break-glass', opened: 1, closed: 0, late: 1 },
    { week: '2026-11-16', kind: 'wrong-access', opened: 1, closed: 0, late: 1 },
    { week: '2026-11-23', kind: 'break-glass', opened: 1, closed: 1, late: 0 },
  ]);
  const bounded = createReports({ db, clock: { now: () => now }, entriesMax: 3 });
  await expect(bounded.weekly(2, 'nb', noCases)).rejects.toMatchObject({ kind: 'tooCostly' });
});

test('whatever a role is called, the table has one line a count, and no field that a spreadsheet would run', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary', maxLength: 12 }), { maxLength: 4 }), (roles) => {
      const accesses = roles.map((roleWords) => ({
        week: '2026-11-23',
        role: 'x',
        roleWords,
        kind: 'read' as const,
        outcome: 'allowed' as const,
        count: 1,
      }));
      const report: WeeklyReport = {
        weeks: [],
        accesses,
        brokenGlass: [],
        unusual: [],
        cases: [],
        openNow: 0,
        lateNow: 0,
      };
      const rows = fieldsOf(reportCsv(report));
      expect(rows.length).toBe(roles.length + 1);
      expect(rows.every((row) => row.length === 6)).toBe(true);
      for (const [index, role] of roles.entries()) {
        const told = rows[index + 1]?.[2] ?? '';
        expect([role, `'${role}`]).toContain(told);
        expect(told).not.toMatch(/^[=+\-@\t\r]/);
      }
    }),
  );
});

/** RFC 4180, with semicolons. */
function fieldsOf(csv: string): string[][] {
  const rows: string[][] = [[]];
  const pattern = /(?:"((?:[^"]|"")*)"|([^";\r\n]*))(;|\r\n)/gy;
  for (const [, quoted, plain, end] of csv.matchAll(pattern)) {
    rows.at(-1)?.push(quoted === undefined ? (plain ?? '') : quoted.replaceAll('""', '"'));
    if (end === '\r\n') rows.push([]);
  }
  return rows.slice(0, -1);
}
