/** The table by which the sample's plausibility is judged: its figures beside published Norwegian ones, each with its source. */
import { sources, type SourceName } from './sources.ts';
import type { LifeCount, Tally } from './tally.ts';

/** `norway` is as published, or worked out from what is; without a source none was found. */
type Row = {
  what: string;
  value: (lives: readonly LifeCount[]) => number;
  unit?: string;
  norway?: string;
  source?: SourceName | readonly SourceName[];
  /** Nothing in Norway is like it. */
  isOwn?: boolean;
};

const alive = (lives: readonly LifeCount[]): LifeCount[] => lives.filter(({ isAlive }) => isAlive);
const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
const share = (some: readonly LifeCount[], of: readonly LifeCount[]): number =>
  (100 * some.length) / Math.max(1, of.length);
const aged = (lives: readonly LifeCount[], from: number, to = 130): LifeCount[] =>
  alive(lives).filter(({ age }) => age >= from && age <= to);
/** The share, of those of an age, who are so. */
const whoAre =
  (is: (life: LifeCount) => boolean, from = 0, to = 130) =>
  (lives: readonly LifeCount[]): number => {
    const those = aged(lives, from, to);
    return share(those.filter(is), those);
  };
const having = (codes: readonly string[], from = 0, to = 130): Row['value'] =>
  whoAre(({ problems }) => codes.some((code) => problems.has(code)), from, to);
const yearly =
  (key: 'general' | 'urgent' | 'outpatient' | 'documents', from = 0, to = 130): Row['value'] =>
  (lives) =>
    mean(aged(lives, from, to).map((life) => life[key]));
const ofThousand =
  (is: (life: LifeCount) => boolean): Row['value'] =>
  (lives) =>
    10 * share(lives.filter(is), alive(lives));

const population: readonly Row[] = [
  {
    what: 'aged 0–19',
    value: (lives) => share(aged(lives, 0, 19), alive(lives)),
    unit: '%',
    norway: '23.8 %',
    source: 'ages',
  },
  {
    what: 'aged 67–79',
    value: (lives) => share(aged(lives, 67, 79), alive(lives)),
    unit: '%',
    norway: '10.6 %, rising',
    source: 'ages',
  },
  {
    what: 'aged 80 or more',
    value: (lives) => share(aged(lives, 80), alive(lives)),
    unit: '%',
    norway: '4.2 %, rising',
    source: 'ages',
  },
  { what: 'born in a year, of 1,000', value: ofThousand((one) => one.bornLastYear), norway: '9.8', source: 'births' },
  { what: 'died in a year, of 1,000', value: ofThousand((one) => one.diedLastYear), norway: '7.8', source: 'births' },
  {
    what: 'moved to another municipality in a year',
    value: whoAre((one) => one.movedLastYear),
    unit: '%',
    norway: '4.6 %',
    source: 'moves',
  },
  {
    what: 'lives in a nursing home, 80+',
    value: whoAre((one) => one.isNursed, 80),
    unit: '%',
    norway: '14 %, falling',
    source: 'institutions',
  },
];

const disease: readonly Row[] = [
  { what: 'diabetes', value: having(['T89', 'T90']), unit: '%', norway: '5 %', source: 'diabetes' },
  { what: 'diabetes, 80+', value: having(['T89', 'T90'], 80), unit: '%', norway: '> 10 %', source: 'diabetes' },
  {
    what: 'diabetes type 2, 30–89',
    value: having(['T90'], 30, 89),
    unit: '%',
    norway: '6.1 %',
    source: 'diabetesByAge',
  },
  {
    what: 'takes medicine for blood pressure',
    value: whoAre((one) => one.takesPressureMedicine),
    unit: '%',
    norway: '17 %',
    source: 'pressure',
  },
  { what: 'atrial fibrillation, 18+', value: having(['K78'], 18), unit: '%', norway: '3.4 %', source: 'fibrillation' },
  { what: 'heart failure, 18+', value: having(['K77'], 18), unit: '%', norway: '2–4 %', source: 'heartFailure' },
  { what: 'asthma, 0–44', value: having(['R96'], 0, 44), unit: '%', norway: '5 %', source: 'asthma' },
  { what: 'COPD, 40+', value: having(['R95'], 40), unit: '%', norway: '6–7 %', source: 'copd' },
  {
    what: 'new depression at the GP in a year, of 1,000 from 20',
    value: (lives) => 10 * whoAre((one) => one.newDepression, 20)(lives),
    norway: '14',
    source: 'depression',
  },
  { what: 'dementia, 70+', value: having(['P70'], 70), unit: '%', norway: '14.6 %', source: 'dementia' },
  {
    what: 'rheumatoid arthritis, 20+',
    value: having(['L88'], 20),
    unit: '%',
    norway: '0.5–0.7 %',
    source: 'arthritis',
  },
  {
    what: 'has or has had cancer (four kinds here)',
    value: having(['X76', 'Y77', 'D75', 'R84']),
    unit: '%',
    norway: '6 % (all kinds)',
    source: 'cancer',
  },
];

