import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, test } from 'vitest';
import { loadDefinitions } from '#fhir/definitions/index.ts';
import type { Resource } from '#fhir/types.ts';
import { createValidator, readPackage, type Validator } from '#fhir/validation/index.ts';
import { checkIdentifier, isSynthetic } from '#shared/identifiers.ts';
import { analyses } from './analyses.ts';
import { generateRegion, regionItems, type RegionItem } from './index.ts';
import { filtrationRate } from './laboratory.ts';

const today = '2026-11-01';
const small = { residents: 60, seed: 'test', today };

let items: RegionItem[];
let resources: Resource[];
let validator: Validator;

beforeAll(() => {
  items = [...regionItems(small)];
  resources = items.flatMap((item) => item.resources);
  validator = createValidator({
    definitions: loadDefinitions(),
    strictProfiles: true,
    identifiers: (system, value) => checkIdentifier(system, value)?.problem,
  });
});

const hashOf = (some: Iterable<RegionItem>): string => {
  const hash = createHash('sha256');
  for (const item of some) hash.update(JSON.stringify(item));
  return hash.digest('hex');
};
const ofType = (type: string): Resource[] => resources.filter(({ resourceType }) => resourceType === type);
const texts = (value: unknown, found: (key: string, text: string) => void, key = ''): void => {
  if (typeof value === 'string') found(key, value);
  else if (Array.isArray(value)) for (const entry of value) texts(entry, found, key);
  else if (value && typeof value === 'object')
    for (const [name, entry] of Object.entries(value)) texts(entry, found, name);
};

test('gives the same bytes for the same seed, and others for another', () => {
  const settings = { ...small, residents: 12 };
  expect(hashOf(regionItems(settings))).toBe(hashOf(regionItems(settings)));
  expect(hashOf(regionItems(settings))).not.toBe(hashOf(regionItems({ ...settings, seed: 'other' })));
});

test('goes on from any item with the bytes of the whole', async () => {
  for (const from of [3, items.length - 10]) {
    const rest: RegionItem[] = [];
    for await (const item of generateRegion({ ...small, from })) rest.push(item);
    expect(hashOf(rest)).toBe(hashOf(items.slice(from)));
  }
});

test('gives one item a resident, numbered in order after the shared ones', () => {
  expect(items.map(({ index }) => index)).toEqual(items.map((_, at) => at));
  const residents = items.filter(({ label }) => label.startsWith('resident '));
  expect(residents).toHaveLength(60);
  // One of the personas is not born yet.
  const empty = residents.filter(({ resources: own }) => own.length === 0);
  expect(empty).toHaveLength(1);
  for (const { resources: own } of residents) if (own.length > 0) expect(own[0]!.resourceType).toBe('Patient');
});

test('has ids of the form UUIDv7, none twice, and all of a resident in one bucket', () => {
  const ids = new Set<string>();
  for (const { label, resources: own } of items) {
    const buckets = new Set<number>();
    for (const { id } of own) {
      expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
      ids.add(id!);
      buckets.add(Number.parseInt(id!.slice(15, 18), 16) & 1023);
      const time = Number.parseInt(id!.slice(0, 8) + id!.slice(9, 13), 16);
      expect(time).toBeGreaterThan(Date.UTC(2021, 9, 1));
      expect(time).toBeLessThan(Date.UTC(2026, 10, 2));
    }
    if (label.startsWith('resident ') && own.length > 0) expect(buckets.size).toBe(1);
  }
  expect(ids.size).toBe(resources.length);
});

test('refers only to what is in the same item or an earlier shared one', () => {
  const shared = new Set<string>();
  for (const { label, resources: own } of items) {
    const known = new Set(own.map(({ resourceType, id }) => `${resourceType}/${id}`));
    texts(own, (key, text) => {
      if (key === 'reference' || (key === 'url' && text.startsWith('Binary/'))) {
        expect(known.has(text) || shared.has(text), `${label}: ${text}`).toBe(true);
      }
    });
    if (!label.startsWith('resident ')) for (const reference of known) shared.add(reference);
  }
});

test('is valid R4 without a single issue', () => {
  const issues = resources.flatMap((resource) =>
    validator.validate(resource).issues.map((issue) => ({ type: resource.resourceType, ...issue })),
  );
  expect(issues).toEqual([]);
});

