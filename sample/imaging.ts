/** Imaging: the report with its text, whose conclusion is the coded report's. Codes: NCRP-like names in plain text, since the list is not at hand. */
import type { DiagnosticReport } from 'fhir/r4.js';
import type { Day } from '#shared/days.ts';
import { instant, type Chart, type Reference } from './chart.ts';
import { hl7 } from './codes.ts';
import type { ImagingName, Words } from './courses/course.ts';
import type { UnitEntry } from './region.ts';
import { addDocument } from './texts/document.ts';
import { dateOf, languageOf } from './texts/style.ts';

const names: Readonly<Record<ImagingName, string>> = {
  chestXray: 'RG thorax',
  chestCt: 'CT thorax med kontrast',
  abdomenCt: 'CT abdomen med kontrast',
  headCt: 'CT caput uten kontrast',
  mammography: 'Mammografi og ultralyd mamma',
  prostateMri: 'MR prostata',
  handXray: 'RG hender',
  wristXray: 'RG håndledd',
  ankleXray: 'RG ankel',
  hipXray: 'RG hofte',
  echocardiography: 'Ekkokardiografi',
  pregnancyUltrasound: 'Ultralyd svangerskap',
};
const radiologyCategory = [hl7('v2-0074', 'RAD', 'Radiology')];
const ultrasoundCategory = [hl7('v2-0074', 'CUS', 'Cardiac Ultrasound')];

export type ImagingDraft = {
  what: ImagingName;
  finding: Words;
  conclusion: Words;
  /** Why it was asked for, as the requester wrote it. */
  question: string;
  day: Day;
  minute: number;
  encounter: Reference;
  /** Who has done it; the radiology department if not given. */
  unit?: UnitEntry;
};

/** Adds report and document; the answer comes some hours after the examination. */
export function addImaging(chart: Chart, draft: ImagingDraft): void {
  const unit = draft.unit ?? chart.region.department('radiology', chart.person.municipality);
  const doctor = unit.practitioners[chart.random.between(0, Math.min(3, unit.practitioners.length - 1))]!;
  const wait = chart.random.between(45, 300);
  const issuedDay = draft.day + Math.floor((draft.minute + wait) / 1440);
  if (issuedDay > chart.lastDay) return;
  const language = languageOf(chart, unit);
  const at = language === 'nb' ? 0 : 1;
  const effectiveDateTime = instant(draft.day, draft.minute);
  chart.add(draft.day, {
    resourceType: 'DiagnosticReport',
    status: 'final',
    category: draft.what === 'echocardiography' ? ultrasoundCategory : radiologyCategory,
    code: { text: names[draft.what] },
    subject: chart.patient,
    encounter: draft.encounter,
    effectiveDateTime,
    issued: instant(draft.day, draft.minute + wait),
    performer: [unit.organisation],
    resultsInterpreter: [doctor.reference],
    conclusion: draft.conclusion[at],
  } satisfies DiagnosticReport);
  addDocument(chart, {
    kind: 'imaging',
    title: names[draft.what],
    text: [
      unit.organisation.display ?? '',
      `${names[draft.what]} ${dateOf(draft.day)}`,
      `${chart.person.given} ${chart.person.family}, f. ${dateOf(chart.person.birthDay)}`,
      '',
      `Klinisk opplysning: ${draft.question}`,
      `${language === 'nb' ? 'Beskrivelse' : 'Skildring'}: ${draft.finding[at]}`,
      `R: ${draft.conclusion[at]}`,
      '',
      `${doctor.reference.display ?? ''}, overlege`,
    ].join('\n'),
    language,
    day: issuedDay,
    minute: (draft.minute + wait) % 1440,
    author: doctor,
    unit,
    encounter: draft.encounter,
    period: { start: effectiveDateTime },
  });
}