const care: readonly Row[] = [
  { what: 'visits to the GP in a year', value: yearly('general'), norway: '3.0', source: 'generalPractice' },
  {
    what: 'visits to the GP in a year, 67–79',
    value: yearly('general', 67, 79),
    norway: '3.9',
    source: 'generalPractice',
  },
  {
    what: 'visits to the GP in a year, 80–89',
    value: yearly('general', 80, 89),
    norway: '4.8',
    source: 'generalPractice',
  },
  { what: 'out-of-hours visits in a year', value: yearly('urgent'), norway: '0.23', source: 'generalPractice' },
  {
    what: 'outpatient contacts in a year',
    value: yearly('outpatient'),
    norway: '1.2 somatic, 2.2 in all',
    source: ['hospitals', 'specialists'],
  },
  {
    what: 'stays in hospital in a year, of 1,000',
    value: (lives) => 1000 * mean(alive(lives).map((one) => one.stayDays.length)),
    norway: '150 somatic, 158 in all',
    source: ['hospitals', 'specialists'],
  },
  {
    what: 'length of a stay, days',
    value: (lives) => mean(lives.flatMap((one) => one.stayDays)),
    norway: '4.2 somatic, 6.4 in all',
    source: ['hospitals', 'specialists'],
  },
  {
    what: 'wait from referral to first contact, days',
    value: (lives) => mean(lives.flatMap((one) => one.waitDays)),
    norway: '57–82',
    source: 'waits',
  },
  {
    what: 'got a prescription in a year',
    value: whoAre((one) => one.prescribed > 0),
    unit: '%',
    norway: '70 %',
    source: 'prescriptions',
  },
  {
    what: 'five medicines or more in a year, 65+',
    value: whoAre((one) => one.prescribed >= 5, 65),
    unit: '%',
    norway: '60 %',
    source: 'elderly',
  },
  {
    what: 'vaccinated against influenza, 65+',
    value: whoAre((one) => one.vaccinatedInfluenza, 65),
    unit: '%',
    norway: '43–63 %',
    source: 'influenza',
  },
  { what: 'documents a person in a year', value: yearly('documents') },
  { what: 'resources a resident', value: (lives) => mean(lives.map((one) => one.resources)), isOwn: true },
];

/** The table as text, a row a line, and the sources by number. */
export function statsTable({ lives, shared }: Tally): string {
  const numbers = new Map<SourceName, number>();
  const cells = [...population, ...disease, ...care].map(({ what, value, unit, norway, source, isOwn }) => {
    const figure = value(lives);
    const text = `${figure.toFixed(figure < 1 ? 2 : figure < 20 ? 1 : 0)}${unit ? ` ${unit}` : ''}`;
    const names = source === undefined ? [] : typeof source === 'string' ? [source] : source;
    const marks = names.map((name) => `[${numberOf(numbers, name)}]`).join(' ');
    return [what, text, norway ?? '-', marks || (isOwn ? 'own measure' : 'no source found')];
  });
  const all = [['', 'sample', 'Norway', 'source'], ...cells];
  const widths = [0, 1, 2].map((column) => Math.max(...all.map((row) => row[column]!.length)));
  const lines = all.map((row) =>
    row.map((cell, column) => (column < 3 ? cell.padEnd(widths[column]!) : cell)).join('  '),
  );
  const total = lives.reduce((sum, { resources }) => sum + resources, shared);
  const notes = [...numbers].map(([name, number]) => `[${number}] ${sources[name].what}\n    ${sources[name].address}`);
  const head = `${lives.length} residents, ${shared} shared resources, ${total} resources in all`;
  return [head, '', ...lines, '', ...notes, ''].join('\n');
}

function numberOf(numbers: Map<SourceName, number>, name: SourceName): number {
  const known = numbers.get(name) ?? numbers.size + 1;
  numbers.set(name, known);
  return known;
}
