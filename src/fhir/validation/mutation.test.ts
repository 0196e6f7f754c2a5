/** Whatever is done to a valid resource, the answer is a list of issues, never an exception, and the resource stays as it was. */
import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { loadDefinitions } from '../definitions/index.ts';
import { Decimal } from '../json/decimal.ts';
import type { Resource } from '../types.ts';
import { createValidator } from './index.ts';

const folder = new URL('../../../node_modules/hl7.fhir.r4.examples/', import.meta.url);
const validator = createValidator({ definitions: loadDefinitions(), strictProfiles: false });

const chosen =
  /^(?:Observation|Patient|Bundle-bundle|Claim|Questionnaire|MedicationRequest|StructureDefinition-b|Composition|Timing|PlanDefinition)/;
const examples = readdirSync(folder)
  .filter((name) => chosen.test(name))
  .map((name) => readFileSync(new URL(name, folder), 'utf8'))
  .filter((text) => text.length < 200_000);

type Slot = { holder: Record<string, unknown> | unknown[]; key: string | number };

const slotsOf = (value: unknown, found: Slot[] = []): Slot[] => {
  if (typeof value !== 'object' || value === null || value instanceof Decimal) return found;
  for (const key of Object.keys(value)) {
    found.push({ holder: value as Slot['holder'], key });
    slotsOf((value as Record<string, unknown>)[key], found);
  }
  return found;
};

const odd = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom(null, {}, [], '', [[]], [null], { '': {} }, new Decimal('1.00'), '\u0000', 1e308, -0, {
    resourceType: 'Patient',
  }),
  fc.constantFrom(
    JSON.parse('{"__proto__":{"x":1}}'),
    { constructor: 1 },
    { toString: null, valueOf: null },
    { hasOwnProperty: [] },
  ),
  fc.constantFrom(
    '2023-02-30',
    '#',
    '#x',
    'Patient/1',
    'http://hl7.org/fhir/StructureDefinition/bp',
    'a'.repeat(10_000),
  ),
);

test('a valid resource with one thing changed at random is judged, never crashes the validator', () => {
  expect(examples.length).toBeGreaterThan(100);
  fc.assert(
    fc.property(
      fc.nat(examples.length - 1),
      fc.nat(),
      odd,
      fc.constantFrom('set', 'add', 'delete'),
      fc.string(),
      (which, at, value, how, name) => {
        const resource = JSON.parse(examples[which] ?? '{}') as Resource;
        const slots = slotsOf(resource);
        const slot = slots[at % slots.length];
        if (slot === undefined) return;
        const holder = slot.holder as Record<string | number, unknown>;
        if (how === 'delete') delete holder[slot.key];
        // The length of a list is no element of it.
        else if (!(Array.isArray(holder) && how === 'add' && name === 'length'))
          holder[how === 'add' ? name : slot.key] = value;
        const before = JSON.stringify(resource);
        const { issues } = validator.validate(resource);
        expect(issues.every((issue) => issue.diagnostics !== undefined && issue.expression?.length !== 0)).toBe(true);
        expect(JSON.stringify(resource)).toBe(before);
      },
    ),
    { numRuns: 600 },
  );
}, 60_000);

test('whatever JSON comes, it is judged', () => {
  fc.assert(
    fc.property(odd, fc.constantFrom('Patient', 'Observation', 'Bundle', 'Parameters'), (value, resourceType) => {
      const given =
        typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value, resourceType } : value;
      expect(Array.isArray(validator.validate(given as Resource).issues)).toBe(true);
    }),
    { numRuns: 500 },
  );
});

test('a changed profile is refused or used, never trips the validator', () => {
  const profiles = readdirSync(folder)
    .filter((name) =>
      /^StructureDefinition-(?:bp|bmi|heartrate|cholesterol|clinicaldocument|shareablevalueset)\.json$/.test(name),
    )
    .map((name) => readFileSync(new URL(name, folder), 'utf8'));
  const subjects = [
    'Observation-blood-pressure',
    'Observation-bmi',
    'Observation-heart-rate',
    'Composition-example',
  ].map((name) => JSON.parse(readFileSync(new URL(`${name}.json`, folder), 'utf8')) as Resource);
  fc.assert(
    fc.property(fc.nat(profiles.length - 1), fc.nat(), odd, fc.boolean(), (which, at, value, isDifferential) => {
      const profile = JSON.parse(profiles[which] ?? '{}') as Resource;
      profile['url'] = 'http://example.no/changed';
      delete profile['text'];
      if (isDifferential) delete profile['snapshot'];
      const slots = slotsOf(profile);
      const slot = slots[at % slots.length];
      if (slot !== undefined) (slot.holder as Record<string | number, unknown>)[slot.key] = value;
      validator.addProfile(profile);
      for (const subject of subjects) {
        const { issues } = validator.validate(subject, { profiles: ['http://example.no/changed'] });
        expect(Array.isArray(issues)).toBe(true);
      }
    }),
    { numRuns: 100 },
  );
}, 60_000);
