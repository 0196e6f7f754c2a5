/** What must be refused: one row a mistake, with the code and the place that the answer names. */
import { expect, test } from 'vitest';
import { loadDefinitions } from '../definitions/index.ts';
import { Decimal } from '../json/decimal.ts';
import type { Resource } from '../types.ts';
import { createValidator } from './index.ts';

const validator = createValidator({
  definitions: loadDefinitions(),
  strictProfiles: false,
  identifiers: (system, value) =>
    system === 'urn:oid:2.16.578.1.12.4.1.4.1' && value !== '13816412345' ? 'the check digits are wrong' : undefined,
});

type Fields = Record<string, unknown>;

const patient = (fields: Fields): Resource => ({ resourceType: 'Patient', ...fields });
const observation = (fields: Fields): Resource => ({
  resourceType: 'Observation',
  status: 'final',
  code: { text: 'weight' },
  ...fields,
});
const bundle = (fields: Fields): Resource => ({ resourceType: 'Bundle', type: 'collection', ...fields });
const extension = (fields: Fields): Resource => patient({ extension: [fields] });
const quantity = (fields: Fields): Resource => observation({ valueQuantity: fields });
const narrative = (div: unknown): Resource => patient({ text: { status: 'generated', div } });

type Row = [mistake: string, resource: Resource, code: string, expression: string];

const structure: Row[] = [
  ['an unknown element', patient({ nickname: 'Ola' }), 'structure', 'Patient.nickname'],
  ['an unknown element deeper down', patient({ name: [{ surname: 'x' }] }), 'structure', 'Patient.name[0].surname'],
  ['a prototype key', JSON.parse('{"resourceType":"Patient","__proto__":{"a":1}}'), 'structure', 'Patient.__proto__'],
  ['a constructor key', patient({ constructor: { name: 'x' } }), 'structure', 'Patient.constructor'],
  ['an unknown resource type', { resourceType: 'Sheep' }, 'structure', 'Sheep.resourceType'],
  ['an abstract resource type', { resourceType: 'DomainResource' }, 'structure', 'DomainResource.resourceType'],
  ['a data type as resource', { resourceType: 'HumanName' }, 'structure', 'HumanName.resourceType'],
  ['no resource type', {} as Resource, 'structure', 'Resource.resourceType'],
  ['a repeating element that is no array', patient({ name: { family: 'x' } }), 'structure', 'Patient.name'],
  ['an array where one value goes', patient({ gender: ['male'] }), 'structure', 'Patient.gender'],
  ['an array where one object goes', patient({ maritalStatus: [{ text: 'x' }] }), 'structure', 'Patient.maritalStatus'],
  ['an empty array', patient({ name: [] }), 'structure', 'Patient.name'],
  ['an empty array of primitives', patient({ name: [{ given: [] }] }), 'structure', 'Patient.name[0].given'],
  ['an empty object', patient({ name: [{}] }), 'structure', 'Patient.name[0]'],
  ['an empty string', patient({ name: [{ family: '' }] }), 'structure', 'Patient.name[0].family'],
  ['null for an object', patient({ maritalStatus: null }), 'structure', 'Patient.maritalStatus'],
  ['null for a string', patient({ gender: null }), 'structure', 'Patient.gender'],
  ['null in an array of objects', patient({ name: [null] }), 'structure', 'Patient.name[0]'],
  ['null in an array of strings', patient({ name: [{ given: [null] }] }), 'structure', 'Patient.name[0].given[0]'],
  ['text for an object', patient({ maritalStatus: 'gift' }), 'structure', 'Patient.maritalStatus'],
  ['an object for text', patient({ gender: { code: 'male' } }), 'structure', 'Patient.gender'],
  ['text for a boolean', patient({ active: 'true' }), 'structure', 'Patient.active'],
  ['a number for text', patient({ name: [{ family: 7 }] }), 'structure', 'Patient.name[0].family'],
  ['text for a number', quantity({ value: '7' }), 'structure', 'Observation.value.value'],
  ['two values of a choice', observation({ valueString: 'a', valueInteger: 1 }), 'structure', 'Observation.value'],
  ['a choice of a type that it has not', observation({ valueAge: { value: 1 } }), 'structure', 'Observation.valueAge'],
  ['a choice without its type', observation({ value: 1 }), 'structure', 'Observation.value'],
  ['a sibling of what is no primitive', patient({ _name: [{ id: 'a' }] }), 'structure', 'Patient._name'],
  ['a sibling that is no object', patient({ birthDate: '2000', _birthDate: 'x' }), 'structure', 'Patient.birthDate'],
  ['a sibling with a value', patient({ _birthDate: { value: '2000' } }), 'structure', 'Patient.birthDate.value'],
  [
    'a sibling array of another length',
    patient({ name: [{ given: ['a', 'b'], _given: [{ id: 'x' }] }] }),
    'structure',
    'Patient.name[0].given',
  ],
  ['a sibling with nothing at all', patient({ name: [{ _given: [null] }] }), 'structure', 'Patient.name[0].given'],
  ['a contained thing that is no resource', patient({ contained: ['x'] }), 'structure', 'Patient.contained[0]'],
  [
    'an unknown element in a contained resource',
    patient({
      contained: [{ resourceType: 'Organization', id: 'o', nam: 'x' }],
      managingOrganization: { reference: '#o' },
    }),
    'structure',
    'Patient.contained[0].nam',
  ],
  [
    'an unknown element in a bundle entry',
    bundle({ entry: [{ resource: { resourceType: 'Patient', nam: 'x' } }] }),
    'structure',
    'Bundle.entry[0].resource.nam',
  ],
];

