import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { loadDefinitions, type Constraint } from '../definitions/index.ts';
import { compile, Node } from '../fhirpath/index.ts';
import { nativeInvariants } from './native-invariants.ts';
import { Walk } from './walk.ts';

const { model } = loadDefinitions();
const folder = new URL('../../../node_modules/hl7.fhir.r4.examples/', import.meta.url);

type Fields = Record<string, unknown>;

const constraintsOf = (type: string): Constraint[] => {
  const definition = model.type(type);
  return definition === undefined ? [] : [...constraintsOf(definition.base ?? ''), ...(definition.constraints ?? [])];
};

const walkOf = (resource: Fields): Walk => new Walk(resource as Fields & { resourceType: string });

/** Where the hand-written rule says more or less than the expression in the definitions, on purpose. */
const deliberate = new Set(['dom-3', 'per-1', 'rng-2', 'ref-1', 'eld-19', 'eld-20']);

/** Every object of a resource with its type. */
const visit = (value: Fields, type: string, see: (value: Fields, type: string) => void): void => {
  see(value, type);
  for (const [name, inner] of Object.entries(value)) {
    const property = model.property(type, name);
    if (property === undefined || model.type(property.type)?.kind === 'primitive') continue;
    for (const one of (Array.isArray(inner) ? inner : [inner]) as Fields[]) {
      const resourceType = one['resourceType'];
      visit(one, property.type === 'Resource' && typeof resourceType === 'string' ? resourceType : property.type, see);
    }
  }
};

const disagreements = (resource: Fields): string[] => {
  const found: string[] = [];
  const walk = walkOf(resource);
  visit(resource, String(resource['resourceType']), (value, type) => {
    for (const { key, expression } of constraintsOf(type)) {
      const holds = nativeInvariants.get(key);
      if (holds === undefined || deliberate.has(key)) continue;
      const test = compile(expression, { model, type }).test(new Node(value, type), { resource: resource as never });
      if ((test !== false) !== holds(value, walk)) found.push(`${key} of ${JSON.stringify(value).slice(0, 200)}`);
    }
  });
  return found;
};

const examples = readdirSync(folder)
  .filter((name) =>
    /^(?:Observation|Patient|Encounter|Claim|Condition|MedicationRequest|DiagnosticReport|Media|Goal)-/.test(name),
  )
  .map((name) => JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as Fields);

test('hand-written rules say what their FHIRPath says, on the official examples', () => {
  expect(examples.length).toBeGreaterThan(100);
  expect(examples.flatMap(disagreements)).toEqual([]);
});

test('hand-written rules say what their FHIRPath says, with elements taken out at random', () => {
  fc.assert(
    fc.property(fc.constantFrom(...examples), fc.nat(), fc.nat(), (example, which, element) => {
      const copy = structuredClone(example);
      const objects: Fields[] = [];
      visit(copy, String(copy['resourceType']), (value) => objects.push(value));
      const chosen = objects[which % objects.length] ?? copy;
      const names = Object.keys(chosen).filter((name) => name !== 'resourceType');
      const name = names[element % Math.max(names.length, 1)];
      if (name !== undefined) delete chosen[name];
      expect(disagreements(copy)).toEqual([]);
    }),
    { numRuns: 100 },
  );
});

test('a period whose end is before its start is refused, at whatever precision both have', () => {
  const holds = (start: string, end: string): boolean =>
    nativeInvariants.get('per-1')?.({ start, end }, walkOf({ resourceType: 'Patient' })) ?? false;
  expect(holds('2023', '2022')).toBe(false);
  expect(holds('2023-05', '2023-05-01')).toBe(true);
  expect(holds('2023-05-02', '2023-05-01T10:00:00Z')).toBe(false);
  expect(holds('2023-05-01T10:00:00+02:00', '2023-05-01T08:30:00Z')).toBe(true);
  expect(holds('2023-05-01T10:00:00+02:00', '2023-05-01T07:30:00Z')).toBe(false);
});
