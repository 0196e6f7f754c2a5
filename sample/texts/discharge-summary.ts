/** The discharge summary: what the coded data of a stay say, as the house writes it. */
import { analyses } from '../analyses.ts';
import { instant, type Chart } from '../chart.ts';
import { describeMedicine, groupOf } from '../prescribing.ts';
import type { Results } from '../laboratory.ts';
import type { StayFacts } from '../stay-care.ts';
import type { Stay } from '../stays.ts';
import type { Signs } from '../vital-signs.ts';
import { addDocument, type Language } from './document.ts';
import { nynorskOfAdmissions } from './nynorsk.ts';
import { dateOf, label, languageOf, letterhead, section, styleOf, whoIs, type Style } from './style.ts';

type Manner = { style: Style; language: Language };

/** Adds the letter to the GP, written on the day of discharge. */
export function addDischargeSummary(chart: Chart, stay: Stay, facts: StayFacts): void {
  const { visit, lastDay, lastMinute, code, died } = stay;
  const manner: Manner = { style: styleOf(visit.unit), language: languageOf(chart, visit.unit) };
  const minute = Math.min(lastMinute + 45, died ? 23 * 60 + 25 : 1435);
  addDocument(chart, {
    kind: 'dischargeSummary',
    title: `Epikrise, ${code.text}`,
    text: summaryText(chart, stay, facts, manner),
    language: manner.language,
    day: lastDay,
    minute,
    author: visit.practitioner,
    unit: visit.unit,
    encounter: visit.reference,
    period: { start: visit.start, end: instant(lastDay, lastMinute) },
  });
}

function summaryText(chart: Chart, stay: Stay, facts: StayFacts, manner: Manner): string {
  const { visit, code, admission } = stay;
  const { style, language } = manner;
  const [complaint, course] = wordsOf(stay, language);
  const known = chart.problems.filter(
    ({ since, disease }) => since < visit.day && disease.icd !== code.coding[0]!.code,
  );
  const history = known.map(({ concept: { text } }) => text ?? '');
  const none = language === 'nb' ? 'Ingen kjente av betydning' : 'Ingen kjende av tyding';
  const lines = [
    ...letterhead(chart, visit, label('summary', style, language), style),
    ...stayLine(stay, manner),
    ...section('diagnoses', [`${code.coding[0]!.code} ${code.text}`], manner),
    ...section('procedures', facts.procedure ? [`${facts.procedure[0]} ${facts.procedure[1]}`] : [], manner),
    ...section('allergies', chart.intolerances, manner),
    ...section('history', history.length > 0 ? history : [none], manner),
    ...section('current', [`${whoIs(chart, visit.day, language)}. ${complaint}`], manner),
    ...section('findings', facts.arrival ? [findings(facts.arrival, manner, admission.icd === 'F051')] : [], manner),
    ...section('laboratory', laboratory(facts, manner), manner),
    ...section('course', [course], manner),
    ...section('assessment', [assessment(stay, manner)], manner),
    ...section('medicines', stay.died ? [] : medicinesAtDischarge(chart, stay, facts, manner), manner),
    ...section('plan', [planOf(chart, stay, manner)], manner),
    '',
    ...(style === 'full' ? [language === 'nb' ? 'Med vennlig hilsen' : 'Med venleg helsing'] : ['Hilsen']),
    `${visit.practitioner.reference.display ?? ''}, ${signatureOf(stay, language)}`,
  ];
  return lines.join('\n');
}

function signatureOf({ admission }: Stay, language: Language): string {
  if (admission.isByMidwife) return 'jordmor';
  return language === 'nb' ? 'behandlende lege' : 'behandlande lege';
}

function wordsOf({ admission, died }: Stay, language: Language): readonly [string, string] {
  const nynorsk = admission.nynorsk ?? nynorskOfAdmissions[admission.icd];
  const [complaint, course] =
    language === 'nn' && nynorsk ? nynorsk : ([admission.complaint, admission.course] as const);
  if (!died) return [complaint, course];
  const end =
    language === 'nb'
      ? 'Behandlet etter retningslinje, men tiltagende svikt tross behandling. I samråd med pårørende ble aktiv behandling avsluttet og lindrende behandling gitt.'
      : 'Behandla etter retningslinje, men aukande svikt trass i behandling. I samråd med pårørande vart aktiv behandling avslutta og lindrande behandling gjeven.';
  return [complaint, end];
}

function stayLine({ visit, lastDay, ward, admission }: Stay, { style, language }: Manner): string[] {
  const from = dateOf(visit.day);
  const to = dateOf(lastDay);
  if (style === 'terse') {
    const how = admission.isNewborn ? '' : admission.acute ? ' (ø-hjelp)' : ' (elektivt)';
    return [`${admission.isNewborn ? 'F.' : 'Innl.'} ${from}, utskr. ${to}${how}`];
  }
  const how = admission.acute ? (language === 'nb' ? 'øyeblikkelig hjelp' : 'augeblikkeleg hjelp') : 'elektivt';
  const title = language === 'nb' ? ['Innlagt', 'Utskrevet'] : ['Innlagd', 'Utskriven'];
  const born = language === 'nb' ? 'Født' : 'Fødd';
  return [
    '',
    admission.isNewborn ? `${born}: ${from}` : `${title[0]}: ${from} (${how})`,
    `${title[1]}: ${to}`,
    `Post: ${ward}`,
  ];
}

