/** What is ordered for a patient: a panel of the laboratory, an examination of imaging, an assessment by others. */
import type { ServiceRequest } from 'fhir/r4';
import { partyIn } from '../record/party.ts';
import type { FormKind, Values } from './form-kind.ts';
import { isoOf } from './vitals.ts';

const snomed = 'http://snomed.info/sct';

/** SNOMED CT's kinds of services, and how the record names them. */
const kinds = {
  laboratory: { code: '108252007', display: 'Laboratory procedure', text: 'Laboratorieprøver' },
  imaging: { code: '363679005', display: 'Imaging', text: 'Bildediagnostikk' },
  consultation: { code: '11429006', display: 'Consultation', text: 'Henvisning' },
} as const;

const panels = {
  admission: 'Innkomstprøver: Hb, leukocytter, trombocytter, CRP, Na, K, kreatinin, glukose',
  infection: 'Infeksjonsprøver: leukocytter med diff., CRP, prokalsitonin, laktat',
  'blood-culture': 'Blodkultur, to sett',
  kidney: 'Nyreprøver: kreatinin, eGFR, Na, K, karbamid',
  liver: 'Leverprøver: ALAT, ASAT, GT, ALP, bilirubin, albumin',
  coagulation: 'Koagulasjon: INR, APTT, fibrinogen, D-dimer',
  heart: 'Hjerteprøver: troponin, NT-proBNP',
  'blood-gas': 'Arteriell blodgass',
  other: '',
} as const;

export const order: FormKind = {
  name: 'order',
  fields: [
    { name: 'order-kind', kind: 'choice', options: Object.keys(kinds), isRequired: true },
    {
      name: 'panel',
      kind: 'select',
      options: Object.keys(panels),
      isRequired: true,
      isAsked: ({ 'order-kind': kind }) => kind === 'laboratory',
    },
    { name: 'what', kind: 'words', max: 200, isRequired: true, isAsked: needsWords },
    { name: 'to-unit', kind: 'party', from: 'units', isAsked: ({ 'order-kind': kind }) => kind === 'imaging' },
    // Where nobody is named, nobody would see it.
    {
      name: 'to-unit',
      kind: 'party',
      from: 'units',
      isRequired: true,
      isAsked: ({ 'order-kind': kind }) => kind === 'consultation',
    },
    { name: 'question', kind: 'text', max: 4000, lines: 3, isRequired: true },
    { name: 'priority', kind: 'choice', options: ['routine', 'urgent', 'stat'], isRequired: true },
    { name: 'wanted', kind: 'when' },
  ],
  empty: () => ({ 'order-kind': 'laboratory', priority: 'routine' }),
  problems: (values): Values => {
    const isConsultation = values['order-kind'] === 'consultation';
    return isConsultation && partyIn(values['to-unit'])?.reference === undefined ? { 'to-unit': 'no-unit' } : {};
  },
  resources: (values, { subject, author, encounter, now }) => {
    const { 'order-kind': kind = '', panel = '', what = '', question = '', priority, wanted } = values;
    const known = kinds[kind as keyof typeof kinds];
    const text = needsWords(values) ? what : panels[panel as keyof typeof panels];
    const unit = kind === 'laboratory' ? undefined : partyIn(values['to-unit']);
    const at = isoOf(wanted);
    const request: ServiceRequest = {
      resourceType: 'ServiceRequest',
      status: 'active',
      intent: 'order',
      category: [{ coding: [{ system: snomed, code: known.code, display: known.display }], text: known.text }],
      priority: priority as NonNullable<ServiceRequest['priority']>,
      code: { text },
      subject,
      ...(encounter ? { encounter } : {}),
      ...(at === undefined ? {} : { occurrenceDateTime: at }),
      authoredOn: now,
      requester: author,
      ...(unit?.reference === undefined ? {} : { performer: [unit] }),
      reasonCode: [{ text: question }],
    };
    return [request];
  },
  seenOn: 'orders',
};

/** Else the panel says it. */
function needsWords({ 'order-kind': kind, panel }: Values): boolean {
  return kind !== 'laboratory' || panel === 'other';
}
