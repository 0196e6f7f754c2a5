import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Resource } from '#fhir/types.ts';
import { criticalCategories, criticalItems, criticalOf } from './critical.ts';
import { nameOf } from './elements.ts';
import { keptBeside } from './codes.ts';
import { chooseSections, conflictsOf, requiredSections, sectionKeys, type SectionKey } from './sections.ts';

const subject = { reference: 'Patient/p' };
const clinical = (code: string): object => ({
  coding: [{ system: 'http://terminology.hl7.org/CodeSystem/condition-clinical', code }],
});
const category = (system: string, code: string): object[] => [
  { coding: [{ system: `http://terminology.hl7.org/CodeSystem/${system}`, code }] },
];

let made = 0;
const make = (resourceType: string, elements: object): Resource => ({
  resourceType,
  id: `r${++made}`,
  ...elements,
});
const condition = (text: string, status: string, elements: object = {}): Resource =>
  make('Condition', { clinicalStatus: clinical(status), code: { text }, subject, ...elements });
const allergy = (text: string, elements: object = {}): Resource =>
  make('AllergyIntolerance', { clinicalStatus: clinical('active'), code: { text }, patient: subject, ...elements });
const laboratory = (code: string, on: string, elements: object = {}): Resource =>
  make('Observation', {
    status: 'final',
    category: category('observation-category', 'laboratory'),
    code: { coding: [{ system: 'urn:oid:2.16.578.1.12.4.1.1.7280', code }] },
    effectiveDateTime: on,
    subject,
    ...elements,
  });
const national = (list: string, code: string): object => ({
  coding: [{ system: `urn:oid:2.16.578.1.12.4.1.1.${list}`, code }],
});

const keysIn = (resources: readonly Resource[]): Partial<Record<SectionKey, string[]>> =>
  Object.fromEntries(
    chooseSections(resources)
      .filter(({ entries }) => entries.length > 0)
      .map(({ key, entries }) => [key, entries.map(({ id }) => String(id))]),
  );

describe('What is left out of a summary', () => {
  const cases: readonly (readonly [string, Resource])[] = [
    ['an allergy entered in error', allergy('Penicillin', { verificationStatus: clinical('entered-in-error') })],
    ['an allergy that was refuted', allergy('Penicillin', { verificationStatus: clinical('refuted') })],
    ['an allergy that passed', allergy('Melk', { clinicalStatus: clinical('resolved') })],
    ['a medicine that was stopped', make('MedicationStatement', { status: 'stopped', subject })],
    ['a medicine that is proposed only', make('MedicationRequest', { status: 'active', intent: 'proposal', subject })],
    [
      'a visit’s diagnosis that passed',
      condition('Forkjølelse', 'resolved', { category: category('condition-category', 'encounter-diagnosis') }),
    ],
    ['a cold that passed, coded once', condition('Forkjølelse', 'resolved')],
    ['a flag that ended', make('Flag', { status: 'inactive', code: { text: 'x' }, subject })],
    [
      'a vaccine that was not given',
      make('Immunization', { status: 'not-done', vaccineCode: { text: 'x' }, patient: subject }),
    ],
    ['a result that was cancelled', laboratory('NPU1', '2026-01-01', { status: 'cancelled' })],
    [
      'a block, which is no directive',
      make('Consent', {
        status: 'active',
        scope: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/consentscope', code: 'patient-privacy' }] },
        patient: subject,
      }),
    ],
    ['a kind that no section has', make('Task', { status: 'requested' })],
  ];
  test.each(cases)('%s', (_what, resource) => {
    expect(keysIn([resource])).toEqual({});
  });
});

