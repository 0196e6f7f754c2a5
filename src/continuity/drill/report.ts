/** What a drill showed: by the clock, what was noticed and done and when, what was not, and how long it took until all agreed again. */
import type { Downtime } from '../downtime/rules.ts';
import { escaped, lengthIn, timeIn } from '../downtime/report-words.ts';
import type { Language, Words } from '../downtime/words.ts';
import type { Doings } from './doings-store.ts';
import { hasStep, type Drill, type DrillStep } from './rules.ts';
import { scenarioWords, tasksOf, type Role, type Task, type TaskMeasure } from './scenarios.ts';

/** `isDone` undefined: the node can not see it; those who did it note it. */
export type DrillTask = Task & { isDone: boolean | undefined; at: number | undefined };

export type DrillReport = {
  node: string;
  role: Role;
  drill: Drill;
  title: Words;
  happens: Words;
  tasks: readonly DrillTask[];
  doings: Doings;
  /** The downtime that people declared, or the node proposed, in it. */
  downtime: Downtime | undefined;
  /** From the beginning until all was put back; until now, where it still runs. Milliseconds. */
  lastedMs: number;
  /** From the beginning until the node saw that it was cut off, and until a person declared downtime. Undefined: it did not happen. */
  noticedAfterMs: number | undefined;
  declaredAfterMs: number | undefined;
  /** From the putting back until all agreed; undefined: not yet, or not in time. */
  agreedAfterMs: number | undefined;
  made: number;
};

export type Seen = { node: string; role: Role; drill: Drill; doings: Doings; downtime: Downtime | undefined };

export function reportOf({ node, role, drill, doings, downtime }: Seen, now: number): DrillReport {
  const { began, over, scenario, history } = drill;
  const noticedAt = history.find(({ what }) => what === 'noticed')?.at;
  const agreedAt = history.find(({ what }) => what === 'agreed')?.at;
  const declaredAt = downtime?.declared;
  const after = (at: number | undefined, from: number | undefined): number | undefined =>
    at === undefined || from === undefined ? undefined : Math.max(0, at - from);
  const tasks = tasksOf(scenario).map((task): DrillTask => ({
    ...task,
    ...done(task.measure, drill, doings, downtime),
  }));
  return {
    node,
    role,
    drill,
    ...scenarioWords[scenario],
    tasks,
    doings,
    downtime,
    lastedMs: (over ?? now) - began,
    noticedAfterMs: after(noticedAt, began),
    declaredAfterMs: after(declaredAt, began),
    agreedAfterMs: after(agreedAt, over),
    made: now,
  };
}

function done(
  measure: TaskMeasure | undefined,
  drill: Drill,
  { written, formsPrinted, formsEntered, accesses }: Doings,
  downtime: Downtime | undefined,
): Pick<DrillTask, 'isDone' | 'at'> {
  const when = (isDone: boolean): Pick<DrillTask, 'isDone' | 'at'> => ({ isDone, at: undefined });
  switch (measure) {
    case undefined:
      return { isDone: undefined, at: undefined };
    case 'noticed':
      return { isDone: hasStep(drill, 'noticed'), at: drill.history.find(({ what }) => what === 'noticed')?.at };
    case 'declared':
      return { isDone: downtime?.declared !== undefined, at: downtime?.declared };
    case 'printed':
      return when(formsPrinted > 0);
    case 'entered':
      return when(formsEntered > 0);
    case 'written':
      return when(written.length > 0);
    case 'signedIn':
      return when(accesses.some(({ action, outcome }) => action === 'sign-in' && outcome === 'allowed'));
  }
}

