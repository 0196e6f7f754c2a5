/** Care in the municipality: a home nurse's visits, and the move into a nursing home. */
import type { Encounter } from 'fhir/r4.js';
import type { Day } from '#shared/days.ts';
import { instant, type Chart, type Visit } from './chart.ts';
import { hl7, icpc2, type Concept } from './codes.ts';
import { addDocument } from './texts/document.ts';
import { languageOf } from './texts/style.ts';
import { addDiagnosis, addVisit } from './visits.ts';

const reduced = icpc2('A28');
const residence = {
  system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode',
  code: 'IMP',
  display: 'inpatient encounter',
};
/** Daily visits are not each in the record: the notes of so many days apart are. */
const noteEveryDays = 35;
/** Notes of home care and nursing homes are in the record from so many days before the opening. */
const recentDays = 250;

const homeNotes = [
  [
    'Medisindosett fylt. Spist frokost, hudpleie gitt. Føler seg bra.',
    'Medisindosett fylt. Har ete frukost, hudpleie gjeven. Kjenner seg bra.',
  ],
  ['Tilsyn og hjelp til dusj. Noe ustø, rullator justert.', 'Tilsyn og hjelp til dusj. Noko ustø, rullator justert.'],
  [
    'Blodtrykk og vekt målt. Pårørende til stede, enige om tiltak.',
    'Blodtrykk og vekt målt. Pårørande til stades, samde om tiltak.',
  ],
] as const;
const palliativeNotes = [
  [
    'Smertelindret på faste morfintabletter, har brukt én ekstra dose siste døgn. Ligger mest. Pårørende til stede, trygge på plan og telefonnummer.',
    'Smertelindra på faste morfintablettar, har brukt éin ekstra dose siste døgnet. Ligg mest. Pårørande til stades, trygge på plan og telefonnummer.',
  ],
  [
    'Kvalm og spiser lite, drikker små mengder. Munnstell og leieendring. Fastlege orientert om økende behov for lindring.',
    'Kvalm og et lite, drikk små mengder. Munnstell og leieendring. Fastlege orientert om aukande trong for lindring.',
  ],
  [
    'Sliten, men uten smerter i ro. Snakket om ønsket om å være hjemme. Pumpe og medisinskrin klargjort.',
    'Sliten, men utan smerter i ro. Snakka om ønsket om å vere heime. Pumpe og medisinskrin klargjort.',
  ],
] as const;
const residentNotes = [
  ['Stelt og oppe i stol. Spist halv porsjon. Rolig vakt.', 'Stelt og oppe i stol. Ete halv porsjon. Roleg vakt.'],
  [
    'Urolig på ettermiddagen, roet seg med sang og gåtur i gangen.',
    'Uroleg på ettermiddagen, roa seg med song og gåtur i gangen.',
  ],
  [
    'Legevisitt i dag. Legemidler gjennomgått, ingen endring.',
    'Legevisitt i dag. Legemiddel gjennomgådde, inga endring.',
  ],
] as const;

/** Visits by home care from a day to another, as far as they are in the record. */
export function addHomeCare(chart: Chart, from: Day, to: Day): void {
  const unit = chart.region.homeCare.get(chart.person.municipality.number)!;
  for (let day = Math.max(from, chart.today - recentDays); day < Math.min(to, chart.lastDay); day += noteEveryDays) {
    if (chart.isInHospital(day)) continue;
    const practitioner = chart.random.pick(unit.nurses);
    const visit = addVisit(chart, {
      day,
      kind: 'HH',
      unit,
      practitioner,
      diagnosis: reduced,
      minutes: 30,
      reason: 'Hjemmesykepleie',
    });
    addNote(chart, visit, day, day >= chart.palliativeFrom ? palliativeNotes : homeNotes);
  }
}

/** A room in the municipality's nursing home, from a day until the end. */
export function addNursingHomeStay(chart: Chart, from: Day, code: Concept): void {
  if (from >= chart.lastDay) return;
  const unit = chart.region.nursingHomes.get(chart.person.municipality.number)!;
  const doctor = unit.practitioners[0]!;
  const id = chart.newId(from);
  const visit: Visit = {
    reference: { reference: `Encounter/${id}` },
    day: from,
    minute: 660,
    start: instant(from, 660),
    practitioner: doctor,
    unit,
  };
  const condition = addDiagnosis(chart, visit, code);
  const end = chart.person.deathDay === undefined ? undefined : instant(chart.lastDay, 1380);
  const period = { start: visit.start, ...(end ? { end } : {}) };
  const wanted = chart.random.between(0, unit.beds.length - 1);
  const room = chart.region.beds.take(unit.beds, wanted, from, chart.lastDay) ?? unit.wards[0]!;
  chart.put({
    resourceType: 'Encounter',
    id,
    status: end ? 'finished' : 'in-progress',
    class: residence,
    subject: chart.patient,
    participant: [{ individual: doctor.role }],
    period,
    reasonCode: [{ text: 'Langtidsopphold i sykehjem' }],
    diagnosis: [{ condition, use: hl7('diagnosis-role', 'AD', 'Admission diagnosis') }],
    ...(end ? { hospitalization: { dischargeDisposition: hl7('discharge-disposition', 'exp', 'Expired') } } : {}),
    location: [{ location: room, status: end ? 'completed' : 'active', period }],
    serviceProvider: unit.organisation,
  } satisfies Encounter);
  for (let day = Math.max(from + 2, chart.today - recentDays); day < chart.lastDay; day += noteEveryDays)
    if (!chart.isInHospital(day)) addNote(chart, visit, day, residentNotes);
}

function addNote(chart: Chart, visit: Visit, day: Day, notes: readonly (readonly [string, string])[]): void {
  const language = languageOf(chart, visit.unit);
  const minute = visit.day === day ? visit.minute + 35 : 14 * 60 + chart.random.between(0, 50);
  addDocument(chart, {
    kind: 'note',
    title: 'Sykepleienotat',
    text: chart.random.pick(notes)[language === 'nb' ? 0 : 1],
    language,
    day,
    minute,
    author: chart.random.pick(visit.unit.nurses),
    unit: visit.unit,
    encounter: visit.reference,
    period: { start: instant(day, minute - 30), end: instant(day, minute) },
  });
}