describe('Which section a resource belongs to', () => {
  const cases: readonly (readonly [SectionKey, Resource])[] = [
    ['allergies', allergy('Penicillin')],
    [
      'medications',
      make('MedicationStatement', { status: 'active', medicationCodeableConcept: { text: 'Losartan' }, subject }),
    ],
    ['problems', condition('Diabetes', 'active')],
    ['alerts', make('Flag', { status: 'active', code: national('7517', '4'), subject })],
    [
      'immunizations',
      make('Immunization', {
        status: 'completed',
        vaccineCode: { text: 'Influensa' },
        occurrenceDateTime: '2025-10-01',
        patient: subject,
      }),
    ],
    ['procedures', make('Procedure', { status: 'completed', code: { text: 'Koloskopi' }, subject })],
    ['devices', make('DeviceUseStatement', { status: 'active', device: { display: 'Pacemaker' }, subject })],
    ['results', laboratory('NPU18016', '2026-01-01')],
    [
      'vitalSigns',
      make('Observation', {
        status: 'final',
        category: category('observation-category', 'vital-signs'),
        code: { text: 'Puls' },
        subject,
      }),
    ],
    [
      'pastIllness',
      condition('Hjerteinfarkt', 'resolved', { category: category('condition-category', 'problem-list-item') }),
    ],
    [
      'functionalStatus',
      make('Observation', {
        status: 'final',
        category: category('observation-category', 'survey'),
        code: { text: 'MMSE' },
        subject,
      }),
    ],
    ['planOfCare', make('CarePlan', { status: 'active', intent: 'plan', title: 'Plan', subject })],
    [
      'socialHistory',
      make('Observation', {
        status: 'final',
        code: { coding: [{ system: 'http://loinc.org', code: '72166-2' }] },
        subject,
      }),
    ],
    [
      'pregnancy',
      make('Observation', {
        status: 'final',
        code: { coding: [{ system: 'http://loinc.org', code: '82810-3' }] },
        subject,
      }),
    ],
    [
      'advanceDirectives',
      make('Consent', {
        status: 'active',
        scope: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/consentscope', code: 'adr' }] },
        patient: subject,
      }),
    ],
  ];
  test.each(cases)('%s', (key, resource) => {
    expect(keysIn([resource])).toEqual({ [key]: [resource.id] });
  });
});

describe('An empty section', () => {
  const stateOf = (key: SectionKey, resources: readonly Resource[]): string | undefined =>
    chooseSections(resources).find((one) => one.key === key)?.state;

  test('says that nothing is known where nothing is recorded', () => {
    for (const key of requiredSections) expect(stateOf(key, [])).toBe('unknown');
    expect(stateOf('immunizations', [])).toBe('unknown');
  });

  test('says that there is none only where the record says so', () => {
    const none = make('AllergyIntolerance', {
      clinicalStatus: clinical('active'),
      code: { coding: [{ system: 'http://snomed.info/sct', code: '716186003' }] },
      patient: subject,
    });
    expect(stateOf('allergies', [none])).toBe('none');
    expect(stateOf('medications', [none])).toBe('unknown');
    const list = make('List', {
      code: { coding: [{ system: 'http://loinc.org', code: '10160-0' }] },
      emptyReason: {
        coding: [{ system: 'http://terminology.hl7.org/CodeSystem/list-empty-reason', code: 'nilknown' }],
      },
    });
    expect(stateOf('medications', [list])).toBe('none');
  });

  test('does not say that there is none beside an allergy', () => {
    const none = make('AllergyIntolerance', {
      clinicalStatus: clinical('active'),
      code: {
        coding: [{ system: 'http://hl7.org/fhir/uv/ips/CodeSystem/absent-unknown-uv-ips', code: 'no-known-allergies' }],
      },
      patient: subject,
    });
    const real = allergy('Nøtter');
    const section = chooseSections([none, real]).find(({ key }) => key === 'allergies');
    expect(section).toMatchObject({ state: 'known', entries: [real] });
  });

  test('is left out where IPS does not want it always', () => {
    const keys = chooseSections([]).map(({ key }) => key);
    expect(keys).toEqual(['allergies', 'medications', 'problems', 'immunizations', 'procedures', 'devices', 'results']);
  });
});

