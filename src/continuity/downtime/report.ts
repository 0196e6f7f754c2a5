/** What a downtime was, afterwards: what happened, how long, what was written where, what was in doubt. Kept with the downtime's own history. */
import type { Written } from './downtime-store.ts';
import { escaped, lengthIn, timeIn } from './report-words.ts';
import { checkWords, kindWords, type Language, type Words } from './words.ts';
import type { Downtime, Step } from './rules.ts';

export type Report = {
  node: string;
  downtime: Downtime;
  /** From the beginning of the trouble until normal operation; until now, where it still lasts. Milliseconds. */
  lastedMs: number;
  /** From normal operation until all was settled. */
  settlingMs: number | undefined;
  /** What was written at this node meanwhile, by type. */
  written: readonly Written[];
  made: number;
};

export function reportOf(node: string, downtime: Downtime, written: readonly Written[], now: number): Report {
  const { began, over, ended } = downtime;
  return {
    node,
    downtime,
    lastedMs: (over ?? now) - began,
    settlingMs: over === undefined || ended === undefined ? undefined : ended - over,
    written,
    made: now,
  };
}

/** One file that any browser opens and prints, without script. */
export function reportHtml(
  { node, downtime, lastedMs, settlingMs, written, made }: Report,
  language: Language,
): string {
  const say = (key: keyof typeof texts): string => escaped(texts[key][language]);
  const time = (at: number | undefined): string => (at === undefined ? '–' : escaped(timeIn(language, at)));
  const rows = (lines: readonly (readonly string[])[]): string =>
    lines.map((cells) => `<tr>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`).join('\n');
  const facts = [
    [say('node'), escaped(node)],
    [say('kind'), escaped(kindWords[downtime.kind][language])],
    [say('reason'), escaped(downtime.reason)],
    [say('began'), time(downtime.began)],
    [say('declared'), time(downtime.declared)],
    [say('over'), time(downtime.over)],
    [say('ended'), time(downtime.ended)],
    [say('lasted'), lengthIn(lastedMs)],
    [say('settling'), settlingMs === undefined ? '–' : lengthIn(settlingMs)],
  ];
  const history = downtime.history.map((step) => [
    time(step.at),
    escaped(step.by.name),
    escaped(stepWords[step.what][language]),
    escaped(step.words ?? ''),
  ]);
  const checks = downtime.checks.map(({ name, count, settled }) => [
    escaped(checkWords[name][language]),
    count === undefined ? say('unknown') : String(count),
    settled === undefined ? '' : `${escaped(settled.words)} (${escaped(settled.by.name)}, ${time(settled.at)})`,
  ]);
  const types = written.map(({ type, interaction, writes }) => [escaped(type), escaped(interaction), String(writes)]);
  return `<!doctype html>
<html lang="${language}">
<head><meta charset="utf-8"><title>${say('title')}</title></head>
<body>
<h1>${say('title')}</h1>
<table>${rows(facts)}</table>
<h2>${say('history')}</h2>
<table>${rows(history)}</table>
<h2>${say('written')}</h2>
<table>${rows(types)}</table>
<h2>${say('doubt')}</h2>
<table>${rows(checks)}</table>
<p>${say('made')} ${time(made)}</p>
</body>
</html>
`;
}

const texts = {
  title: { nb: 'Rapport om nedetid', nn: 'Rapport om nedetid', en: 'Report of a downtime' },
  node: { nb: 'Node', nn: 'Node', en: 'Node' },
  kind: { nb: 'Hva som var borte', nn: 'Kva som var borte', en: 'What was lost' },
  reason: { nb: 'Grunn', nn: 'Grunn', en: 'Reason' },
  began: { nb: 'Begynte', nn: 'Byrja', en: 'Began' },
  declared: { nb: 'Erklært', nn: 'Erklært', en: 'Declared' },
  over: { nb: 'Normal drift igjen', nn: 'Normal drift igjen', en: 'Normal operation again' },
  ended: { nb: 'Avsluttet', nn: 'Avslutta', en: 'Ended' },
  lasted: { nb: 'Varte', nn: 'Varte', en: 'Lasted' },
  settling: { nb: 'Kontrollen tok', nn: 'Kontrollen tok', en: 'Settling took' },
  history: { nb: 'Hva som hendte', nn: 'Kva som hende', en: 'What happened' },
  written: {
    nb: 'Skrevet på denne noden imens',
    nn: 'Skrive på denne noden imens',
    en: 'Written at this node meanwhile',
  },
  doubt: { nb: 'Hva som var i tvil', nn: 'Kva som var i tvil', en: 'What was in doubt' },
  unknown: { nb: 'noden vet ikke', nn: 'noden veit ikkje', en: 'the node can not tell' },
  made: { nb: 'Laget', nn: 'Laga', en: 'Made' },
} satisfies Readonly<Record<string, Words>>;

const stepWords: Readonly<Record<Step['what'], Words>> = {
  proposed: { nb: 'foreslo', nn: 'foreslo', en: 'proposed' },
  declared: { nb: 'erklærte', nn: 'erklærte', en: 'declared' },
  noted: { nb: 'noterte', nn: 'noterte', en: 'noted' },
  withdrawn: { nb: 'trakk forslaget', nn: 'trekte forslaget', en: 'took the proposal back' },
  dismissed: { nb: 'avviste', nn: 'avviste', en: 'dismissed' },
  reconciling: { nb: 'meldte normal drift', nn: 'melde normal drift', en: 'said that normal operation is back' },
  reopened: { nb: 'erklærte på nytt', nn: 'erklærte på nytt', en: 'declared again' },
  ended: { nb: 'avsluttet', nn: 'avslutta', en: 'ended' },
};
