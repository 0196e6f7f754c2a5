/** The report as a table for a spreadsheet: RFC 4180, with semicolons, as programs with Norwegian settings read them. Pure. */
import type { WeeklyReport } from '../contract.ts';

const head = ['week', 'measure', 'role', 'kind', 'outcome', 'count'];
/** What a spreadsheet would take for a formula. */
const formula = /^[=+\-@\t\r]/;

export function reportCsv({ accesses, brokenGlass, unusual, cases }: WeeklyReport): string {
  const rows: (string | number)[][] = [
    head,
    ...accesses.map(({ week, roleWords, kind, outcome, count }) => [week, 'accesses', roleWords, kind, outcome, count]),
    ...brokenGlass.map(({ week, count }) => [week, 'broken glass', '', '', '', count]),
    ...unusual.map(({ week, count }) => [week, 'unusual', '', '', '', count]),
    ...cases.flatMap(({ week, kind, opened, closed, late }) => [
      [week, 'cases opened', '', kind, '', opened],
      [week, 'cases closed', '', kind, '', closed],
      [week, 'cases late', '', kind, '', late],
    ]),
  ];
  return rows.map((row) => `${row.map(field).join(';')}\r\n`).join('');
}

function field(value: string | number): string {
  if (typeof value === 'number') return String(value);
  const safe = formula.test(value) ? `'${value}` : value;
  return /[";\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