const required: Row[] = [
  ['no status', { resourceType: 'Observation', code: { text: 'x' } }, 'required', 'Observation.status'],
  ['no code', { resourceType: 'Observation', status: 'final' }, 'required', 'Observation.code'],
  [
    'a component without code',
    observation({ component: [{ valueString: 'x' }] }),
    'required',
    'Observation.component[0].code',
  ],
  ['an extension without url', extension({ valueString: 'x' }), 'required', 'Patient.extension[0].url'],
  ['a bundle without type', { resourceType: 'Bundle' }, 'required', 'Bundle.type'],
  [
    'a required choice left out',
    { resourceType: 'MedicationRequest', status: 'active', intent: 'order', subject: { reference: 'Patient/1' } },
    'required',
    'MedicationRequest.medication',
  ],
  [
    'a narrative without status',
    patient({ text: { div: '<div xmlns="http://www.w3.org/1999/xhtml">x</div>' } }),
    'required',
    'Patient.text.status',
  ],
  ['a link without other', patient({ link: [{ type: 'refer' }] }), 'required', 'Patient.link[0].other'],
];

const value: Row[] = [
  ['a day that does not exist', patient({ birthDate: '2023-02-30' }), 'value', 'Patient.birthDate'],
  ['29 February of a common year', patient({ birthDate: '1900-02-29' }), 'value', 'Patient.birthDate'],
  ['a month 13', patient({ birthDate: '2023-13' }), 'value', 'Patient.birthDate'],
  ['the year 0', patient({ birthDate: '0000-01-01' }), 'value', 'Patient.birthDate'],
  ['a date with a time', patient({ birthDate: '2023-01-01T10:00:00Z' }), 'value', 'Patient.birthDate'],
  ['a Norwegian date', patient({ birthDate: '17.05.1990' }), 'value', 'Patient.birthDate'],
  ['a time without zone', observation({ effectiveDateTime: '2023-01-01T10:00:00' }), 'value', 'Observation.effective'],
  ['a time without seconds', observation({ effectiveDateTime: '2023-01-01T10:00Z' }), 'value', 'Observation.effective'],
  ['an hour 24', observation({ effectiveDateTime: '2023-01-01T24:00:00Z' }), 'value', 'Observation.effective'],
  ['a zone +15', observation({ effectiveDateTime: '2023-01-01T10:00:00+15:00' }), 'value', 'Observation.effective'],
  [
    'a dateTime of 31 April',
    observation({ effectiveDateTime: '2023-04-31T10:00:00Z' }),
    'value',
    'Observation.effective',
  ],
  ['an instant of a day only', observation({ issued: '2023-01-01' }), 'value', 'Observation.issued'],
  ['a time of 25 hours', observation({ valueTime: '25:00:00' }), 'value', 'Observation.value'],
  ['a fraction for an integer', observation({ valueInteger: 1.5 }), 'value', 'Observation.value'],
  ['an integer with decimals', observation({ valueInteger: new Decimal('1.0') }), 'value', 'Observation.value'],
  ['an integer of 33 bits', observation({ valueInteger: 4294967296 }), 'value', 'Observation.value'],
  [
    'a positiveInt of 0',
    patient({ telecom: [{ value: '1', system: 'phone', rank: 0 }] }),
    'value',
    'Patient.telecom[0].rank',
  ],
  ['a negative unsignedInt', bundle({ type: 'searchset', total: -1 }), 'value', 'Bundle.total'],
  ['an id with a space', patient({ id: 'a b' }), 'value', 'Patient.id'],
  ['an id of 65 letters', patient({ id: 'a'.repeat(65) }), 'value', 'Patient.id'],
  ['a code with a leading space', patient({ gender: ' male' }), 'value', 'Patient.gender'],
  ['a code with double spaces', patient({ language: 'nb  NO' }), 'value', 'Patient.language'],
  ['a uri with a space', patient({ implicitRules: 'http://a b' }), 'value', 'Patient.implicitRules'],
  ['text with NUL', patient({ name: [{ text: 'a\u0000b' }] }), 'value', 'Patient.name[0].text'],
  [
    'text of more than a megabyte',
    patient({ name: [{ text: 'a'.repeat(1_048_577) }] }),
    'value',
    'Patient.name[0].text',
  ],
  ['base64 of a wrong length', { resourceType: 'Binary', contentType: 'a/b', data: 'abc' }, 'value', 'Binary.data'],
  [
    'base64 with other characters',
    { resourceType: 'Binary', contentType: 'a/b', data: 'ab*=' },
    'value',
    'Binary.data',
  ],
  [
    'a reference to a wrong type',
    observation({ subject: { reference: 'Claim/1' } }),
    'value',
    'Observation.subject.reference',
  ],
  [
    'an absolute reference to a wrong type',
    observation({ encounter: { reference: 'https://a.no/fhir/Patient/1' } }),
    'value',
    'Observation.encounter.reference',
  ],
  [
    'a contained resource of a wrong type',
    observation({ contained: [{ resourceType: 'Claim', id: 'c' }], encounter: { reference: '#c' } }),
    'value',
    'Observation.encounter.reference',
  ],
  [
    'a reference that says another type than it has',
    observation({ subject: { reference: 'Patient/1', type: 'Group' } }),
    'value',
    'Observation.subject.type',
  ],
  [
    'an identifier that its register would refuse',
    patient({ identifier: [{ system: 'urn:oid:2.16.578.1.12.4.1.4.1', value: '12345678901' }] }),
    'value',
    'Patient.identifier[0].value',
  ],
  [
    'an identifier deep in a reference that its register would refuse',
    observation({ performer: [{ identifier: { system: 'urn:oid:2.16.578.1.12.4.1.4.1', value: '1' } }] }),
    'value',
    'Observation.performer[0].identifier.value',
  ],
];

