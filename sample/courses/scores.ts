/** Scores and function tests as Observations. */
import type { Observation } from 'fhir/r4.js';
import { instant, type Chart, type Visit } from '../chart.ts';
import { codeSystems, concept, hl7 } from '../codes.ts';
import type { ScoreName } from './course.ts';

type Score = {
  code: ReturnType<typeof concept> | { text: string };
  decimals: number;
  unit: string;
  ucum: string;
  category: 'survey' | 'exam';
};

const scores: Readonly<Record<ScoreName, Score>> = {
  depression: { code: { text: 'MADRS, sumskår' }, decimals: 0, unit: 'poeng', ucum: '{score}', category: 'survey' },
  memory: {
    code: { ...concept(codeSystems.loinc, '72106-8', 'Total score [MMSE]'), text: 'MMSE-NR3, sumskår' },
    decimals: 0,
    unit: 'poeng',
    ucum: '{score}',
    category: 'survey',
  },
  jointActivity: { code: { text: 'DAS28-CRP' }, decimals: 1, unit: 'poeng', ucum: '{score}', category: 'exam' },
  lungFunction: { code: { text: 'FEV1, % av forventet' }, decimals: 0, unit: '%', ucum: '%', category: 'exam' },
  function: {
    code: { text: 'WHO/ECOG funksjonsstatus' },
    decimals: 0,
    unit: 'poeng',
    ucum: '{score}',
    category: 'survey',
  },
};

/** What a text calls it. */
export const scoreNames: Readonly<Record<ScoreName, string>> = {
  depression: 'MADRS',
  memory: 'MMSE',
  jointActivity: 'DAS28',
  lungFunction: 'FEV1 (% av forventet)',
  function: 'ECOG',
};

/** How far a value strays from the resident's own level, as a share of the bounds. */
const stray = 0.16;

/** Adds a score within the bounds and answers its value; the same person mostly lies at the same place in them. */
export function addScore(chart: Chart, visit: Visit, name: ScoreName, [low, high]: readonly [number, number]): number {
  const { code, decimals, unit, ucum, category } = scores[name];
  const level = chart.scoreLevels.get(name) ?? 0.15 + chart.random.next() * 0.7;
  chart.scoreLevels.set(name, level);
  const place = Math.min(1, Math.max(0, level + (chart.random.next() * 2 - 1) * stray));
  const value = Number((low + place * (high - low)).toFixed(decimals));
  chart.add(visit.day, {
    resourceType: 'Observation',
    status: 'final',
    category: [
      category === 'survey'
        ? hl7('observation-category', 'survey', 'Survey')
        : hl7('observation-category', 'exam', 'Exam'),
    ],
    code,
    subject: chart.patient,
    encounter: visit.reference,
    effectiveDateTime: instant(visit.day, visit.minute + 10),
    performer: [visit.practitioner.reference],
    valueQuantity: { value, unit, system: codeSystems.ucum, code: ucum },
  } satisfies Observation);
  return value;
}
