/** `fyr drill`: a node practises that something is lost, by the clock, and a report tells how it went. */
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import {
  addDrill,
  ask,
  createDrillReader,
  findDrill,
  findOpenDrill,
  listDrills,
  over,
  putDrill,
  refused,
  reportHtml,
  scenarioNames,
  type Drill,
  type DrillReport,
  type ScenarioName,
} from '#continuity/drill/index.ts';
import { systemClock } from '#kernel/clock.ts';
import type { Config } from '#kernel/config.ts';
import { holderOf } from '#kernel/data-folder.ts';
import { openDatabase, type Db } from '#kernel/db.ts';
import { Fault } from '#kernel/fault.ts';
import { systemIds } from '#kernel/ids.ts';
import { exitCode, parseWords, wrongUse, type Command, type CommandContext } from './command.ts';

const by = { reference: 'fyr drill', name: 'fyr drill' };
const lookEveryMs = 500;
/** The node looks each second; much later it does not run. */
const takenUpWithinMs = 15_000;
const languages = ['nb', 'nn', 'en'] as const;
type Language = (typeof languages)[number];

const options = {
  minutes: { type: 'string', default: '15' },
  words: { type: 'string' },
  out: { type: 'string' },
  language: { type: 'string', default: 'nb' },
} as const;

const drill: Command = {
  name: 'drill',
  takes: '<scenario>',
  summary: 'Practises that something is lost at a running node, by the clock, and writes the report',
  help: `
  archive-lost            images and documents of before can not be opened
  hospital-network-lost   a site or a ward reaches nobody, and nobody reaches it
  region-lost             a site does not reach the region (its wards go on with it); at the region: no site reaches it
  sign-in-lost            the sign-in service does not answer; who is signed in works on, others sign in by key

Only what the node itself does is taken away, and all of it is put back: when the time is over, at Ctrl-C, with fyr drill end, and when the node stops.
What people write meanwhile is kept, as always. A downtime that was declared in the drill ends with it. Everybody sees that it is a drill.

  --node <name>       a node of the demo topology (npm start -- --topology demo), such as central or ward; without it the node of this folder
  --minutes <n>       how long, 1 to 240; 15 when not said
  --words <text>      why, or who takes part: for the report
  --out <file.html>   where the report is written; drill-<node>-<scenario>-<time>.html when not said
  --language <nb|nn|en>

fyr drill end ends one that runs; fyr drill list shows those there were.

Exit codes: 0 done, 1 refused, or not all agreed again in time, 2 wrong use or settings.`,
  async run(words, context) {
    const { positionals, values } = parseWords(drill, words, options);
    const [scenario, ...more] = positionals;
    const minutes = Number(values.minutes);
    if (!isScenario(scenario) || more.length > 0)
      throw wrongUse(drill, `Say which scenario: ${scenarioNames.join(', ')}`);
    if (!Number.isInteger(minutes) || minutes < 1) throw wrongUse(drill, 'Say the minutes as a whole number');
    const language = languageOf(drill, values.language);
    return withNode(context, async (at) => {
      const asked = { scenario, minutes, ...(values.words === undefined ? {} : { words: values.words }) };
      const made = ask(systemIds(systemClock).uuid(), asked, by, systemClock.now());
      await addDrill(at.db, made);
      const report = await follow(at, made.id, context);
      const name = `drill-${at.node}-${scenario}-${new Date(made.began).toISOString().slice(0, 16).replaceAll(':', '')}.html`;
      return conclude(context, report, resolve(context.folder, values.out ?? name), language);
    });
  },
};

const drillEnd: Command = {
  name: 'drill end',
  takes: '[--node <name>]',
  summary: 'Ends the drill that runs, and puts everything back',
  help: `
  --node <name>   a node of the demo topology; without it the node of this folder

Exit codes: 0 done, 1 no drill runs, 2 wrong use or settings.`,
  async run(words, context) {
    parseWords(drillEnd, words, {});
    return withNode(context, async ({ db }) => {
      const open = await findOpenDrill(db);
      if (open === undefined) throw new Fault('notFound', 'No drill runs here.');
      if (open.state === 'running') await putOver(db, open.id);
      context.output.write('The drill is over: what was away is put back within a second.\n');
      return exitCode.done;
    });
  },
};

const drillList: Command = {
  name: 'drill list',
  takes: '[--node <name>]',
  summary: 'Shows the drills that were run at a node',
  help: `
  --node <name>   a node of the demo topology; without it the node of this folder

Exit codes: 0 shown, 1 the node does not run, 2 wrong use or settings.`,
  async run(words, context) {
    parseWords(drillList, words, {});
    return withNode(context, async ({ db }) => {
      const drills = await listDrills(db, 100);
      if (drills.length === 0) context.output.write('No drill was run here.\n');
      for (const { id, began, scenario, state, by: who } of drills)
        context.output.write(
          `${new Date(began).toISOString()}  ${scenario.padEnd(22)} ${state.padEnd(10)} ${who.name}  ${id}\n`,
        );
      return exitCode.done;
    });
  },
};

