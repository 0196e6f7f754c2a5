/** How a house writes: the central hospital with whole words under headings, the local one tersely; in bokmål or nynorsk. */
import { civilDate, type Day } from '#shared/days.ts';
import type { Chart, Visit } from '../chart.ts';
import type { UnitEntry } from '../region.ts';
import type { Language } from './document.ts';

export type Style = 'full' | 'terse';

const labels = {
  summary: { full: ['EPIKRISE', 'EPIKRISE'], terse: ['Epikrise', 'Epikrise'] },
  patient: { full: ['Pasient', 'Pasient'], terse: ['Pas', 'Pas'] },
  stay: { full: ['Opphold', 'Opphald'], terse: ['Innl.', 'Innl.'] },
  diagnoses: { full: ['Diagnoser (ICD-10)', 'Diagnosar (ICD-10)'], terse: ['Dg', 'Dg'] },
  procedures: { full: ['Prosedyrer', 'Prosedyrar'], terse: ['Prosedyrer', 'Prosedyrar'] },
  allergies: { full: ['CAVE', 'CAVE'], terse: ['CAVE', 'CAVE'] },
  history: { full: ['Tidligere sykdommer', 'Tidlegare sjukdomar'], terse: ['Tidl', 'Tidl'] },
  current: { full: ['Aktuelt', 'Aktuelt'], terse: ['Akt', 'Akt'] },
  findings: { full: ['Funn ved innkomst', 'Funn ved innkomst'], terse: ['St.pr. innk', 'St.pr. innk'] },
  laboratory: { full: ['Laboratorieprøver', 'Laboratorieprøver'], terse: ['Lab', 'Lab'] },
  course: { full: ['Behandling og forløp', 'Behandling og forløp'], terse: ['Beh./forløp', 'Beh./forløp'] },
  assessment: { full: ['Vurdering', 'Vurdering'], terse: ['Vurd', 'Vurd'] },
  medicines: {
    full: ['Legemidler ved utreise', 'Legemiddel ved utreise'],
    terse: ['Med. v/utreise', 'Med. v/utreise'],
  },
  plan: { full: ['Videre oppfølging', 'Vidare oppfølging'], terse: ['Plan', 'Plan'] },
  reason: { full: ['Problemstilling', 'Problemstilling'], terse: ['Spm', 'Spm'] },
} as const;

export function styleOf(unit: UnitEntry): Style {
  return unit.hospital.includes('lokal') ? 'terse' : 'full';
}

/** Most who work at the local hospital and in nynorsk municipalities write nynorsk. */
export function languageOf(chart: Chart, unit: UnitEntry): Language {
  const isNynorsk = styleOf(unit) === 'terse' ? chart.random.chance(0.5) : chart.random.chance(0.1);
  return isNynorsk || (chart.person.language === 'nn' && chart.random.chance(0.4)) ? 'nn' : 'nb';
}

export function label(name: keyof typeof labels, style: Style, language: Language): string {
  return labels[name][style][language === 'nb' ? 0 : 1];
}

/** `03.11.2026`. */
export function dateOf(day: Day): string {
  const { year, month, day: date } = civilDate(day);
  return `${String(date).padStart(2, '0')}.${String(month).padStart(2, '0')}.${year}`;
}

/** A heading with its lines; nothing when there are none. */
export function section(
  name: keyof typeof labels,
  lines: readonly string[],
  { style, language }: { style: Style; language: Language },
): string[] {
  if (lines.length === 0) return [];
  const title = label(name, style, language);
  if (style === 'full') return ['', `${title}:`, ...lines];
  return [`${title}: ${lines.join('; ')}`];
}

/** `78 år gammel kvinne`. */
export function whoIs(chart: Chart, day: Day, language: Language): string {
  const age = Math.floor(chart.ageInYears(day));
  const isWoman = chart.person.sex === 'female';
  if (age < 1) return 'Spedbarn';
  const old = language === 'nb' ? 'gammel' : 'gammal';
  const boy = language === 'nb' ? 'gutt' : 'gut';
  const who = age < 16 ? (isWoman ? 'jente' : boy) : isWoman ? 'kvinne' : 'mann';
  return `${age} år ${old} ${who}`;
}

/** The head of a letter: house, department, title, patient. */
export function letterhead(chart: Chart, visit: Visit, title: string, style: Style): string[] {
  const { person } = chart;
  const department = (visit.unit.organisation.display ?? '').split(', ')[0]!;
  const who = `${person.given} ${person.family}, f. ${dateOf(person.birthDay)}`;
  if (style === 'full') return [visit.unit.hospital.toUpperCase(), department, '', title, '', who];
  return [`${visit.unit.hospital} - ${department}`, title, who];
}
