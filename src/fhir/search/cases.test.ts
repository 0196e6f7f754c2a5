/** What finds what: each type of parameter with its prefixes and modifiers, decided in memory and by the index (R4 search.html). */
import { describe, expect, test } from 'vitest';
import { Fault } from '#kernel/fault.ts';
import type { Resource } from '../types.ts';
import { finds, parameters, searchForTest } from './search-for-test.ts';

const search = searchForTest();

const patient: Resource = {
  resourceType: 'Patient',
  id: 'p1',
  meta: {
    lastUpdated: '2024-05-01T10:00:00.123Z',
    profile: ['http://test/profile/a|1.0'],
    tag: [{ system: 'http://test/tags', code: 'trial' }],
    security: [{ code: 'R' }],
    source: 'http://test/source/x',
  },
  text: {
    status: 'generated',
    div: '<div xmlns="http://www.w3.org/1999/xhtml"><p>Bor p&aring; <b>hospitalet</b></p></div>',
  },
  active: true,
  identifier: [
    {
      system: 'urn:oid:2.16.578.1.12.4.1.4.1',
      value: '13897512345',
      type: { text: 'National', coding: [{ system: 'http://test/types', code: 'NI' }] },
    },
    { value: 'no-system' },
  ],
  name: [
    { family: 'Tromsø', given: ['Åse', 'Ærlig Noel'] },
    { text: 'Kari Nordmann-Øien', use: 'nickname' },
  ],
  telecom: [
    { system: 'phone', value: '+47 900 12 345' },
    { system: 'email', value: 'Kari@Example.NO' },
  ],
  gender: 'female',
  birthDate: '1980-02-29',
  deceasedDateTime: '2024-03-31T01:30:00+01:00',
  address: [{ line: ['Storgata 1'], city: 'Bærum', postalCode: '1337', country: 'NO' }],
  generalPractitioner: [{ reference: 'Practitioner/gp1/_history/3', display: 'Dr. Hansen' }],
  managingOrganization: {
    reference: 'http://other.test/fhir/Organization/o1',
    identifier: { system: 'http://test/orgs', value: '99' },
  },
};

const observation: Resource = {
  resourceType: 'Observation',
  id: 'o1',
  status: 'final',
  category: [{ coding: [{ system: 'http://test/category', code: 'vital-signs' }] }],
  code: {
    coding: [{ system: 'http://test/cs', code: 'a1', display: 'Body weight measured' }, { code: 'local' }],
    text: 'Vekt',
  },
  subject: { reference: 'Patient/p1' },
  focus: [{ reference: 'http://fyr.test/fhir/Condition/c1' }],
  effectiveDateTime: '2024-05-01T23:30:00-05:00',
  valueQuantity: { value: 5.4, unit: 'milligram', system: 'http://unitsofmeasure.org', code: 'mg' },
  component: [
    {
      code: { coding: [{ system: 'http://loinc.org', code: '8480-6' }] },
      valueQuantity: { value: 120, unit: 'mmHg', system: 'http://unitsofmeasure.org', code: 'mm[Hg]' },
    },
    {
      code: { coding: [{ system: 'http://loinc.org', code: '8462-4' }] },
      valueQuantity: { value: 80, unit: 'mmHg', system: 'http://unitsofmeasure.org', code: 'mm[Hg]' },
    },
  ],
  note: [{ text: 'Målt hjemme' }],
};

const encounter: Resource = {
  resourceType: 'Encounter',
  id: 'e1',
  status: 'in-progress',
  class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'IMP' },
  subject: { reference: 'Patient/p1' },
  period: { start: '2024-01-10T08:00:00+01:00' },
};

const risk: Resource = {
  resourceType: 'RiskAssessment',
  id: 'r1',
  status: 'final',
  subject: { reference: 'Patient/p1' },
  occurrencePeriod: { start: '2024-01-10', end: '2024-02-05' },
  prediction: [{ probabilityDecimal: 0.5 }, { probabilityRange: { low: { value: 10 }, high: { value: 20 } } }],
};