const codes: Row[] = [
  ['a gender that is none', patient({ gender: 'mann' }), 'code-invalid', 'Patient.gender'],
  ['a status in capitals', observation({ status: 'FINAL' }), 'code-invalid', 'Observation.status'],
  ['a name use that is none', patient({ name: [{ use: 'x', text: 'a' }] }), 'code-invalid', 'Patient.name[0].use'],
  [
    'a comparator that is none',
    quantity({ value: 1, comparator: '=' }),
    'code-invalid',
    'Observation.value.comparator',
  ],
  [
    'a coded status of another system',
    {
      resourceType: 'Condition',
      subject: { reference: 'Patient/1' },
      clinicalStatus: { coding: [{ system: 'http://example.org', code: 'active' }] },
    },
    'code-invalid',
    'Condition.clinicalStatus',
  ],
  [
    'a coded status by text alone',
    { resourceType: 'Condition', subject: { reference: 'Patient/1' }, clinicalStatus: { text: 'active' } },
    'code-invalid',
    'Condition.clinicalStatus',
  ],
];

const invariants: Row[] = [
  [
    'an extension with neither value nor parts',
    extension({ url: 'http://a.no/x' }),
    'invariant',
    'Patient.extension[0]',
  ],
  [
    'an extension with both value and parts',
    extension({ url: 'http://a.no/x', valueString: 'a', extension: [{ url: 'b', valueString: 'c' }] }),
    'invariant',
    'Patient.extension[0]',
  ],
  ['a code without system', quantity({ value: 1, code: 'kg' }), 'invariant', 'Observation.value'],
  [
    'a period that ends before it starts',
    patient({ name: [{ text: 'a', period: { start: '2023', end: '2022' } }] }),
    'invariant',
    'Patient.name[0].period',
  ],
  ['a telephone number without system', patient({ telecom: [{ value: '22' }] }), 'invariant', 'Patient.telecom[0]'],
  ['an attachment without content type', patient({ photo: [{ data: 'aaaa' }] }), 'invariant', 'Patient.photo[0]'],
  [
    'a value and the reason that it is absent',
    observation({ valueString: 'a', dataAbsentReason: { text: 'b' } }),
    'invariant',
    'Observation',
  ],
  [
    'an empty reference range',
    observation({ referenceRange: [{ type: { text: 'normal' } }] }),
    'invariant',
    'Observation.referenceRange[0]',
  ],
  [
    'a contact without anything to reach',
    patient({ contact: [{ gender: 'male' }] }),
    'invariant',
    'Patient.contact[0]',
  ],
  [
    'a contained resource nobody refers to',
    patient({ contained: [{ resourceType: 'Organization', id: 'o', name: 'x' }] }),
    'invariant',
    'Patient',
  ],
  [
    'a reference to a contained resource that is not there',
    observation({ subject: { reference: '#p' } }),
    'invariant',
    'Observation.subject',
  ],
  [
    'a contained resource with a version',
    patient({
      contained: [{ resourceType: 'Organization', id: 'o', name: 'x', meta: { versionId: '1' } }],
      managingOrganization: { reference: '#o' },
    }),
    'invariant',
    'Patient',
  ],
  [
    'a low that is more than the high',
    observation({ valueRange: { low: { value: 2 }, high: { value: 1 } } }),
    'invariant',
    'Observation.value',
  ],
  [
    'a ratio without denominator',
    observation({ valueRatio: { numerator: { value: 2 } } }),
    'invariant',
    'Observation.value',
  ],
  [
    'a script in the narrative',
    narrative('<div xmlns="http://www.w3.org/1999/xhtml"><script>x</script></div>'),
    'invariant',
    'Patient.text.div',
  ],
  [
    'a handler in the narrative',
    narrative('<div xmlns="http://www.w3.org/1999/xhtml"><p onclick="x()">a</p></div>'),
    'invariant',
    'Patient.text.div',
  ],
  [
    'a narrative that is not well-formed',
    narrative('<div xmlns="http://www.w3.org/1999/xhtml"><b>a</div>'),
    'invariant',
    'Patient.text.div',
  ],
  [
    'an empty narrative',
    narrative('<div xmlns="http://www.w3.org/1999/xhtml"> </div>'),
    'invariant',
    'Patient.text.div',
  ],
  [
    'two entries of the same address',
    bundle({
      entry: [1, 2].map(() => ({ fullUrl: 'urn:uuid:1', resource: { resourceType: 'Patient', active: true } })),
    }),
    'invariant',
    'Bundle',
  ],
  [
    'a transaction entry without request',
    bundle({ type: 'transaction', entry: [{ resource: { resourceType: 'Patient', active: true } }] }),
    'invariant',
    'Bundle',
  ],
  [
    'a document without composition',
    bundle({
      type: 'document',
      timestamp: '2023-01-01T10:00:00Z',
      identifier: { system: 'urn:a', value: 'b' },
      entry: [{ resource: { resourceType: 'Patient', active: true } }],
    }),
    'invariant',
    'Bundle',
  ],
  [
    'an organization with nothing to know it by',
    { resourceType: 'Organization', active: true },
    'invariant',
    'Organization',
  ],
  [
    'a home address of an organization',
    { resourceType: 'Organization', name: 'x', address: [{ use: 'home', city: 'Oslo' }] },
    'invariant',
    'Organization.address[0]',
  ],
];

