/** The GP's letter to the hospital, with what the record has of the patient. */
import type { Chart, Visit } from '../chart.ts';
import type { ReferralDraft } from '../referrals.ts';
import { describeMedicine } from '../prescribing.ts';
import { addDocument } from './document.ts';
import { dateOf, languageOf, section, whoIs } from './style.ts';

export function addReferralLetter(chart: Chart, visit: Visit, draft: ReferralDraft & { priorityText: string }): void {
  const language = languageOf(chart, visit.unit);
  const at = language === 'nb' ? 0 : 1;
  const manner = { style: 'full', language } as const;
  const { person } = chart;
  const known = chart.problems.filter(({ since }) => since < visit.day).map(({ concept: { text } }) => text ?? '');
  const taken = chart.longTerm.filter(
    ({ start, stop }) => start < visit.day && (stop === undefined || stop > visit.day),
  );
  const none = 'Ingen';
  const text = [
    visit.unit.hospital.toUpperCase(),
    `Til: ${draft.unit.organisation.display ?? ''}`,
    language === 'nb' ? 'HENVISNING' : 'TILVISING',
    `Hastegrad: ${draft.priorityText}`,
    '',
    `${person.given} ${person.family}, f. ${dateOf(person.birthDay)}`,
    ...section('reason', [draft.reason[at]], manner),
    ...section('allergies', chart.intolerances, manner),
    ...section('history', known.length > 0 ? known : [none], manner),
    ...section('current', [`${whoIs(chart, visit.day, language)}. ${currentWords(chart, visit, at)}`], manner),
    '',
    `${language === 'nb' ? 'Faste legemidler' : 'Faste legemiddel'}:`,
    ...(taken.length > 0 ? taken.map(({ medicine }) => describeMedicine(medicine)) : [none]),
    '',
    language === 'nb' ? 'Med vennlig hilsen' : 'Med venleg helsing',
    `${visit.practitioner.reference.display ?? ''}, fastlege`,
  ].join('\n');
  addDocument(chart, {
    kind: 'referral',
    title: `${language === 'nb' ? 'Henvisning' : 'Tilvising'}, ${(draft.unit.organisation.display ?? '').split(',')[0]!}`,
    text,
    language,
    day: visit.day,
    minute: visit.minute + 19,
    author: visit.practitioner,
    unit: visit.unit,
    encounter: visit.reference,
    period: { start: visit.start },
  });
}

function currentWords(chart: Chart, visit: Visit, at: 0 | 1): string {
  const age = chart.ageInYears(visit.day);
  if (age < 16) return ['Foresatte er med i konsultasjonen.', 'Føresette er med i konsultasjonen.'][at]!;
  if (age > 80) return ['Bor hjemme, noe hjelp av pårørende.', 'Bur heime, noko hjelp av pårørande.'][at]!;
  return ['Ellers i habituell tilstand.', 'Elles i habituell tilstand.'][at]!;
}