const valueSet: Resource = { resourceType: 'ValueSet', id: 'v1', status: 'active', url: 'http://test/fhir/ValueSet/x' };
const location: Resource = { resourceType: 'Location', id: 'l1', position: { latitude: 59.91, longitude: 10.75 } };
const plan: Resource = {
  resourceType: 'CarePlan',
  id: 'c1',
  status: 'active',
  intent: 'plan',
  subject: { reference: 'Patient/p1' },
  instantiatesCanonical: ['http://test/plan|2.0'],
};

const refusals: [string, string, string][] = [
  ['Patient', 'nosuch=1', 'is not a search parameter of Patient'],
  ['Patient', 'name:near=1', 'has no modifier near'],
  ['Patient', 'name:exact:contains=1', 'more than one modifier'],
  ['Patient', 'name=', 'has no value'],
  ['Patient', 'name=a,,b', 'empty value'],
  ['Patient', 'birthdate=yesterday', 'is not a date'],
  ['Patient', 'birthdate=2023-02-29', 'is not a date'],
  ['Patient', 'birthdate=2023-13', 'is not a date'],
  ['Patient', 'birthdate=zz2023', 'is not a date'],
  ['Patient', 'identifier=|', 'an empty code'],
  ['Patient', 'identifier:of-type=a|b', 'system|code|value'],
  ['Patient', 'active:missing=maybe', 'true or false'],
  ['Patient', 'general-practitioner=a b', 'is not a reference'],
  ['Patient', 'general-practitioner:Observation=1', 'never refers'],
  ['Patient', 'general-practitioner.nosuch=1', 'is not a search parameter'],
  ['Patient', 'name.family=1', 'cannot be followed by a dot'],
  ['Patient', '_has:Nosuch:patient:code=1', 'not a resource type'],
  ['Patient', '_has:Observation:code:code=1', 'not a reference parameter'],
  ['Patient', '_has:Observation:patient=1', '_has is written'],
  ['Observation', '_has:Coverage:payor:status=1', 'never refers'],
  ['Patient', '_sort=nosuch', '_sort'],
  ['Patient', '_count=many', 'whole number'],
  ['Patient', '_total=roughly', '_total is one of'],
  ['Patient', '_summary=short', '_summary is one of'],
  ['Patient', '_include=Patient:name', 'not a reference parameter'],
  ['Patient', '_include:often=Patient:organization', 'no modifier'],
  ['Patient', '_cursor=abc', 'page link'],
  ['Patient', '_type=Observation', 'whole system'],
  ['Patient', '_query=x', 'named queries'],
  ['Patient', '_contained=true', 'Contained'],
  ['Patient', '_filter=name xx "a"', 'not an operator'],
  ['Patient', '_filter=(name eq "a"', ') is missing'],
  ['Patient', '_filter=name eq "a" and', 'is missing'],
  ['Patient', '_filter=gender gt male', 'does not apply'],
  ['Observation', 'value-quantity=5|mg', 'a quantity is written'],
  ['Observation', 'value-quantity=abc', 'is not a number'],
  ['Observation', 'code-value-quantity=a1', 'takes 2 values'],
  ['Observation', 'code:below=a', 'is written system|code'],
  ['Observation', 'code:below=http://unknown|a', 'not in a code system'],
  ['Location', 'near=here', 'a place is written'],
  ['Location', 'near=91|0', 'a place is written'],
  ['Location', 'near=1|1|1|parsec', 'a distance is'],
];

describe('refuses', () => {
  test.each(refusals)('%s?%s', (type, text, why) => {
    const attempt = () => search.parse(type, parameters(text));
    expect(attempt).toThrow(Fault);
    expect(attempt).toThrow(why);
  });

  test('a NUL, and what needs other resources when there is one only', () => {
    expect(() => search.parse('Patient', [['name', 'a\u0000b']])).toThrow(Fault);
    const chained = search.parse('Patient', parameters('general-practitioner.name=x'));
    expect(() => search.matches(patient, chained)).toThrow('a chain');
  });

  test('a thousand parameters, and a thousand values of one', () => {
    expect(() =>
      search.parse(
        'Patient',
        Array.from({ length: 1000 }, () => ['name', 'a'] as const),
      ),
    ).toThrow(Fault);
    expect(() => search.parse('Patient', [['name', 'a,'.repeat(1000) + 'a']])).toThrow(Fault);
  });

  test('nothing unknown with lenient handling, but says so', () => {
    const query = search.parse('Patient', parameters('nosuch=1&name:near=2&family=x'), { lenient: true });
    expect(query.warnings).toHaveLength(2);
    expect(query.condition.kind).toBe('string');
  });
});