const profiled: Row[] = [
  [
    'a quantity with a comparator where it must be simple',
    observation({ referenceRange: [{ low: { value: 1, comparator: '<' } }] }),
    'structure',
    'Observation.referenceRange[0].low.comparator',
  ],
  [
    'a known extension with a value of another type',
    extension({ url: 'http://hl7.org/fhir/StructureDefinition/patient-birthPlace', valueString: 'Oslo' }),
    'structure',
    'Patient.extension[0].value',
  ],
];

const rows = [...structure, ...required, ...value, ...codes, ...invariants, ...profiled];

test('the table is as long as it is meant to be', () => {
  expect(rows.length).toBeGreaterThanOrEqual(100);
});

test.each(rows)('refuses %s', (_mistake, resource, code, expression) => {
  const errors = validator.validate(resource).issues.filter((issue) => issue.severity === 'error');
  expect(errors.map((issue) => [issue.code, issue.expression?.[0]])).toContainEqual([code, expression]);
  for (const issue of errors) expect(issue.diagnostics?.length).toBeGreaterThan(10);
});

test('says one thing about one mistake', () => {
  const alone = rows.filter(([, resource]) => validator.validate(resource).issues.length === 1);
  expect(alone.length).toBeGreaterThan(rows.length * 0.85);
});

