import { markedDisputed } from './disputed.ts';
import { expect, test } from 'vitest';
import type { Resource } from '#fhir/types.ts';
import { sheetOf } from './patient-sheet.ts';
import type { Stay } from './find-wards.ts';
import { allergyLine, dangerLine, dueWords, knownLines, lastWords, scoreWords } from './told.ts';

const now = Date.parse('2026-11-23T17:00:00+01:00');
const stay: Stay = {
  encounter: {
    resourceType: 'Encounter',
    id: 'e1',
    status: 'in-progress',
    class: { code: 'IMP' },
    period: { start: '2026-11-22T17:00:00+01:00' },
  },
  patient: 'p1',
  bed: 'Rom 101, seng A',
  isReserved: false,
};
const whole = { isWhole: true, heardAt: now };
const partial = { isWhole: false, heardAt: now - 3_600_000 };
const patient = {
  resourceType: 'Patient',
  id: 'p1',
  birthDate: '1950-05-17',
  name: [{ family: 'Prøve', given: ['Åse'] }],
};
const coded = (code: string) => ({ coding: [{ code }] });
const allergy = (id: string, more: object): Resource => ({
  resourceType: 'AllergyIntolerance',
  id,
  clinicalStatus: coded('active'),
  verificationStatus: coded('confirmed'),
  code: { text: 'Penicillin' },
  ...more,
});

function sheet(records: { [type: string]: Resource[] }, held = whole, department?: string) {
  return sheetOf({ stay, records: { Patient: [patient], ...records }, held, department, now });
}

const allergyTexts = (records: { [type: string]: Resource[] }, held = whole): string[] =>
  knownLines(sheet(records, held).allergies, allergyLine).map(({ text }) => text);

test('no allergies recorded, none known and not loaded are three different texts', () => {
  const noneKnown = allergy('a', { code: { coding: [{ code: '716186003' }], text: 'Ingen kjent allergi' } });
  const [notRecorded] = allergyTexts({});
  const [denied] = allergyTexts({ AllergyIntolerance: [noneKnown] });
  const [notLoaded] = allergyTexts({}, partial);
  expect(notRecorded).toMatch(/^Ikke registrert/);
  expect(denied).toMatch(/^Ingen kjente/);
  expect(notLoaded).toMatch(/^IKKE LASTET/);
});

test('who said "none known" on a record that is not whole here is not believed', () => {
  const noneKnown = allergy('a', { code: { coding: [{ code: '716186003' }] } });
  expect(allergyTexts({ AllergyIntolerance: [noneKnown] }, partial)[0]).toMatch(/^IKKE LASTET/);
  expect(dangerLine(sheet({}, partial))).toMatch(/JOURNALEN ER IKKE HEL HER/);
});

test('allergies of a record that is not whole are told with the warning that there may be more', () => {
  const texts = allergyTexts({ AllergyIntolerance: [allergy('a', {})] }, partial);
  expect(texts).toEqual(['Penicillin: bekreftet', 'IKKE HELT LASTET: det kan finnes flere.']);
});

test('a refuted allergy, or one that was entered in error, is none; the worst comes first', () => {
  const texts = allergyTexts({
    AllergyIntolerance: [
      allergy('a', { verificationStatus: coded('refuted') }),
      allergy('b', { verificationStatus: coded('entered-in-error') }),
      allergy('c', { code: { text: 'Bjørk' }, verificationStatus: coded('unconfirmed') }),
      allergy('d', { criticality: 'high', reaction: [{ manifestation: [{ text: 'anafylaksi' }] }] }),
    ],
  });
  expect(texts).toEqual(['Penicillin: anafylaksi, bekreftet, HØY RISIKO', 'Bjørk: ikke bekreftet']);
});

test('of an allergy in two versions it is said that they are not settled', () => {
  expect(allergyTexts({ AllergyIntolerance: [markedDisputed(allergy('a', {}) as Resource)] })[0]).toMatch(
    /TO VERSJONER/,
  );
});

test('flags go where a ward looks: limits of treatment, isolation, and the rest is critical', () => {
  const flag = (text: string, more: object = {}): Resource => ({
    resourceType: 'Flag',
    status: 'active',
    code: { text },
    ...more,
  });
  const { limits, isolation, critical } = sheet({
    Flag: [
      flag('HLR minus'),
      flag('Ingen intensivbehandling', { category: [coded('advance-directive')] }),
      flag('MRSA, kontaktsmitte'),
      flag('Pacemaker'),
      { ...flag('Gammelt'), status: 'inactive' },
    ],
  });
  expect(limits.items.map(({ text }) => text)).toEqual(['HLR minus', 'Ingen intensivbehandling']);
  expect(isolation.items.map(({ text }) => text)).toEqual(['MRSA, kontaktsmitte']);
  expect(critical.items.map(({ text }) => text)).toEqual(['Pacemaker']);
});