type Case = [Resource, string, boolean];

const strings: Case[] = [
  [patient, 'name=tromso', true],
  [patient, 'name=Tromsø', true],
  [patient, 'name=troms', true],
  [patient, 'name=TROMSOE', true],
  [patient, 'name=romso', false],
  [patient, 'given=Ase', true],
  [patient, 'given=aase', true],
  [patient, 'given=åse', true],
  [patient, 'given=aerl', true],
  [patient, 'given=Noel', false],
  [patient, 'name=kari', true],
  [patient, 'name=x,kari', true],
  [patient, 'name=x\\,kari', false],
  [patient, 'family=kari', false],
  [patient, 'given:contains=noe', true],
  [patient, 'given:contains=oel', true],
  [patient, 'given:contains=el', true],
  [patient, 'name:contains=øien', true],
  [patient, 'name:contains=oien', true],
  [patient, 'name:contains=xyz', false],
  [patient, 'family:exact=Tromsø', true],
  [patient, 'family:exact=tromsø', false],
  [patient, 'family:exact=Troms', false],
  [patient, 'address=baerum', true],
  [patient, 'address-city=Bærum', true],
  [patient, 'address=storgata', true],
  [patient, 'address-city=storgata', false],
  [patient, 'address-state:missing=true', true],
  [patient, 'address-city:missing=true', false],
];

const tokens: Case[] = [
  [patient, 'identifier=13897512345', true],
  [patient, 'identifier=urn:oid:2.16.578.1.12.4.1.4.1|13897512345', true],
  [patient, 'identifier=urn:oid:2.16.578.1.12.4.1.4.1|', true],
  [patient, 'identifier=urn:oid:9|', false],
  [patient, 'identifier=|no-system', true],
  [patient, 'identifier=|13897512345', false],
  [patient, 'identifier=urn:oid:9|13897512345', false],
  [patient, 'identifier:of-type=http://test/types|NI|13897512345', true],
  [patient, 'identifier:of-type=http://test/types|XX|13897512345', false],
  [patient, 'identifier:text=national', true],
  [patient, 'gender=female', true],
  [patient, 'gender=male,female', true],
  [patient, 'gender=http://hl7.org/fhir/administrative-gender|female', true],
  [patient, 'gender=http://other|female', false],
  [patient, 'gender:not=male', true],
  [patient, 'gender:not=female', false],
  [patient, 'active=true', true],
  [patient, 'active=false', false],
  [patient, 'deceased=true', true],
  [patient, 'phone=90012345', false],
  [patient, 'phone=+4790012345', true],
  [patient, 'telecom=+47 900 12 345', true],
  [patient, 'email=kari@example.no', true],
  [patient, 'email=+4790012345', false],
  [patient, '_id=p1', true],
  [patient, '_id=p2,p1', true],
  [patient, '_id=p2', false],
  [patient, '_tag=http://test/tags|trial', true],
  [patient, '_tag=trial', true],
  [patient, '_tag=other', false],
  [patient, '_security=R', true],
  [observation, 'code=a1', true],
  [observation, 'code=http://test/cs|a1', true],
  [observation, 'code=|local', true],
  [observation, 'code=|a1', false],
  [observation, 'code:text=weight', true],
  [observation, 'code:text=vek', true],
  [observation, 'code:text=body wei', true],
  [observation, 'code:text=eight', false],
  [observation, 'code:in=http://test/vs', true],
  [observation, 'category:in=http://test/vs', false],
  [observation, 'category:not-in=http://test/vs', true],
  [observation, 'code:below=http://test/cs|a', true],
  [observation, 'code:above=http://test/cs|a', false],
  [observation, 'code:above=http://test/cs|a1', true],
  [observation, 'combo-code=http://loinc.org|8480-6', true],
  [observation, 'code=http://loinc.org|8480-6', false],
  [observation, 'data-absent-reason:missing=true', true],
  [observation, 'category:missing=false', true],
  [observation, 'code:missing=true', false],
  [observation, 'status=http://hl7.org/fhir/observation-status|final', true],
];