test('accepts what is right beside what is wrong', () => {
  const right: Resource[] = [
    patient({
      name: [{ given: ['Ola', null], _given: [null, { extension: [{ url: 'http://a.no/x', valueCode: 'y' }] }] }],
    }),
    patient({ _birthDate: { extension: [{ url: 'http://a.no/x', valueCode: 'unknown' }] } }),
    patient({ birthDate: '2024-02-29' }),
    quantity({ value: new Decimal('1.00'), unit: 'kg', system: 'http://unitsofmeasure.org', code: 'kg' }),
    observation({ _valueString: { extension: [{ url: 'http://a.no/x', valueCode: 'unknown' }] } }),
    observation({ effectiveDateTime: '2023-06-30T23:59:60.123+02:00' }),
    observation({ subject: { reference: 'urn:uuid:8b3d1b0e-6f0a-4a57-9a86-0a9ab0b8a001' } }),
    observation({ subject: { identifier: { value: '1' } } }),
    patient({ identifier: [{ system: 'urn:oid:2.16.578.1.12.4.1.4.1', value: '13816412345' }] }),
  ];
  for (const resource of right) expect(validator.validate(resource).issues).toEqual([]);
});

test('collects every literal reference with its place and the types it may have', () => {
  const { references } = validator.validate(
    observation({
      subject: { reference: 'Patient/1' },
      focus: [{ reference: 'Device/2' }],
      performer: [{ display: 'x' }],
    }),
  );
  expect(references).toEqual([
    {
      reference: 'Patient/1',
      expression: 'Observation.subject.reference',
      targets: ['Patient', 'Group', 'Device', 'Location'],
    },
    { reference: 'Device/2', expression: 'Observation.focus[0].reference' },
  ]);
});

test('lists at most a hundred errors and says that there are more', () => {
  const wrong = patient({ name: Array.from({ length: 5_000 }, () => ({})) });
  const { issues } = validator.validate(wrong);
  expect(issues).toHaveLength(101);
  expect(issues.at(-1)).toMatchObject({ severity: 'error', code: 'incomplete' });
});

test('looks at a megabyte of spaces only once', () => {
  const spaces = ' '.repeat(1_000_000);
  const started = performance.now();
  for (const data of [`${spaces}*`, `a${spaces}=${spaces}*`]) {
    validator.validate({ resourceType: 'Binary', contentType: 'a/b', data });
    validator.validate(patient({ gender: `a${data}`, implicitRules: data, birthDate: data, name: [{ text: data }] }));
    validator.validate(observation({ subject: { reference: `A${'/A'.repeat(300_000)}${data}` } }));
  }
  expect(performance.now() - started).toBeLessThan(2_000);
});

test('many contained resources with as many references take time in proportion', () => {
  const ids = Array.from({ length: 20_000 }, (_, index) => `p${index}`);
  const started = performance.now();
  const { issues } = validator.validate({
    resourceType: 'List',
    status: 'current',
    mode: 'working',
    contained: ids.map((id) => ({ resourceType: 'Patient', id, active: true })),
    entry: ids.map((id) => ({ item: { reference: `#${id}` } })),
  });
  expect(issues).toEqual([]);
  expect(performance.now() - started).toBeLessThan(3_000);
});

test('stops at a depth that no real resource has', () => {
  let inner: Fields = { url: 'http://a.no/x', valueString: 'a' };
  for (let depth = 0; depth < 3_000; depth += 1) inner = { url: 'http://a.no/x', extension: [inner] };
  const { issues } = validator.validate(extension(inner));
  expect(issues).toEqual([expect.objectContaining({ code: 'structure', severity: 'error' })]);
});

test('warns of a modifier extension that it does not know', () => {
  const { issues } = validator.validate(
    patient({ modifierExtension: [{ url: 'http://a.no/not', valueBoolean: true }] }),
  );
  expect(issues).toEqual([expect.objectContaining({ severity: 'warning', code: 'extension' })]);
});