/** The longer names first: `drill` alone is the beginning of all. */
export const drillCommands: readonly Command[] = [drillEnd, drillList, drill];

function isScenario(word: string | undefined): word is ScenarioName {
  return scenarioNames.some((name) => name === word);
}

function languageOf(command: Command, word: string): Language {
  const found = languages.find((language) => language === word);
  if (found === undefined) throw wrongUse(command, `Say one language of ${languages.join(', ')}`);
  return found;
}

type At = { db: Db; node: string; role: Config['role'] };

/** The database of a node that runs. */
async function withNode<T>(context: CommandContext, work: (at: At) => Promise<T>): Promise<T> {
  const { config, secrets } = context.readConfig();
  const url = secrets.databaseUrl ?? holderOf(config.dataFolder)?.databaseUrl;
  if (url === undefined)
    throw new Fault(
      'unavailable',
      `No node runs in ${config.dataFolder}. A drill is of a node that runs: start it first (npm start).`,
    );
  const db = openDatabase(url, { connectionsMax: 2, applicationName: 'fyr drill' });
  try {
    return await work({ db, node: config.node, role: config.role });
  } finally {
    await db.end({ timeout: 5 });
  }
}

/** The clock, and each thing that happens, until all agree again. */
async function follow({ db, node, role }: At, id: string, { output, signal }: CommandContext): Promise<DrillReport> {
  const reader = createDrillReader({ db, clock: systemClock, node, role });
  const asked = systemClock.now();
  let told = 0;
  let toldMinutes = 0;
  for (;;) {
    const report = await reader.reportOf(id);
    const { drill: now, downtime } = report;
    const steps = [...now.history, ...(downtime?.history ?? [])].sort((a, b) => a.at - b.at);
    for (const { at, by: who, what, words } of steps.slice(told))
      output.write(
        `${new Date(at).toTimeString().slice(0, 8)}  ${who.name}: ${what}${words === undefined ? '' : ` – ${words}`}\n`,
      );
    told = steps.length;
    if (now.state === 'refused') throw new Fault('conflict', now.history.at(-1)?.words ?? 'It was refused.');
    if (now.state === 'ended') return report;
    if (now.state === 'asked' && systemClock.now() - asked > takenUpWithinMs) return giveUp(db, now);
    if (now.state === 'running' && signal.aborted) await putOver(db, id);
    const minutes = Math.floor((systemClock.now() - now.began) / 60_000);
    if (now.state === 'running' && minutes > toldMinutes) {
      toldMinutes = minutes;
      output.write(`${stateLine(report, minutes)}\n`);
    }
    await delay(lookEveryMs);
  }
}

function stateLine({ drill: { until }, doings, tasks }: DrillReport, minutes: number): string {
  const writes = doings.written.reduce((sum, one) => sum + one.writes, 0);
  const left = Math.ceil((until - systemClock.now()) / 60_000);
  const open = tasks.filter(({ isDone }) => isDone === false).map(({ code }) => code);
  return `Minute ${minutes}, ${left} left: ${writes} writes here, ${doings.people} people. Not seen yet: ${open.join(', ') || 'nothing'}.`;
}

async function giveUp(db: Db, asked: Drill): Promise<never> {
  const refusal = 'No node took it up in time.';
  await putDrill(db, refused(asked, refusal, systemClock.now()));
  throw new Fault('unavailable', `${refusal} Does it run? A drill needs a node that does.`);
}

async function putOver(db: Db, id: string): Promise<void> {
  for (;;) {
    const now = await findDrill(db, id);
    if (now === undefined || now.state !== 'running') return;
    if (await putDrill(db, over(now, by, systemClock.now()))) return;
  }
}

function conclude({ output }: CommandContext, report: DrillReport, file: string, language: Language): number {
  const { tasks, agreedAfterMs, lastedMs, noticedAfterMs, declaredAfterMs, doings } = report;
  const seconds = (ms: number | undefined): string => (ms === undefined ? 'not' : `after ${(ms / 1000).toFixed(1)} s`);
  const writes = doings.written.reduce((sum, one) => sum + one.writes, 0);
  writeFileSync(file, reportHtml(report, language), { mode: 0o640 });
  output.write(
    `\nThe drill lasted ${(lastedMs / 1000).toFixed(0)} s. Noticed ${seconds(noticedAfterMs)}, declared ${seconds(declaredAfterMs)}.\n`,
  );
  output.write(
    `Written here meanwhile: ${writes}, by ${doings.people} people. All agreed again: ${seconds(agreedAfterMs)}.\n`,
  );
  for (const { isDone, words } of tasks)
    output.write(`  ${isDone === undefined ? '?' : isDone ? '✓' : '–'} ${words[language]}\n`);
  output.write(`Report: ${file}\n`);
  return agreedAfterMs === undefined ? exitCode.failed : exitCode.done;
}