const references: Case[] = [
  [patient, 'general-practitioner=Practitioner/gp1', true],
  [patient, 'general-practitioner=gp1', true],
  [patient, 'general-practitioner=Organization/gp1', false],
  [patient, 'general-practitioner:Practitioner=gp1', true],
  [patient, 'general-practitioner:Organization=gp1', false],
  [patient, 'general-practitioner:text=hansen', true],
  [patient, 'organization=http://other.test/fhir/Organization/o1', true],
  [patient, 'organization=Organization/o1', false],
  [patient, 'organization:identifier=http://test/orgs|99', true],
  [patient, 'organization:identifier=99', true],
  [patient, 'organization:identifier=http://test/orgs|98', false],
  [patient, 'link:missing=true', true],
  [observation, 'subject=Patient/p1', true],
  [observation, 'patient=p1', true],
  [observation, 'patient=Patient/p1/_history/2', true],
  [observation, 'patient=http://fyr.test/fhir/Patient/p1', true],
  [observation, 'subject:Patient=p1', true],
  [observation, 'subject:Device=p1', false],
  [observation, 'patient:missing=false', true],
  [observation, 'focus=Condition/c1', true],
  [plan, 'instantiates-canonical=http://test/plan', true],
  [plan, 'instantiates-canonical=http://test/plan|2.0', true],
  [plan, 'instantiates-canonical=http://test/plan|3.0', false],
];

const dates: Case[] = [
  [patient, 'birthdate=1980-02-29', true],
  [patient, 'birthdate=1980-02', true],
  [patient, 'birthdate=1980', true],
  [patient, 'birthdate=1981', false],
  [patient, 'birthdate=ne1980', false],
  [patient, 'birthdate=ne1980-02-28', true],
  [patient, 'birthdate=gt1980-02-28', true],
  [patient, 'birthdate=gt1980-02-29', false],
  [patient, 'birthdate=ge1980-02-29', true],
  [patient, 'birthdate=lt1980-02-29', false],
  [patient, 'birthdate=lt1980-03', true],
  [patient, 'birthdate=le1980-02-29', true],
  [patient, 'birthdate=sa1980-02-28', true],
  [patient, 'birthdate=sa1980-02', false],
  [patient, 'birthdate=eb1980-03', true],
  [patient, 'birthdate=ap1981', true],
  [patient, 'birthdate=ap2020', false],
  [patient, 'birthdate=ge1980&birthdate=lt1981', true],
  [patient, 'birthdate=ge1981&birthdate=lt1982', false],
  [patient, 'death-date=2024-03-31', true],
  [patient, 'death-date=2024-03-31T00:30:00Z', true],
  [patient, 'death-date=2024-03-31T00:30Z', true],
  [patient, 'death-date=2024-03-31T01:30:00+01:00', true],
  [patient, 'death-date=2024-03-31T01:30:00 01:00', true],
  [patient, '_lastUpdated=2024-05-01', true],
  [patient, '_lastUpdated=gt2024-05-01T10:00:00Z', false],
  [patient, '_lastUpdated=ge2024-05-01T10:00:00.123Z', true],
  [patient, '_lastUpdated=lt2024-05-01', false],
  [observation, 'date=2024-05-02', true],
  [observation, 'date=2024-05-01', true],
  [observation, 'date=2024-05-03', false],
  [observation, 'date=2024-05-02T04:30:00Z', true],
  [observation, 'date=2024-05-01T23:30:00Z', false],
  [observation, 'date=2024-05', true],
  [encounter, 'date=2024-01-10', false],
  [encounter, 'date=gt2030', true],
  [encounter, 'date=ge2024-01-10', true],
  [encounter, 'date=lt2024-01-10', false],
  [encounter, 'date=lt2024-01-11', true],
  [encounter, 'date=sa2024-01-09', true],
  [encounter, 'date=eb2024-01-11', false],
  [encounter, 'date=ap2024-03-01', true],
  [encounter, 'date:missing=false', true],
  [risk, 'date:missing=true', true],
];

