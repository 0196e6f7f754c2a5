/** A nursing note each day of a stay, by the shift that writes: what was observed and done, in short words. */
import { instant, type Chart } from '../chart.ts';
import type { Stay } from '../stays.ts';
import { addDocument, type Language } from './document.ts';
import { languageOf } from './style.ts';

/** Notes are in the record for stays that end so many days before the opening, or later. */
const keptDays = 60;

type Sentence = readonly [bokmal: string, nynorsk: string];

const fever: readonly Sentence[] = [
  ['Febril, gitt paracetamol med noe effekt.', 'Febril, fekk paracetamol med noko effekt.'],
  ['Temp fallende siste døgn.', 'Temp fallande siste døgnet.'],
];
const breathing: readonly Sentence[] = [
  [
    'Tungpustet ved anstrengelse, O2 på nesekateter etter behov.',
    'Tungpusta ved anstrenging, O2 på nasekateter etter trong.',
  ],
  ['Puster roligere i dag, går til toalett uten oksygen.', 'Pustar rolegare i dag, går til toalettet utan oksygen.'],
];
const operated: readonly Sentence[] = [
  [
    'Bandasje tørr, ingen tegn til infeksjon. Smertelindret, VAS 3 i ro.',
    'Bandasje tørr, ingen teikn til infeksjon. Smertelindra, VAS 3 i ro.',
  ],
  ['Mobilisert til stol med hjelp av én. Lite kvalme.', 'Mobilisert til stol med hjelp av éin. Lite kvalme.'],
];
const old: readonly Sentence[] = [
  [
    'Trenger hjelp til stell og forflytning. Fallrisiko, seng i laveste stilling.',
    'Treng hjelp til stell og forflytting. Fallrisiko, seng i lågaste stilling.',
  ],
  ['Noe uro om natten, rolig med tilsyn.', 'Noko uro om natta, roleg med tilsyn.'],
  ['Drikker lite, oppfordret og drikkeliste startet.', 'Drikk lite, oppmoda og drikkeliste starta.'],
];
const usual: readonly Sentence[] = [
  ['Sovet godt. Spiser og drikker tilfredsstillende.', 'Sove godt. Et og drikk tilfredsstillande.'],
  ['Oppegående, selvhjulpen i stell. Pårørende på besøk.', 'Oppegåande, sjølvhjelpt i stell. Pårørande på besøk.'],
  ['Oppe på eget initiativ, går i korridoren. NEWS 0–1.', 'Oppe på eige initiativ, går i korridoren. NEWS 0–1.'],
];
const labour: readonly Sentence[] = [
  [
    'Ammer godt, barnet suger effektivt. Livmor fast, normal renselse.',
    'Ammar godt, barnet syg effektivt. Livmor fast, normal reinsing.',
  ],
];

/** Adds the notes of a stay that is recent or to come; none for a newborn, who lies with its mother. */
export function addNursingNotes(chart: Chart, stay: Stay): void {
  const { visit, lastDay, admission } = stay;
  if (lastDay < chart.today - keptDays || admission.isNewborn) return;
  const language = languageOf(chart, visit.unit);
  for (let day = visit.day; day <= lastDay; day++) {
    const minute = day === visit.day ? Math.min(visit.minute + 150, 1410) : day === lastDay ? 9 * 60 : 14 * 60 + 40;
    if (day === lastDay && minute >= stay.lastMinute) continue;
    const author = chart.random.pick(visit.unit.nurses);
    addDocument(chart, {
      kind: 'note',
      title: 'Sykepleienotat',
      text: noteText(chart, stay, day, minute, language),
      language,
      day,
      minute,
      author,
      unit: visit.unit,
      encounter: visit.reference,
      period: { start: visit.start, end: instant(day, minute) },
    });
  }
}

function noteText(chart: Chart, stay: Stay, day: number, minute: number, language: Language): string {
  const { visit, admission, lastDay } = stay;
  const shift =
    minute < 7 * 60 ? 'Nattevakt' : minute < 15 * 60 ? 'Dagvakt' : minute < 22 * 60 ? 'Kveldsvakt' : 'Nattevakt';
  const at = language === 'nb' ? 0 : 1;
  const lines = [`${shift}.`];
  const night = day - visit.day;
  if (night === 0) {
    const arrival: Sentence = admission.acute
      ? [
          'Ankom avdelingen fra akuttmottak. Innkomstsamtale gjort, ID-bånd på.',
          'Kom til avdelinga frå akuttmottak. Innkomstsamtale gjord, ID-band på.',
        ]
      : ['Ankom avdelingen som avtalt, fastende.', 'Kom til avdelinga som avtalt, fastande.'];
    lines.push(arrival[at], at === 0 ? `Innleggelsesårsak: ${admission.complaint}` : '');
    if (chart.intolerances.length > 0) lines.push(`CAVE: ${chart.intolerances.join('; ')}.`);
  } else {
    const later = Math.min(1, night - 1);
    if (admission.department === 'obstetrics') lines.push(labour[0]![at]);
    else if (admission.procedure) lines.push(operated[later]![at]);
    else if ((admission.fever ?? 0) > 0.6) lines.push(fever[later]![at]);
    if ((admission.breathless ?? 0) > 1) lines.push(breathing[later]![at]);
    const isFrail = chart.ageInYears(day) > 80 && day < lastDay;
    lines.push(chart.random.pick(isFrail ? old : usual)[at]);
  }
  if (day === lastDay && !stay.died)
    lines.push(
      at === 0
        ? 'Planlagt utreise i dag. Medisinliste gjennomgått.'
        : 'Planlagd utreise i dag. Medisinliste gjennomgådd.',
    );
  return lines.filter((line) => line !== '').join(' ');
}