/** One file that any browser opens and prints, without script. */
export function reportHtml(report: DrillReport, language: Language): string {
  const { node, drill, title, happens, tasks, doings, downtime, made } = report;
  const say = (key: keyof typeof texts): string => escaped(texts[key][language]);
  const time = (at: number | undefined): string => (at === undefined ? '–' : escaped(timeIn(language, at)));
  const length = (ms: number | undefined): string => (ms === undefined ? '–' : lengthIn(ms));
  const rows = (lines: readonly (readonly string[])[]): string =>
    lines.map((cells) => `<tr>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`).join('\n');
  const facts = [
    [say('node'), escaped(node)],
    [say('scenario'), `${escaped(title[language])}. ${escaped(happens[language])}`],
    [say('by'), escaped(drill.by.name)],
    [say('began'), time(drill.began)],
    [say('lasted'), length(report.lastedMs)],
    [say('noticed'), length(report.noticedAfterMs)],
    [say('declared'), length(report.declaredAfterMs)],
    [say('agreed'), length(report.agreedAfterMs)],
  ];
  const taskRows = tasks.map(({ words, isDone, at }) => [
    isDone === undefined ? say('unseen') : isDone ? say('yes') : `<strong>${say('no')}</strong>`,
    escaped(words[language]),
    time(at),
  ]);
  const steps = [...drill.history.map(stepRow), ...(downtime?.history ?? []).map(stepRow)].sort((a, b) => a.at - b.at);
  const stepRows = steps.map(({ at, by, what, words }) => [
    time(at),
    escaped(by),
    escaped(stepWords[what]?.[language] ?? what),
    escaped(words),
  ]);
  return `<!doctype html>
<html lang="${language}">
<head><meta charset="utf-8"><title>${say('title')}</title></head>
<body>
<h1>${say('title')}</h1>
<p>${say('exercise')}</p>
<table>${rows(facts)}</table>
<h2>${say('tasks')}</h2>
<table>${rows(taskRows)}</table>
<h2>${say('history')}</h2>
<table>${rows(stepRows)}</table>
<h2>${say('done')}</h2>
<table>${rows(doingRows(doings, language))}</table>
<h2>${say('written')}</h2>
<table>${rows(doings.written.map(({ type, interaction, writes }) => [escaped(type), escaped(interaction), String(writes)]))}</table>
<p>${say('made')} ${time(made)}</p>
</body>
</html>
`;
}

type Row = { at: number; by: string; what: string; words: string };

function stepRow({ at, by, what, words }: Pick<DrillStep, 'at' | 'by' | 'words'> & { what: string }): Row {
  return { at, by: by.name, what, words: words ?? '' };
}

function doingRows(doings: Doings, language: Language): string[][] {
  const { accesses, people, formsPrinted, formsEntered, latencyP99Ms, errors, backlogMost } = doings;
  const count = (outcome: 'allowed' | 'refused'): number =>
    accesses.filter((one) => one.outcome === outcome).reduce((sum, one) => sum + one.count, 0);
  const row = (key: keyof typeof texts, value: number | undefined): string[][] =>
    value === undefined ? [] : [[escaped(texts[key][language]), String(Math.round(value))]];
  return [
    ...row('people', people),
    ...row('allowed', count('allowed')),
    ...row('refused', count('refused')),
    ...row('printed', formsPrinted),
    ...row('entered', formsEntered),
    ...row('backlog', backlogMost),
    ...row('latency', latencyP99Ms),
    ...row('errors', errors),
  ];
}