const numbersAndQuantities: Case[] = [
  [risk, 'probability=0.5', true],
  [risk, 'probability=0.50', true],
  [risk, 'probability=0.54', false],
  [risk, 'probability=gt0.5', true],
  [risk, 'probability=lt0.5', false],
  [risk, 'probability=le0.5', true],
  [risk, 'probability=15', false],
  [risk, 'probability=ge20', true],
  [risk, 'probability=gt20', false],
  [risk, 'probability=ne0.5', true],
  [risk, 'probability=ap0.52', true],
  [risk, 'probability=5e-1', true],
  [observation, 'value-quantity=5.4', true],
  [observation, 'value-quantity=5', true],
  [observation, 'value-quantity=5.0', false],
  [observation, 'value-quantity=5.40|http://unitsofmeasure.org|mg', true],
  [observation, 'value-quantity=0.0054|http://unitsofmeasure.org|g', true],
  [observation, 'value-quantity=5400|http://unitsofmeasure.org|ug', true],
  [observation, 'value-quantity=5.4|http://unitsofmeasure.org|g', false],
  [observation, 'value-quantity=5.4|http://other|mg', false],
  [observation, 'value-quantity=5.4||mg', true],
  [observation, 'value-quantity=5.4||milligram', true],
  [observation, 'value-quantity=5.4||kilogram', false],
  [observation, 'value-quantity=gt5.3||mg', true],
  [observation, 'value-quantity=gt5.4||mg', false],
  [observation, 'value-quantity=ge5.4||mg', true],
  [observation, 'value-quantity=le0.0054||g', true],
  [observation, 'value-quantity=lt5.4||mg', false],
  [observation, 'value-quantity=sa5.3', true],
  [observation, 'value-quantity=eb5.5', true],
  [observation, 'value-quantity=ne5.4', false],
  [observation, 'value-quantity=ap5.1||mg', true],
  [observation, 'value-quantity=ap3||mg', false],
  [observation, 'value-quantity:missing=false', true],
  [observation, 'value-string:missing=true', true],
];

const others: Case[] = [
  [observation, 'code-value-quantity=a1$gt5||mg', true],
  [observation, 'code-value-quantity=a1$lt5||mg', false],
  [observation, 'code-value-quantity=a2$gt5||mg', false],
  [observation, 'component-code-value-quantity=http://loinc.org|8480-6$gt100', true],
  [observation, 'component-code-value-quantity=http://loinc.org|8462-4$gt100', false],
  [observation, 'combo-code-value-quantity=8462-4$80||mm[Hg]', true],
  [observation, 'combo-code-value-quantity=a1$5.4', true],
  [observation, 'combo-code-value-quantity=a1$80', false],
  [valueSet, 'url=http://test/fhir/ValueSet/x', true],
  [valueSet, 'url=http://test/fhir/ValueSet', false],
  [valueSet, 'url:below=http://test/fhir', true],
  [valueSet, 'url:below=http://test/fh', false],
  [valueSet, 'url:above=http://test/fhir/ValueSet/x/y', true],
  [patient, '_profile=http://test/profile/a', true],
  [patient, '_profile=http://test/profile/a|1.0', true],
  [patient, '_profile=http://test/profile/b', false],
  [patient, '_source=http://test/source/x', true],
  [patient, '_profile:missing=false', true],
  [patient, '_text=hospital', true],
  [patient, '_text=storgata', false],
  [patient, '_content=storgata', true],
  [patient, '_content=sykehus', false],
  [observation, '_content=hjemme malt', true],
  [observation, '_content=hjemme borte', false],
  [location, 'near=59.92|10.75|2|km', true],
  [location, 'near=59.92|10.75|0.5|km', false],
  [location, 'near=60.39|5.32|300|km', false],
  [location, 'near=60.39|5.32|320|km', true],
];

