/** What the doctor at an outpatient clinic dictates: short, with the values of the day. */
import { analyses } from '../analyses.ts';
import { instant, type Chart, type Visit } from '../chart.ts';
import type { Concept } from '../codes.ts';
import type { ScoreName, Words } from '../courses/course.ts';
import { scoreNames } from '../courses/scores.ts';
import type { Results } from '../laboratory.ts';
import { decimal } from './discharge-summary.ts';
import { addDocument } from './document.ts';
import { label, languageOf, letterhead, section, styleOf, whoIs } from './style.ts';

/** Notes are in the record from so many days before the opening. */
const recentDays = 900;
const resultsShown = 6;

export type OutpatientNote = {
  reason: string;
  note: Words;
  diagnosis: Concept;
  results?: Results;
  score?: readonly [ScoreName, number];
};

export function addOutpatientNote(
  chart: Chart,
  visit: Visit,
  { reason, note, diagnosis, results, score }: OutpatientNote,
): void {
  if (visit.day < chart.today - recentDays) return;
  const language = languageOf(chart, visit.unit);
  const style = styleOf(visit.unit);
  const manner = { style, language };
  const values = [...(results ?? [])]
    .slice(0, resultsShown)
    .map(([key, value]) => `${analyses.get(key)!.name} ${decimal(value)}`);
  const measured = score ? [`${scoreNames[score[0]]}: ${decimal(score[1])}`] : [];
  const text = [
    ...letterhead(chart, visit, 'Poliklinisk notat', style),
    `${reason}. ${whoIs(chart, visit.day, language)}.`,
    ...section('diagnoses', [`${diagnosis.coding[0]!.code} ${diagnosis.text}`], manner),
    ...section('assessment', [note[language === 'nb' ? 0 : 1], ...measured], manner),
    ...(values.length > 0
      ? [
          `${label('laboratory', style, language)}: ${values.join(', ')} (${language === 'nb' ? 'svar samme dag' : 'svar same dag'})`,
        ]
      : []),
    visit.practitioner.reference.display ?? '',
  ].join('\n');
  addDocument(chart, {
    kind: 'outpatientNote',
    title: `Poliklinisk notat, ${reason.toLowerCase()}`,
    text,
    language,
    day: visit.day,
    minute: Math.min(visit.minute + 135 + chart.random.between(0, 50), 17 * 60 + 40),
    author: visit.practitioner,
    unit: visit.unit,
    encounter: visit.reference,
    period: { start: visit.start, end: instant(visit.day, visit.minute + 30) },
  });
}