function findings(signs: Signs, { style, language }: Manner, isConfused: boolean): string {
  const pulse = `puls ${signs.pulse}`;
  const pressure = `BT ${signs.systolic}/${signs.diastolic}`;
  const breathing = `RF ${signs.breathing}`;
  const saturation = `SpO2 ${signs.saturation} %`;
  const temperature = `temp ${decimal(signs.temperature ?? 0)}`;
  const values = [pressure, pulse, breathing, saturation, temperature].join(', ');
  if (style === 'terse') return values;
  const clear = language === 'nb' ? 'Våken og orientert' : 'Vaken og orientert';
  const confused =
    language === 'nb' ? 'Urolig, ikke orientert for tid og sted' : 'Uroleg, ikkje orientert for tid og stad';
  return `${isConfused ? confused : clear}. ${values[0]!.toUpperCase()}${values.slice(1)} °C.`;
}

/** The results that tell something: outside their range, or those that the stay was about. */
function laboratory({ firstResults, lastResults }: StayFacts, { style }: Manner): string[] {
  if (!firstResults) return [];
  const keys = [
    'haemoglobin',
    'leukocytes',
    'crp',
    'sodium',
    'potassium',
    'creatinine',
    'troponin-t',
    'nt-probnp',
    'd-dimer',
    'glucose',
    'ketones',
    'base-excess',
  ];
  const line = (results: Results): string =>
    keys.flatMap((key) => (results.has(key) ? [`${nameOf(key, style)} ${decimal(results.get(key)!)}`] : [])).join(', ');
  const lines = [`Ved innkomst: ${line(firstResults)}`];
  if (lastResults && lastResults !== firstResults) lines.push(`Siste prøve: ${line(lastResults)}`);
  return lines;
}

const short: Readonly<Record<string, string>> = {
  haemoglobin: 'Hb',
  leukocytes: 'leuk',
  crp: 'CRP',
  sodium: 'Na',
  potassium: 'K',
  creatinine: 'kreat',
  'troponin-t': 'TnT',
  'nt-probnp': 'NT-proBNP',
  'd-dimer': 'D-dimer',
  glucose: 'glukose',
  ketones: 'ketoner',
  'base-excess': 'BE',
};

function nameOf(key: string, style: Style): string {
  return style === 'terse' ? short[key]! : analyses.get(key)!.name.replace(/^[A-Za-z]+-/, '');
}

export function decimal(value: number): string {
  return String(value).replace('.', ',');
}

function assessment({ died, admission }: Stay, { language }: Manner): string {
  if (died)
    return language === 'nb'
      ? 'Pasienten døde under oppholdet. Pårørende er informert.'
      : 'Pasienten døydde under opphaldet. Pårørande er informerte.';
  if (admission.isNewborn) return language === 'nb' ? 'Frisk nyfødt.' : 'Frisk nyfødd.';
  if (admission.icd === 'Z370')
    return language === 'nb' ? 'Mor og barn utskrives i god tilstand.' : 'Mor og barn vert utskrivne i god tilstand.';
  return language === 'nb' ? 'Utskrives i bedring.' : 'Vert utskriven i betring.';
}

function medicinesAtDischarge(
  chart: Chart,
  { visit, lastDay, admission }: Stay,
  { given }: StayFacts,
  { language }: Manner,
): string[] {
  if (admission.isNewborn) return [];
  const inUse = chart.longTerm.filter(({ start, stop }) => start <= lastDay && (stop === undefined || stop > lastDay));
  const lines = inUse.map(({ medicine, start }) => {
    const isNew = start >= visit.day;
    return `${describeMedicine(medicine)}${isNew ? ' (ny)' : ''}`;
  });
  const at = language === 'nb' ? 0 : 1;
  const afterwards = admission.atDischarge ?? [
    'gitt under oppholdet, avsluttes',
    'gjeve under opphaldet, vert avslutta',
  ];
  const course = given.filter(
    ({ route, atc }) => route !== 'intravenous' && !inUse.some(({ group }) => group === groupOf(atc)),
  );
  for (const medicine of course) lines.push(`${describeMedicine(medicine)} (${afterwards[at]})`);
  return lines.length > 0 ? lines : ['Ingen faste'];
}

function planOf(chart: Chart, { died, admission }: Stay, { language }: Manner): string {
  const doctor = chart.practitioner.reference.display ?? '';
  if (died) return `Fastlege ${doctor} er orientert.`;
  if (admission.isNewborn)
    return language === 'nb' ? 'Videre oppfølging ved helsestasjonen.' : 'Vidare oppfølging ved helsestasjonen.';
  if (admission.icd === 'Z370')
    return language === 'nb'
      ? `Oppfølging ved helsestasjonen, etterkontroll hos fastlege etter seks uker (${doctor}).`
      : `Oppfølging ved helsestasjonen, etterkontroll hos fastlege etter seks veker (${doctor}).`;
  if (admission.followUp) return admission.followUp[language === 'nb' ? 0 : 1];
  const follow = admission.values
    ? language === 'nb'
      ? 'Kontroll med blodprøver hos fastlege om to uker'
      : 'Kontroll med blodprøver hos fastlege om to veker'
    : 'Kontroll hos fastlege ved behov';
  return `${follow} (${doctor}).`;
}