const filters: Case[] = [
  [patient, '_filter=family eq "tromsø"', true],
  [patient, '_filter=family eq "troms"', false],
  [patient, '_filter=family ne "troms"', true],
  [patient, '_filter=family sw "troms" and birthdate ge 1980', true],
  [patient, '_filter=family ew "msø" or gender eq male', true],
  [patient, '_filter=family co "oms"', true],
  [patient, '_filter=not (gender eq female)', false],
  [patient, '_filter=(gender eq male or (gender eq female and active eq true))', true],
  [patient, '_filter=gender eq male or gender eq female and active eq false', false],
  [patient, '_filter=address-state pr false', true],
  [patient, '_filter=address-city pr true', true],
  [patient, '_filter=identifier eq urn:oid:2.16.578.1.12.4.1.4.1|13897512345', true],
  [patient, '_filter=general-practitioner re Practitioner/gp1', true],
  [encounter, '_filter=date po 2024-02', true],
  [encounter, '_filter=date po 2023-02', false],
  [observation, '_filter=code in http://test/vs', true],
  [observation, '_filter=code ni http://test/vs', false],
  [observation, '_filter=code sb http://test/cs|a', true],
  [observation, '_filter=code ss http://test/cs|a1', true],
  [observation, '_filter=value-quantity gt 5.3', true],
];

describe.each(Object.entries({ strings, tokens, references, dates, numbersAndQuantities, others, filters }))(
  '%s',
  (_name, cases) => {
    test.each(cases.map(([resource, text, found]) => ({ type: resource.resourceType, text, found, resource })))(
      '$type?$text finds: $found',
      ({ resource, text, found }) => {
        expect(finds(search, resource, text)).toBe(found);
      },
    );
  },
);

test('a compartment holds the patient and what refers to the patient', () => {
  const parse = (id: string) => search.parse(undefined, [], { compartment: { type: 'Patient', id } });
  for (const resource of [patient, observation, encounter, risk]) {
    expect(search.matches(resource, parse('p1'))).toBe(true);
    expect(search.matches(resource, parse('p2'))).toBe(false);
    expect(search.extract(resource).tokens).toContain(search.compartmentToken('p1'));
    expect(search.extract(resource).patient).toBe('p1');
  }
  expect(search.matches(valueSet, parse('p1'))).toBe(false);
  expect(search.compartmentsOf(observation, 'Patient')).toEqual(['p1']);
});

test('a reference from anywhere is among the tokens that guard a deletion', () => {
  const tokens = search.referencesTo('Patient', 'p1');
  for (const resource of [observation, encounter, risk]) {
    expect(search.extract(resource).tokens.some((token) => tokens.includes(token))).toBe(true);
  }
  expect(search.extract(valueSet).tokens.some((token) => tokens.includes(token))).toBe(false);
});

test('a parameter taken into use finds at once, and not after it is removed', () => {
  const own = searchForTest();
  const shoe: Resource = {
    resourceType: 'Patient',
    id: 'x',
    extension: [{ url: 'http://test/shoe', valueCode: 'large' }],
  };
  const definition = {
    url: 'http://test/SearchParameter/shoe',
    code: 'shoe',
    base: ['Patient'],
    type: 'token' as const,
    expression: "Patient.extension.where(url='http://test/shoe').value",
  };
  expect(() => own.parse('Patient', parameters('shoe=large'))).toThrow('is not a search parameter');
  expect(own.addParameter(definition)).toEqual(['Patient']);
  expect(finds(own, shoe, 'shoe=large')).toBe(true);
  expect(finds(own, shoe, 'shoe=small')).toBe(false);
  expect(own.parametersOf('Patient').map(({ name }) => name)).toContain('shoe');
  expect(() =>
    own.addParameter({ ...definition, url: 'http://test/bad', code: 'bad', expression: 'Patient.name.(' }),
  ).toThrow(Fault);
  own.removeParameter(definition.url);
  expect(() => own.parse('Patient', parameters('shoe=large'))).toThrow('is not a search parameter');
});