describe('Duplicates and order', () => {
  test('of each analysis the newest result stands', () => {
    const older = laboratory('NPU18016', '2025-01-01');
    const newer = laboratory('NPU18016', '2026-01-01');
    const other = laboratory('NPU03230', '2024-01-01');
    expect(keysIn([older, other, newer]).results).toEqual([newer.id, other.id]);
  });

  test('a statement and the prescription it rests on are one medicine', () => {
    const statement = make('MedicationStatement', {
      status: 'active',
      medicationReference: { reference: 'Medication/m', display: 'Losartan tablett 50 mg' },
      effectivePeriod: { start: '2002-11-21' },
      subject,
    });
    const request = make('MedicationRequest', {
      status: 'active',
      intent: 'order',
      medicationCodeableConcept: { text: 'Losartan tablett 50 mg' },
      authoredOn: '2026-01-01',
      subject,
    });
    expect(keysIn([request, statement]).medications).toEqual([statement.id]);
  });

  test('two strengths of one substance are two', () => {
    const of = (text: string): Resource =>
      make('MedicationStatement', {
        status: 'active',
        medicationCodeableConcept: { coding: [{ system: 'http://www.whocc.no/atc', code: 'N02AA05' }], text },
        subject,
      });
    expect(keysIn([of('Oxycodone 5 mg'), of('Oxycodone 20 mg')]).medications).toHaveLength(2);
  });

  test('the gravest allergies stand first', () => {
    const mild = allergy('Pollen', { criticality: 'low', recordedDate: '2026-01-01' });
    const grave = allergy('Penicillin', { criticality: 'high', recordedDate: '2010-01-01' });
    expect(keysIn([mild, grave]).allergies).toEqual([grave.id, mild.id]);
  });

  test('sources that disagree about a substance are told', () => {
    const one = allergy('Penicillin', { criticality: 'high' });
    const other = allergy('Penicillin', { clinicalStatus: clinical('inactive') });
    expect(conflictsOf([one, other, allergy('Melk')])).toMatchObject([{ about: 'penicillin' }]);
    expect(conflictsOf([one, allergy('Penicillin', { criticality: 'high' })])).toEqual([]);
    const beside = allergy('Penicillin', { criticality: 'high', meta: { tag: [keptBeside] } });
    expect(conflictsOf([one, beside])).toMatchObject([{ about: 'penicillin' }]);
    const [allergies] = chooseSections([one, beside]);
    expect(allergies?.entries).toHaveLength(2);
  });
});