test('is valid R4 at moments after the opening, with no element that has no value', () => {
  for (const now of ['2026-11-02T03:15', '2027-01-20T12:00']) {
    for (const { resources: own } of regionItems({ residents: 120, seed: 'later', today, now })) {
      for (const resource of own) {
        const { issues } = validator.validate(resource);
        expect(issues, `${resource.resourceType} at ${now}`).toEqual([]);
      }
    }
  }
});

const norwegianPackage = new URL('../../shared/norway/fhir-no-basis/packages/', import.meta.url);
const packageFile = new URL('hl7.fhir.no.basis-2.2.2-snapshots.tgz', norwegianPackage);
const profiles: Record<string, string> = {
  Patient: 'no-basis-Patient',
  Practitioner: 'no-basis-Practitioner',
  PractitionerRole: 'no-basis-PractitionerRole',
  Organization: 'no-basis-Organization',
  Location: 'no-basis-Location',
  RelatedPerson: 'no-basis-RelatedPerson',
  DocumentReference: 'no-basis-DocumentReference',
  Procedure: 'no-basis-Procedure',
  Appointment: 'no-basis-Appointment',
  AllergyIntolerance: 'no-basis-AllergyIntolerance',
  Medication: 'no-basis-Medication',
  MedicationStatement: 'no-basis-MedicationStatement',
  HealthcareService: 'no-basis-HealthcareService',
  Endpoint: 'no-basis-Endpoint',
};

test('holds only synthetic persons and organisations, with numbers of their own', () => {
  const people = ofType('Patient').map(({ identifier }) => (identifier as { value: string }[])[0]!.value);
  expect(people.length).toBe(59);
  expect(new Set(people).size).toBe(people.length);
  for (const value of people) expect(isSynthetic(value), value).toBe(true);
  for (const { identifier } of ofType('Organization')) {
    const entries = identifier as { system: string; value: string }[];
    expect(isSynthetic(entries[0]!.value)).toBe(true);
    for (const { system, value } of entries) expect(checkIdentifier(system, value)).toBeUndefined();
  }
});

test('tells nothing after death and nothing before birth', () => {
  const dead = [...regionItems({ ...small, residents: 400 })].filter(
    ({ resources: [first] }) => first?.['deceasedDateTime'],
  );
  expect(dead.length).toBeGreaterThan(4);
  for (const { resources: own } of dead) {
    const death = String(own[0]!['deceasedDateTime']).slice(0, 10);
    for (const resource of own.filter(({ resourceType }) =>
      ['Encounter', 'Observation', 'MedicationRequest'].includes(resourceType),
    )) {
      const period = resource['period'] as { start: string } | undefined;
      const day = String(resource['effectiveDateTime'] ?? resource['authoredOn'] ?? period?.start).slice(0, 10);
      expect(day <= death, `${resource.resourceType} of ${day}, death ${death}`).toBe(true);
      expect(day >= String(own[0]!['birthDate'])).toBe(true);
    }
  }
});

test('computes the filtration rate as CKD-EPI does', () => {
  expect(filtrationRate(80, 50, 'male')).toBeCloseTo(98.6, 1);
  expect(filtrationRate(150, 75, 'female')).toBeCloseTo(29.1, 1);
});

test('has analyses with units and a reference range each, and no code twice', () => {
  expect(analyses.size).toBeGreaterThan(40);
  expect(new Set([...analyses.values()].map(({ code }) => code)).size).toBe(analyses.size);
});

test.skipIf(!existsSync(packageFile))(
  'conforms to the Norwegian basis profiles, where the package is at hand',
  async () => {
    const { resources: definitions } = await readPackage(fileURLToPath(packageFile));
    validator.addPackage(definitions);
    for (const profile of Object.values(profiles)) {
      expect(validator.knowsProfile(`http://hl7.no/fhir/StructureDefinition/${profile}`), profile).toBe(true);
    }
    const issues = resources.flatMap((resource) => {
      const profile = profiles[resource.resourceType];
      if (!profile) return [];
      const url = `http://hl7.no/fhir/StructureDefinition/${profile}`;
      const errors = validator
        .validate(resource, { profiles: [url] })
        .issues.filter(({ severity }) => severity === 'error');
      return errors.map((issue) => ({ type: resource.resourceType, ...issue }));
    });
    expect(issues).toEqual([]);
  },
);