const order = (more: object = {}): Resource => ({
  resourceType: 'MedicationRequest',
  id: 'm1',
  status: 'active',
  authoredOn: '2026-11-22T18:00:00+01:00',
  medicationCodeableConcept: { text: 'Ceftriakson 2 g' },
  dosageInstruction: [
    { timing: { repeat: { period: 1, periodUnit: 'd', timeOfDay: ['06:00:00', '14:00:00', '22:00:00'] } } },
  ],
  ...more,
});
const dose = (at: string, more: object = {}): Resource => ({
  resourceType: 'MedicationAdministration',
  status: 'completed',
  effectiveDateTime: at,
  request: { reference: 'MedicationRequest/m1' },
  dosage: { dose: { value: 2, unit: 'g' } },
  ...more,
});

test('what was given last, what was not given, and what is due', () => {
  const [given] = sheet({
    MedicationRequest: [order()],
    MedicationAdministration: [dose('2026-11-23T06:05:00+01:00'), dose('2026-11-23T14:10:00+01:00')],
  }).medicines;
  expect(lastWords(given!, now)).toBe('14.10 (2 g)');
  expect(dueWords(given!, now)).toBe('22.00, i morgen 06.00, i morgen 14.00');
  const [notGiven] = sheet({
    MedicationRequest: [order()],
    MedicationAdministration: [dose('2026-11-23T14:10:00+01:00', { status: 'not-done' })],
  }).medicines;
  expect(lastWords(notGiven!, now)).toMatch(/^IKKE gitt/);
});

test('a dose whose time has passed and of which nothing is noted is told', () => {
  const [late] = sheet({
    MedicationRequest: [order()],
    MedicationAdministration: [dose('2026-11-23T06:05:00+01:00')],
  }).medicines;
  expect(dueWords(late!, now)).toMatch(/^Skulle vært gitt 14\.00\. 22\.00/);
});

test('a dose that was entered in error, or that lies in the future, was not the last', () => {
  const [medicine] = sheet({
    MedicationRequest: [order()],
    MedicationAdministration: [
      dose('2026-11-23T14:10:00+01:00', { status: 'entered-in-error' }),
      dose('2026-11-23T22:00:00+01:00'),
      dose('2026-11-23T06:00:00+01:00'),
    ],
  }).medicines;
  expect(lastWords(medicine!, now)).toBe('06.00 (2 g)');
});

test('what is taken at home and what is stopped is not given here; what runs is an infusion', () => {
  const { medicines, infusions } = sheet({
    MedicationRequest: [
      order({ category: [coded('community')] }),
      order({ status: 'on-hold' }),
      order({ id: 'm2', dosageInstruction: [{ doseAndRate: [{ rateQuantity: { value: 100, unit: 'ml/t' } }] }] }),
    ],
  });
  expect(medicines).toEqual([]);
  expect(infusions.map(({ dose: rate }) => rate)).toEqual(['100 ml/t']);
});

const sign = (code: string, value: number, at = '2026-11-23T16:00:00+01:00'): Resource => ({
  resourceType: 'Observation',
  status: 'final',
  category: [coded('vital-signs')],
  code: { coding: [{ code }] },
  effectiveDateTime: at,
  valueQuantity: { value },
});

test('a score with something missing is never told as a score', () => {
  const { score } = sheet({ Observation: [sign('8867-4', 120), sign('9279-1', 22)] });
  expect(scoreWords(score)).toBe('minst 4');
  expect(score?.missing).toContain('consciousness');
});

test('old values make no score with new ones', () => {
  const { score } = sheet({
    Observation: [sign('8867-4', 120), sign('9279-1', 30, '2026-11-23T08:00:00+01:00')],
  });
  expect(scoreWords(score)).toBe('minst 2');
});

test('of children there is no NEWS2', () => {
  const child = sheetOf({
    stay,
    records: { Patient: [{ ...patient, birthDate: '2020-01-01' }], Observation: [sign('8867-4', 120)] },
    held: whole,
    department: undefined,
    now,
  });
  expect(scoreWords(child.score)).toMatch(/^barn/);
});

const block = (provision: object): Resource => ({
  resourceType: 'Consent',
  status: 'active',
  scope: coded('patient-privacy'),
  provision: { type: 'deny', ...provision },
});
const named = (reference: string) => ({ actor: [{ role: {}, reference: { reference } }] });

test.each<[string, object, boolean]>([
  ['the whole record', {}, true],
  ['this department', named('Organization/ward'), true],
  ['another department', named('Organization/other'), false],
  ['one document', { data: [{ meaning: 'instance', reference: { reference: 'DocumentReference/1' } }] }, false],
  ['research', { purpose: [{ code: 'HRESCH' }] }, false],
])('who has closed %s', (_, provision, isBlocked) => {
  const records = { Consent: [block(provision)], AllergyIntolerance: [allergy('a', {})], MedicationRequest: [order()] };
  const made = sheet(records, whole, 'Organization/ward');
  expect(made.isBlocked).toBe(isBlocked);
  expect(made.medicines).toHaveLength(isBlocked ? 0 : 1);
  if (isBlocked) expect(dangerLine(made)).toMatch(/SPERRET av pasienten.*IKKE kjent/);
});