const texts = {
  title: { nb: 'Rapport om øvelse', nn: 'Rapport om øving', en: 'Report of a drill' },
  exercise: {
    nb: 'Dette var en øvelse. Ingenting var borte i virkeligheten.',
    nn: 'Dette var ei øving. Ingenting var borte i røynda.',
    en: 'This was a drill. Nothing was lost in earnest.',
  },
  node: { nb: 'Node', nn: 'Node', en: 'Node' },
  scenario: { nb: 'Hva som ble øvd', nn: 'Kva som vart øvd', en: 'What was practised' },
  by: { nb: 'Startet av', nn: 'Starta av', en: 'Begun by' },
  began: { nb: 'Begynte', nn: 'Byrja', en: 'Began' },
  lasted: { nb: 'Varte', nn: 'Varte', en: 'Lasted' },
  noticed: { nb: 'Noden så det etter', nn: 'Noden såg det etter', en: 'The node noticed after' },
  declared: { nb: 'Nedetid erklært etter', nn: 'Nedetid erklært etter', en: 'Downtime declared after' },
  agreed: { nb: 'Alt var likt igjen etter', nn: 'Alt var likt igjen etter', en: 'All agreed again after' },
  tasks: { nb: 'Oppgaver', nn: 'Oppgåver', en: 'Tasks' },
  yes: { nb: 'gjort', nn: 'gjort', en: 'done' },
  no: { nb: 'ikke gjort', nn: 'ikkje gjort', en: 'not done' },
  unseen: { nb: 'se notatene', nn: 'sjå notata', en: 'see the notes' },
  history: { nb: 'Hva som hendte', nn: 'Kva som hende', en: 'What happened' },
  done: {
    nb: 'Hva folk gjorde på denne noden',
    nn: 'Kva folk gjorde på denne noden',
    en: 'What people did at this node',
  },
  written: { nb: 'Skrevet på denne noden', nn: 'Skrive på denne noden', en: 'Written at this node' },
  people: { nb: 'Personer som leste eller skrev', nn: 'Personar som las eller skreiv', en: 'People who read or wrote' },
  allowed: { nb: 'Oppslag og endringer', nn: 'Oppslag og endringar', en: 'Accesses and changes' },
  refused: { nb: 'Avvist', nn: 'Avvist', en: 'Refused' },
  printed: { nb: 'Skjemaer skrevet ut', nn: 'Skjema skrivne ut', en: 'Forms printed' },
  entered: { nb: 'Skjemaer ført inn', nn: 'Skjema førte inn', en: 'Forms entered' },
  backlog: {
    nb: 'Ventet på å bli sendt, på det meste',
    nn: 'Venta på å bli sendt, på det meste',
    en: 'Waited to be sent, at most',
  },
  latency: { nb: 'Tregeste minutt, p99 i ms', nn: 'Tregaste minutt, p99 i ms', en: 'Slowest minute, p99 in ms' },
  errors: { nb: 'Forespørsler som feilet', nn: 'Førespurnader som feila', en: 'Requests that failed' },
  made: { nb: 'Laget', nn: 'Laga', en: 'Made' },
} satisfies Readonly<Record<string, Words>>;

/** Steps of the drill and of the downtime in it. */
const stepWords: Readonly<Record<string, Words>> = {
  asked: { nb: 'ba om øvelsen', nn: 'bad om øvinga', en: 'asked for the drill' },
  begun: { nb: 'tok det bort', nn: 'tok det bort', en: 'took it away' },
  refused: { nb: 'avviste', nn: 'avviste', en: 'refused' },
  noticed: { nb: 'så at det var borte', nn: 'såg at det var borte', en: 'saw that it was away' },
  noted: { nb: 'noterte', nn: 'noterte', en: 'noted' },
  over: { nb: 'satte det tilbake', nn: 'sette det tilbake', en: 'put it back' },
  agreed: { nb: 'alt er likt igjen', nn: 'alt er likt igjen', en: 'all agree again' },
  ended: { nb: 'avsluttet', nn: 'avslutta', en: 'ended' },
  proposed: { nb: 'foreslo nedetid', nn: 'foreslo nedetid', en: 'proposed downtime' },
  declared: { nb: 'erklærte nedetid', nn: 'erklærte nedetid', en: 'declared downtime' },
  reconciling: { nb: 'meldte normal drift', nn: 'melde normal drift', en: 'said that normal operation is back' },
  reopened: { nb: 'erklærte nedetid på nytt', nn: 'erklærte nedetid på nytt', en: 'declared downtime again' },
  withdrawn: { nb: 'trakk forslaget', nn: 'trekte forslaget', en: 'took the proposal back' },
  dismissed: { nb: 'avviste forslaget', nn: 'avviste forslaget', en: 'dismissed the proposal' },
};
