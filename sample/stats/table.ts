/** The table by which the sample's plausibility is judged: its figures beside Norwegian orders of magnitude, each with where that is from. */
import type { LifeCount, Tally } from './tally.ts';

type Row = readonly [
  what: string,
  value: (lives: readonly LifeCount[]) => number,
  unit: string,
  norway: string,
  source: string,
];

const alive = (lives: readonly LifeCount[]): LifeCount[] => lives.filter(({ isAlive }) => isAlive);
const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
const share = (some: readonly LifeCount[], of: readonly LifeCount[]): number =>
  (100 * some.length) / Math.max(1, of.length);
const aged = (lives: readonly LifeCount[], from: number, to = 130): LifeCount[] =>
  alive(lives).filter(({ age }) => age >= from && age <= to);
const having =
  (codes: readonly string[], from = 0, to = 130) =>
  (lives: readonly LifeCount[]): number => {
    const those = aged(lives, from, to);
    return share(
      those.filter(({ problems }) => codes.some((code) => problems.has(code))),
      those,
    );
  };
const yearly =
  (key: 'general' | 'urgent' | 'outpatient' | 'documents', from = 0, to = 130) =>
  (lives: readonly LifeCount[]): number =>
    mean(aged(lives, from, to).map((life) => life[key]));

const memory = 'from memory of what is published; check before quoting';
const assumption = 'rough assumption';

const rows: readonly Row[] = [
  ['aged 0–17', (lives) => share(aged(lives, 0, 17), alive(lives)), '%', '20', `SSB population, ${memory}`],
  ['aged 67–79', (lives) => share(aged(lives, 67, 79), alive(lives)), '%', '12', `SSB population, ${memory}`],
  ['aged 80 or more', (lives) => share(aged(lives, 80), alive(lives)), '%', '5', `SSB population, ${memory}`],
  [
    'born in a year, of 1,000',
    (lives) =>
      10 *
      share(
        lives.filter((one) => one.bornLastYear),
        alive(lives),
      ),
    '',
    '9–10',
    `SSB, ${memory}`,
  ],
  [
    'died in a year, of 1,000',
    (lives) =>
      10 *
      share(
        lives.filter((one) => one.diedLastYear),
        alive(lives),
      ),
    '',
    '8',
    `SSB, ${memory}`,
  ],
  [
    'moved in a year',
    (lives) =>
      share(
        alive(lives).filter((one) => one.movedLastYear),
        alive(lives),
      ),
    '%',
    '10–14',
    `SSB domestic moves, ${memory}`,
  ],
  [
    'in a nursing home, aged 80 or more',
    (lives) =>
      share(
        aged(lives, 80).filter((one) => one.isNursed),
        aged(lives, 80),
      ),
    '%',
    '10–13',
    `SSB municipal care, ${memory}`,
  ],
  ['diabetes', having(['T89', 'T90']), '%', '5–6', `FHI folkehelserapporten, ${memory}`],
  ['diabetes, 65–79', having(['T89', 'T90'], 65, 79), '%', '13–16', assumption],
  [
    'high blood pressure on the problem list, 18+',
    having(['K86'], 18),
    '%',
    '20',
    `order of users of blood pressure medicines, ${memory}`,
  ],
  ['atrial fibrillation, 18+', having(['K78'], 18), '%', '3–4', `national register studies, ${memory}`],
  ['heart failure, 18+', having(['K77'], 18), '%', '2', `FHI hjerte- og karregisteret, ${memory}`],
  ['asthma', having(['R96']), '%', '6–10', `FHI folkehelserapporten, ${memory}`],
  ['COPD, 40+', having(['R95'], 40), '%', '5–7', `FHI folkehelserapporten, ${memory}`],
  ['depression, 18+', having(['P76'], 18), '%', '5–8', `FHI folkehelserapporten, ${memory}`],
  ['dementia, 70+', having(['P70'], 70), '%', '14–15', `Gjøra et al. 2021 (HUNT), ${memory}`],
  ['rheumatoid arthritis, 18+', having(['L88'], 18), '%', '0.5–1', assumption],
  [
    'has or has had cancer (four kinds here)',
    having(['X76', 'Y77', 'D75', 'R84']),
    '%',
    '6 (all kinds)',
    `Kreftregisteret, ${memory}`,
  ],
  ['visits to the GP in a year', yearly('general'), '', '2.7–3', `SSB KPR, ${memory}`],
  ['visits to the GP in a year, 70+', yearly('general', 70), '', '5–6', `SSB KPR, ${memory}`],
  ['out-of-hours visits in a year', yearly('urgent'), '', '0.25', `NKLM statistics, ${memory}`],
  ['outpatient contacts in a year', yearly('outpatient'), '', '1.5 with mental health', `NPR, ${memory}`],
  [
    'stays in hospital in a year, of 1,000',
    (lives) => 1000 * mean(alive(lives).map((one) => one.stayDays.length)),
    '',
    '150–165',
    `NPR/SSB, ${memory}`,
  ],
  [
    'length of a stay, days',
    (lives) => mean(lives.flatMap((one) => one.stayDays)),
    '',
    '4–4.5',
    `NPR somatic care, ${memory}`,
  ],
  [
    'wait from referral to first contact, days',
    (lives) => mean(lives.flatMap((one) => one.waitDays)),
    '',
    '61 (target 2025)',
    'Ventetidsløftet: mean target, somatic care',
  ],
  [
    'medicines in regular use, 18–66',
    (lives) => mean(aged(lives, 18, 66).map((one) => one.medicines)),
    '',
    '1–2',
    assumption,
  ],
  [
    'medicines in regular use, 75+',
    (lives) => mean(aged(lives, 75).map((one) => one.medicines)),
    '',
    '4–6',
    assumption,
  ],
  [
    'vaccinated against influenza, 65+',
    (lives) =>
      share(
        aged(lives, 65).filter((one) => one.vaccinatedInfluenza),
        aged(lives, 65),
      ),
    '%',
    '60–65',
    `FHI SYSVAK, ${memory}`,
  ],
  ['documents a person in a year', yearly('documents'), '', '1.5–3', assumption],
  ['resources a resident', (lives) => mean(lives.map((one) => one.resources)), '', '-', 'the sample’s own measure'],
];

/** The table as text, a row a line. */
export function statsTable({ lives, shared }: Tally): string {
  const cells = rows.map(([what, value, unit, norway, source]) => {
    const figure = value(lives);
    const text = `${figure < 10 ? figure.toFixed(1) : figure.toFixed(0)}${unit ? ` ${unit}` : ''}`;
    return [what, text, norway + (unit ? ` ${unit}` : ''), source];
  });
  const all = [['', 'sample', 'Norway', 'where that is from'], ...cells];
  const widths = [0, 1, 2].map((column) => Math.max(...all.map((row) => row[column]!.length)));
  const lines = all.map((row) =>
    row.map((cell, column) => (column < 3 ? cell.padEnd(widths[column]!) : cell)).join('  '),
  );
  const total = lives.reduce((sum, { resources }) => sum + resources, shared);
  return [`${lives.length} residents, ${shared} shared resources, ${total} resources in all`, '', ...lines, ''].join(
    '\n',
  );
}