describe('Critical information', () => {
  const cases: readonly (readonly [(typeof criticalCategories)[number], Resource])[] = [
    ['hypersensitivity', allergy('Penicillin', { criticality: 'high' })],
    [
      'hypersensitivity',
      make('AllergyIntolerance', {
        clinicalStatus: clinical('active'),
        code: national('7514', '14'),
        patient: subject,
      }),
    ],
    [
      'anaesthesia',
      make('Observation', {
        status: 'final',
        code: { text: 'Intubasjon' },
        valueCodeableConcept: national('7515', '3'),
        subject,
      }),
    ],
    ['condition', make('Flag', { status: 'active', code: national('7513', '3'), subject })],
    [
      'condition',
      condition('Addison', 'active', {
        meta: { profile: ['http://nhn.no/kj/fhir/StructureDefinition/KjConditionCriticalMedicalCondition'] },
      }),
    ],
    ['treatment', make('Flag', { status: 'active', code: national('7518', '9'), subject })],
    ['infection', condition('MRSA', 'active', { code: national('7519', '1') })],
    ['routines', make('Flag', { status: 'active', code: national('7522', '1'), subject })],
  ];
  test.each(cases)('%s', (expected, resource) => {
    expect(criticalOf(resource)).toMatchObject({ category: expected, isActive: true });
  });

  test('is neither a mild allergy nor an ordinary problem', () => {
    expect(criticalOf(allergy('Pollen', { criticality: 'low' }))).toBeUndefined();
    expect(criticalOf(condition('Hypertensjon', 'active'))).toBeUndefined();
    expect(criticalOf(make('Patient', { code: national('7517', '1') }))).toBeUndefined();
  });

  test('keeps what was withdrawn or refuted as history, after what holds', () => {
    const ended = make('Flag', {
      status: 'inactive',
      code: national('7517', '1'),
      period: { start: '2026-01-01' },
      subject,
    });
    const holds = make('Flag', {
      status: 'active',
      code: national('7517', '4'),
      period: { start: '2020-01-01' },
      subject,
    });
    const refuted = allergy('Latex', { criticality: 'high', verificationStatus: clinical('refuted') });
    expect(criticalItems([ended, refuted, holds]).map(({ resource, isActive }) => [resource.id, isActive])).toEqual([
      [refuted.id, false],
      [holds.id, true],
      [ended.id, false],
    ]);
  });

  test('what has no national code is critical by the category that its author chose', () => {
    const category = [{ coding: [{ system: 'urn:fyr:code-system:summary-record', code: 'anaesthesia' }] }];
    const flag = make('Flag', { status: 'active', code: { text: 'Vanskelig intubasjon' }, category, subject });
    expect(criticalOf(flag)).toMatchObject({ category: 'anaesthesia', text: 'Vanskelig intubasjon', isActive: true });
  });

  test('reads certainty, severity, source and verification by the national lists', () => {
    const extension = [
      { url: 'urn:x', valueCoding: { system: 'urn:oid:2.16.578.1.12.4.1.1.7521', code: '2' } },
      { url: 'urn:x', valueCoding: { system: 'urn:oid:2.16.578.1.12.4.1.1.7520', code: '2' } },
      { url: 'urn:x', valueCodeableConcept: national('7498', '3') },
      { url: 'urn:x', valueCodeableConcept: national('7524', '1') },
    ];
    const flag = make('Flag', { status: 'active', code: national('7517', '4'), subject, extension });
    expect(criticalOf(flag)).toMatchObject({
      certainty: 'probable',
      severity: 'less-serious',
      source: '3',
      verification: 'verified',
    });
  });
});

const anyResource: fc.Arbitrary<Resource> = fc
  .record({
    type: fc.constantFrom(
      'AllergyIntolerance',
      'Condition',
      'MedicationStatement',
      'Observation',
      'Flag',
      'Immunization',
      'Consent',
      'List',
    ),
    id: fc.uuid(),
    status: fc.constantFrom('active', 'final', 'completed', 'entered-in-error', undefined),
    code: fc.constantFrom('a', 'b', 'c'),
    on: fc.integer({ min: 2000, max: 2026 }),
    hostile: fc.anything(),
  })
  .map(({ type, id, status, code, on, hostile }) => ({
    resourceType: type,
    id,
    ...(status === undefined ? {} : { status }),
    clinicalStatus: clinical('active'),
    category: category('observation-category', 'laboratory'),
    code: { text: code },
    effectiveDateTime: `${on}-01-01`,
    reaction: hostile,
    note: hostile,
    verificationStatus: hostile,
  }));

test('Whatever a record holds and in whatever order: each resource stands in one section at most, required sections are there, the order is the same', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(anyResource, { selector: ({ id }) => id, maxLength: 30 }),
      fc.infiniteStream(fc.nat()),
      (resources, stream) => {
        const sections = chooseSections(resources);
        const names = sections.flatMap(({ entries }) => entries.map(nameOf));
        expect(new Set(names).size).toBe(names.length);
        const keys = sections.map(({ key }) => key);
        expect(keys).toEqual(sectionKeys.filter((key) => keys.includes(key)));
        for (const key of requiredSections) expect(keys).toContain(key);
        const shuffled = resources
          .map((one) => ({ one, at: stream.next().value as number }))
          .toSorted((a, b) => a.at - b.at)
          .map(({ one }) => one);
        expect(chooseSections(shuffled).map(({ entries }) => entries.map(nameOf))).toEqual(
          sections.map(({ entries }) => entries.map(nameOf)),
        );
      },
    ),
    { numRuns: 200 },
  );
});
