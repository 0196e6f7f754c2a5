/**
 * `npm run chaos`: a region of real processes with real databases, joined over real lines, that is worked at and broken. Exit code 0 when every promise held,
 * 1 when one was broken, 2 for wrong words.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { createRandom } from '#continuity/simulation/random.ts';
import { faults, notBrought, type Fault } from './faults/index.ts';
import { countsOf, lastLine, tableOf } from './report.ts';
import { runSeries } from './series.ts';
import { timelineOf } from './timeline.ts';
import { openTopology } from './topology.ts';
import { Trial } from './trial.ts';

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    faults: { type: 'string' },
    rounds: { type: 'string', default: '0' },
    seed: { type: 'string', default: '1' },
    out: { type: 'string', default: 'var/chaos' },
    keep: { type: 'boolean', default: false },
  },
});
const seed = Number(values.seed);
const out = resolve(values.out);
const began = performance.now();
const say = (line: string): void =>
  console.log(`${((performance.now() - began) / 1000).toFixed(0).padStart(4)} s  ${line}`);

process.exitCode = await run();

async function run(): Promise<number> {
  const chosen = choose();
  if (chosen === undefined) return 2;
  const folder = mkdtempSync(join(tmpdir(), 'fyr-chaos-'));
  const disk = chosen.some(({ needsRoot }) => needsRoot) ? mountDisk(folder) : undefined;
  const isRunnable = ({ needsRoot }: Fault): boolean => needsRoot === undefined || disk !== undefined;
  for (const fault of chosen.filter((one) => !isRunnable(one)))
    say(`${fault.id} is left out: it needs a file system of its own, which only root may mount`);
  try {
    say(`seed ${seed}, ${folder}, load ${loadavg()[0]?.toFixed(1)}`);
    return await tryAll(folder, chosen.filter(isRunnable), disk);
  } finally {
    if (disk !== undefined) execFileSync('umount', ['--lazy', disk]);
    if (!values.keep) rmSync(folder, { recursive: true, force: true });
  }
}

function choose(): Fault[] | undefined {
  if (values.faults === undefined) {
    const set = faults.filter(({ isQuick }) => isQuick || !values.quick);
    const random = createRandom(seed);
    return [...set, ...Array.from({ length: Number(values.rounds) }, () => random.pick(set))];
  }
  const ids = values.faults.split(',');
  const chosen = ids.flatMap((id) => faults.find((fault) => fault.id === id) ?? []);
  if (chosen.length === ids.length) return chosen;
  console.error(
    `Faults are ${faults.map(({ id }) => id).join(', ')}. Not brought: ${notBrought.map(({ id, why }) => `${id} (${why})`).join('; ')}.`,
  );
  return undefined;
}

/** A small file system in memory for the ward, which can be filled without filling the machine's. */
function mountDisk(folder: string): string | undefined {
  const disk = join(folder, 'ward-disk');
  mkdirSync(disk);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1g', 'tmpfs', disk], { stdio: 'ignore' });
    return disk;
  } catch {
    return undefined;
  }
}

async function tryAll(folder: string, chosen: readonly Fault[], disk: string | undefined): Promise<number> {
  const folderOf = (name: string): string | undefined => (name === 'ward' ? disk : undefined);
  const topology = await openTopology({ folder, residents: 20, say, folderOf });
  try {
    const trial = new Trial({ topology, seed, patients: 8, paceMs: 200, say });
    await trial.prepare();
    const { obstacle } = await trial.agreed(60_000);
    if (obstacle !== undefined) throw new Error(`The nodes do not agree before the first fault: ${obstacle}`);
    const rows = await runSeries(trial, chosen);
    const acknowledged = trial.history.operations.filter(
      ({ outcome, written }) => outcome === 'acknowledged' && written.length > 0,
    );
    const counts = countsOf(
      rows,
      acknowledged.reduce((sum, { written }) => sum + written.length, 0),
    );
    const table = tableOf(rows);
    const end = `${lastLine(counts, seed, rows)} (${((performance.now() - began) / 1000).toFixed(0)} s, load ${loadavg()[0]?.toFixed(1)})`;
    mkdirSync(out, { recursive: true });
    writeFileSync(join(out, 'table.md'), `${table}\n\n${end}\n`);
    writeFileSync(join(out, 'timeline.svg'), timelineOf(trial.history.operations, rows, `Faults of seed ${seed}`));
    const told = rows.map(({ fault, findings, notes, agreed, latency }) => ({
      fault: fault.id,
      agreed,
      notes,
      findings,
      latency: Object.fromEntries(latency),
    }));
    writeFileSync(join(out, 'report.json'), `${JSON.stringify(told, null, 1)}\n`);
    writeFileSync(
      join(out, 'history.ndjson'),
      trial.history.operations.map((one) => `${JSON.stringify(one)}\n`).join(''),
    );
    console.log(`\n${table}\n\nTimeline, history and findings: ${out}\n${end}`);
    return counts.broken === 0 ? 0 : 1;
  } finally {
    await topology.stop();
  }
}
