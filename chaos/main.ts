/**
 * `npm run chaos`: a region of real processes with real databases, joined over real lines, that is worked at and broken. Exit code 0 when every promise held,
 * 1 when one was broken, 2 for wrong words.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { createRandom } from '#continuity/simulation/random.ts';
import { tryControls } from './controls.ts';
import { faultOf, faults, notBrought, quickSet, smokeSet, type Fault } from './faults/index.ts';
import { measureFigures } from './figures.ts';
import { countsOf, lastLine, tableOf } from './report.ts';
import { runSeries, type Row } from './series.ts';
import { withTrial } from './session.ts';
import { timelineOf } from './timeline.ts';
import { nodeNames } from './topology.ts';
import type { Trial } from './trial.ts';

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    smoke: { type: 'boolean', default: false },
    controls: { type: 'boolean', default: false },
    figures: { type: 'boolean', default: false },
    changes: { type: 'string', default: '10000,50000' },
    patients: { type: 'string', default: '1000' },
    faults: { type: 'string' },
    nodes: { type: 'string' },
    without: { type: 'string' },
    rounds: { type: 'string', default: '0' },
    seed: { type: 'string', default: '1' },
    out: { type: 'string', default: 'var/chaos' },
    keep: { type: 'boolean', default: false },
  },
});
const seed = Number(values.seed);
const changes = values.changes.split(',').map(Number);
const began = performance.now();
const seconds = (): string => ((performance.now() - began) / 1000).toFixed(0);
const load = (): string => `load ${loadavg()[0]?.toFixed(1)}`;
const say = (line: string): void => console.log(`${seconds().padStart(4)} s  ${line}`);

process.setMaxListeners(50);
for (const [name, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const)
  process.on(name, () => process.exit(code));
process.exitCode = await run();

async function run(): Promise<number> {
  const numbers = [seed, Number(values.rounds), Number(values.patients), ...changes];
  const isWhole = numbers.every((n) => Number.isSafeInteger(n) && n >= 0);
  const chosen = isWhole ? choose() : undefined;
  if (chosen === undefined) {
    const ids = faults.map(({ id }) => id).join(', ');
    console.error(
      `--seed, --rounds, --patients and --changes (several with commas) are whole numbers; --faults are of ${ids}.`,
    );
    for (const { id, why } of notBrought) console.error(`Not brought: ${id}: ${why}.`);
    return 2;
  }
  say(`seed ${seed}, ${load()}`);
  if (values.controls) return controls();
  if (values.figures) return figures();
  const needsDisk = chosen.some(({ needsRoot }) => needsRoot);
  const few = values.smoke ? 'region,central' : values.nodes;
  const names = nodeNames.filter((name) => few === undefined || few.split(',').includes(name));
  const options = { seed, names, say, hasOwnDisk: needsDisk, isKept: values.keep };
  return withTrial(options, async (trial, hasDisk) => {
    const isBrought = ({ needsRoot }: Fault): boolean => needsRoot === undefined || hasDisk;
    for (const { id } of chosen.filter((fault) => !isBrought(fault)))
      say(`${id} is left out: it needs a file system of its own, which only root may mount`);
    return report(trial, await runSeries(trial, chosen.filter(isBrought)));
  });
}

function choose(): Fault[] | undefined {
  if (values.faults === undefined) {
    const set = values.smoke ? smokeSet : values.quick ? quickSet : faults;
    const random = createRandom(seed);
    return [...set, ...Array.from({ length: Number(values.rounds) }, () => random.pick(set))];
  }
  const ids = values.faults.split(',');
  const chosen = ids.flatMap((id) => faultOf(id) ?? []);
  return chosen.length === ids.length ? chosen : undefined;
}

function report(trial: Trial, rows: readonly Row[]): number {
  const { operations } = trial.history;
  const done = operations.filter(({ outcome }) => outcome === 'acknowledged');
  const acknowledged = done.reduce((sum, { written }) => sum + written.length, 0);
  const counts = countsOf(rows, acknowledged);
  const table = tableOf(rows);
  const end = `${lastLine(counts, seed, rows)} (${seconds()} s, ${load()})`;
  const out = resolve(values.out);
  mkdirSync(out, { recursive: true });
  const write = (name: string, text: string): void => writeFileSync(join(out, name), text);
  write('table.md', `${table}\n\n${end}\n`);
  write('timeline.svg', timelineOf(operations, rows, end));
  const told = rows.map(({ fault, latency, ...row }) => ({
    fault: fault.id,
    ...row,
    checked: Object.fromEntries(row.checked),
    latency: Object.fromEntries(latency),
  }));
  write('report.json', `${JSON.stringify(told, null, 1)}\n`);
  write('history.ndjson', operations.map((one) => `${JSON.stringify(one)}\n`).join(''));
  console.log(`\n${table}\n\nTimeline, findings and history: ${out}\n${end}`);
  return counts.broken === 0 ? 0 : 1;
}

async function controls(): Promise<number> {
  const tried = await tryControls(seed, values.without, say);
  for (const { alteration, by } of tried)
    console.log(`${by === undefined ? 'MISSED' : `caught by ${by}`}  ${alteration.fault}  ${alteration.what}`);
  const missed = tried.filter(({ by }) => by === undefined).length;
  console.log(
    `seed ${seed}: ${tried.length - missed} of ${tried.length} builds without a protection were caught (${seconds()} s, ${load()})`,
  );
  return missed === 0 && tried.length > 0 ? 0 : 1;
}

async function figures(): Promise<number> {
  const began = load();
  const told = await measureFigures({ seed, changes, filledPatients: Number(values.patients), say });
  const rows = told.map(({ name, measured, wanted }) => `| ${name} | ${measured} | ${wanted ?? ''} |`);
  const end = `seed ${seed}: figures of one run (${seconds()} s, ${began} at the beginning, ${load()} at the end)`;
  const table = ['| figure | measured | wanted |', '| --- | --- | --- |', ...rows, '', end].join('\n');
  const out = resolve(values.out);
  mkdirSync(out, { recursive: true });
  writeFileSync(join(out, 'figures.md'), `${table}\n`);
  console.log(`\n${table}`);
  return told.some(({ measured }) => /[1-9]\d* broken|NOT AGREED/.test(measured)) ? 1 : 0;
}
