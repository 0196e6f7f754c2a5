/** A problem of the problem list, and what the patient takes. */
import type { Condition, MedicationStatement } from 'fhir/r4';
import { codeOf, wordsOf } from '../record/words.ts';
import { conceptOf, hl7, valueOfConcept, volven } from './coded.ts';
import type { FormKind, Values } from './form-kind.ts';

/** ICD-10 and ICPC-2 as Norway uses them. */
const diagnoses = { icd10: volven('7110'), icpc2: volven('7170') } as const;

export const condition: FormKind = {
  name: 'condition',
  fields: [
    { name: 'list', kind: 'choice', options: ['icd10', 'icpc2'], isRequired: true, isAid: true },
    {
      name: 'problem',
      kind: 'code',
      systems: ({ list }) => [list === 'icpc2' ? diagnoses.icpc2 : diagnoses.icd10],
      isRequired: true,
    },
    { name: 'since', kind: 'day' },
    { name: 'verified', kind: 'choice', options: ['confirmed', 'provisional'], isRequired: true },
    { name: 'remark', kind: 'text', max: 2000, lines: 2 },
    { name: 'state', kind: 'choice', options: ['active', 'over', 'mistake'], isRequired: true },
  ],
  empty: () => ({ list: 'icd10', state: 'active', verified: 'confirmed' }),
  resources: (values, { subject, author, now }) => [
    writeCondition(
      {
        resourceType: 'Condition',
        category: [hl7('condition-category', 'problem-list-item')],
        subject,
        recordedDate: now,
      },
      values,
      author,
    ),
  ],
  change: {
    type: 'Condition',
    read: (resource) => readCondition(resource as Condition),
    write: (resource, values, { author }) => writeCondition(resource as Condition, values, author),
  },
  seenOn: '.',
};

function readCondition({ code, onsetDateTime, verificationStatus, clinicalStatus, note }: Condition): Values {
  const verified = codeOf(verificationStatus);
  const isOver = ['inactive', 'resolved', 'remission'].includes(codeOf(clinicalStatus) ?? '');
  return {
    list: codeOf(code, diagnoses.icpc2) === undefined ? 'icd10' : 'icpc2',
    problem: valueOfConcept(code),
    since: (onsetDateTime ?? '').slice(0, 10),
    verified: verified === 'provisional' || verified === 'unconfirmed' ? 'provisional' : 'confirmed',
    remark: note?.[0]?.text ?? '',
    state: verified === 'entered-in-error' ? 'mistake' : isOver ? 'over' : 'active',
  };
}

function writeCondition(before: Condition, values: Values, recorder: Condition['recorder']): Condition {
  const { problem, since = '', verified = '', remark = '', state } = values;
  const { clinicalStatus: _, onsetDateTime: __, note: ___, ...rest } = before;
  return {
    ...rest,
    // What was entered by mistake has no clinical status (con-5).
    ...(state === 'mistake'
      ? {}
      : { clinicalStatus: hl7('condition-clinical', state === 'over' ? 'resolved' : 'active') }),
    verificationStatus: hl7('condition-ver-status', state === 'mistake' ? 'entered-in-error' : verified),
    code: valueOfConcept(before.code) === problem && before.code ? before.code : conceptOf(problem),
    ...(since === '' ? {} : { onsetDateTime: since }),
    ...(remark === '' ? {} : { note: [{ text: remark }] }),
    ...(recorder === undefined ? {} : { recorder }),
  };
}

const statementStates = {
  active: 'active',
  over: 'completed',
  stopped: 'stopped',
  mistake: 'entered-in-error',
} as const;
type StatementState = keyof typeof statementStates;

export const medicine: FormKind = {
  name: 'medicine',
  fields: [
    { name: 'medicine', kind: 'words', max: 200, isRequired: true },
    { name: 'dosage', kind: 'words', max: 500, isRequired: true },
    { name: 'reason', kind: 'words', max: 200 },
    { name: 'since', kind: 'day' },
    { name: 'until', kind: 'day' },
    { name: 'remark', kind: 'text', max: 2000, lines: 2 },
    { name: 'state', kind: 'choice', options: Object.keys(statementStates), isRequired: true },
  ],
  empty: () => ({ state: 'active' }),
  problems: ({ since = '', until = '' }) =>
    (since !== '' && until !== '' && until < since ? { until: 'before-start' } : {}) as Values,
  resources: (values, { subject, author, now }) => [
    writeStatement(
      { resourceType: 'MedicationStatement', status: 'active', subject, dateAsserted: now },
      values,
      author,
      now,
    ),
  ],
  change: {
    type: 'MedicationStatement',
    read: (resource) => readStatement(resource as MedicationStatement),
    write: (resource, values, { author, now }) => writeStatement(resource as MedicationStatement, values, author, now),
  },
  seenOn: 'medicines',
};

function nameOf({ medicationReference, medicationCodeableConcept }: MedicationStatement): string {
  return medicationReference?.display ?? wordsOf(medicationCodeableConcept);
}

function readStatement(statement: MedicationStatement): Values {
  const { dosage, reasonCode, effectivePeriod, effectiveDateTime, note, status } = statement;
  const state = Object.entries(statementStates).find(([, one]) => one === status)?.[0];
  return {
    medicine: nameOf(statement),
    dosage: dosage?.[0]?.text ?? '',
    reason: wordsOf(reasonCode?.[0]),
    since: (effectivePeriod?.start ?? effectiveDateTime ?? '').slice(0, 10),
    until: (effectivePeriod?.end ?? '').slice(0, 10),
    remark: note?.[0]?.text ?? '',
    state: state ?? 'active',
  };
}

function writeStatement(
  before: MedicationStatement,
  values: Values,
  informationSource: MedicationStatement['informationSource'],
  now: string,
): MedicationStatement {
  const { medicine: name = '', dosage = '', reason = '', since = '', until = '', remark = '', state = '' } = values;
  const {
    medicationReference,
    medicationCodeableConcept,
    note: _,
    effectiveDateTime: __,
    effectivePeriod: ___,
    ...rest
  } = before;
  const isSame = nameOf(before) === name;
  const isSameDosage = before.dosage?.[0]?.text === dosage;
  return {
    ...rest,
    status: statementStates[state as StatementState],
    ...(isSame && medicationReference ? { medicationReference } : {}),
    ...(isSame && medicationCodeableConcept ? { medicationCodeableConcept } : {}),
    ...(isSame ? {} : { medicationCodeableConcept: { text: name } }),
    // A dosage in other words no longer has the times and amounts that went with the old ones.
    dosage: isSameDosage ? (before.dosage ?? []) : [{ text: dosage }],
    ...(reason === '' || wordsOf(before.reasonCode?.[0]) === reason ? {} : { reasonCode: [{ text: reason }] }),
    ...(since === '' && until === ''
      ? {}
      : { effectivePeriod: { ...(since === '' ? {} : { start: since }), ...(until === '' ? {} : { end: until }) } }),
    ...(remark === '' ? {} : { note: [{ text: remark }] }),
    dateAsserted: now,
    ...(informationSource === undefined ? {} : { informationSource }),
  };
}
