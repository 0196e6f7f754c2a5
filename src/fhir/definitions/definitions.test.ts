import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { jsonProperties, loadDefinitions, loadProfileDefinitions, loadTerminologyDefinitions } from './index.ts';

const definitions = loadDefinitions();
const { model } = definitions;

test('R4 has 146 kinds of resource, and none of a later version', () => {
  expect(model.resourceTypes()).toHaveLength(146);
  expect(model.type('SubscriptionStatus')).toBeUndefined();
  expect(model.element('ResearchStudy', 'label')).toBeUndefined();
});

test('a choice element is found by its FHIRPath name and by each of its JSON names', () => {
  const value = model.element('Observation', 'value');
  expect(value?.choice).toBe(true);
  expect(value && jsonProperties(value).map(({ name }) => name)).toContain('valueQuantity');
  expect(model.property('Observation', 'valueQuantity')).toEqual({ element: value, type: 'Quantity' });
  expect(model.property('Observation', 'value')).toBeUndefined();
  expect(model.property('Observation', '__proto__')).toBeUndefined();
});

test('types know their ancestors', () => {
  expect(model.isA('Age', 'Quantity')).toBe(true);
  expect(model.isA('code', 'string')).toBe(true);
  expect(model.isA('Patient', 'DomainResource')).toBe(true);
  expect(model.isA('Bundle', 'DomainResource')).toBe(false);
  expect(model.isA('Observation.component', 'BackboneElement')).toBe(true);
  expect(model.isA('Patient', 'Patient')).toBe(true);
});

test('elements come in the order of the standard, inherited ones first', () => {
  const names = model.type('Patient')?.elements.map((element) => element.name) ?? [];
  expect(names.slice(0, 10)).toEqual(
    'id meta implicitRules language text contained extension modifierExtension identifier active'.split(' '),
  );
});

test('an element that repeats the shape of another has its type', () => {
  expect(model.element('Observation.component', 'referenceRange')?.types).toEqual([
    { type: 'Observation.referenceRange' },
  ]);
  expect(model.element('Questionnaire.item', 'item')?.types).toEqual([{ type: 'Questionnaire.item' }]);
});

test('every type that an element names is defined', () => {
  for (const name of model.resourceTypes()) {
    const open = [name];
    const seen = new Set<string>();
    for (let type = open.pop(); type !== undefined; type = open.pop()) {
      if (seen.has(type)) continue;
      seen.add(type);
      const definition = model.type(type);
      expect(definition, type).toBeDefined();
      open.push(...(definition?.elements ?? []).flatMap((element) => element.types.map((one) => one.type)));
    }
  }
});

test('an unlimited maximum is Infinity, and only what can repeat is an array', () => {
  expect(model.element('Patient', 'name')).toMatchObject({ max: Infinity, isArray: true, min: 0 });
  expect(model.element('Patient', 'gender')).toMatchObject({ max: 1, isArray: false });
  expect(model.element('Quantity', 'comparator')).toMatchObject({ max: 1 });
});

test('required codes are listed, with and without their system', () => {
  const url = 'http://hl7.org/fhir/ValueSet/administrative-gender|4.0.1';
  expect([...(definitions.codes(url) ?? [])].sort()).toEqual(['female', 'male', 'other', 'unknown']);
  expect(definitions.codings(url)?.has('http://hl7.org/fhir/administrative-gender|male')).toBe(true);
  expect(definitions.codes('http://hl7.org/fhir/ValueSet/mimetypes')).toBeUndefined();
});

test('all five compartments are here', () => {
  const codes = definitions.compartments.map((compartment) => compartment.code).sort();
  expect(codes).toEqual(['Device', 'Encounter', 'Patient', 'Practitioner', 'RelatedPerson']);
  const patient = definitions.compartments.find((compartment) => compartment.code === 'Patient');
  expect(patient?.params['Observation']).toEqual(['subject', 'performer']);
});

test('search parameters are those of R4, each once', () => {
  const urls = definitions.searchParameters.map((parameter) => parameter.url);
  expect(new Set(urls).size).toBe(urls.length);
  expect(urls.length).toBeGreaterThan(1300);
  expect(urls.every((url) => url.startsWith('http://hl7.org/fhir/SearchParameter/'))).toBe(true);
});

test('profiles and terminology are read whole', () => {
  expect(loadProfileDefinitions().map((profile) => profile['url'])).toContain(
    'http://hl7.org/fhir/StructureDefinition/bodyweight',
  );
  expect(loadTerminologyDefinitions().length).toBeGreaterThan(2_000);
});

test('the element lists agree with the published definition', () => {
  const path = new URL(
    '../../../node_modules/hl7.fhir.r4.examples/StructureDefinition-Encounter.json',
    import.meta.url,
  );
  const published = JSON.parse(readFileSync(path, 'utf8')) as {
    snapshot: { element: { path: string; min: number }[] };
  };
  for (const { path: elementPath, min } of published.snapshot.element) {
    if (!elementPath.includes('.')) continue;
    const dot = elementPath.lastIndexOf('.');
    const element = model.element(elementPath.slice(0, dot), elementPath.slice(dot + 1).replace('[x]', ''));
    expect(element?.min, elementPath).toBe(min);
  }
});
