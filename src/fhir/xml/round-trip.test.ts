/** JSON → XML → JSON gives the same resource: for generated ones of every type, the official examples, and Synthea's. */
import { createReadStream, existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createGunzip } from 'node:zlib';
import fc from 'fast-check';
import { extract } from 'tar-stream';
import { beforeAll, expect, test } from 'vitest';
import { jsonProperties, loadDefinitions } from '../definitions/index.ts';
import type { Model } from '../definitions/model.ts';
import { Decimal, parseJson, writeJson } from '../json/index.ts';
import type { Resource } from '../types.ts';
import { readXml, writeXml } from './index.ts';

// Test data that lives beside the repository where it is developed; nobody else needs it.
const shared = fileURLToPath(new URL('../../../../shared/data/', import.meta.url));
const examples = `${shared}fhirpath-r4/examples`;
const synthea = `${shared}synthea/synthea-r4.tar.gz`;

let model: Model;
beforeAll(() => {
  model = loadDefinitions().model;
});

function expectRoundTrip(resource: Resource): void {
  expect(writeJson(sorted(readXml(writeXml(resource, model), model)))).toBe(writeJson(sorted(resource)));
}

/** The order of properties is not part of JSON. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null || value instanceof Decimal) return value;
  const keys = Object.keys(value).sort();
  return Object.fromEntries(keys.map((key) => [key, sorted((value as Record<string, unknown>)[key])]));
}

type Draw = (arbitrary: fc.Arbitrary<unknown>) => unknown;

// XML 1.0 has no control characters; everything else must come through.
const string = fc
  .string({ unit: 'binary', minLength: 1 })
  .map((text) => text.replaceAll(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, 'x'));
const decimal = fc
  .stringMatching(/^-?(0|[1-9][0-9]{0,18})(\.[0-9]{1,18})?(e-?[0-9]{1,2})?$/)
  .map((text) => parseJson(text));

function primitive(type: string): fc.Arbitrary<unknown> {
  if (type === 'boolean') return fc.boolean();
  if (type === 'decimal') return decimal;
  if (model.isA(type, 'integer')) return fc.integer();
  if (type === 'xhtml') return fc.constant('<div xmlns="http://www.w3.org/1999/xhtml"><p>ø<br/></p></div>');
  return string;
}

/** An object of the type with a few of its elements; deep down, only primitives. */
function content(type: string, depth: number, draw: Draw): Record<string, unknown> {
  const made: Record<string, unknown> = model.type(type)?.kind === 'resource' ? { resourceType: type } : {};
  const elements = (model.type(type)?.elements ?? []).filter(({ max }) => max > 0);
  const chosen = draw(
    fc.subarray(elements, { minLength: Math.min(1, elements.length), maxLength: Math.min(4, elements.length) }),
  );
  for (const element of chosen as typeof elements) {
    const { name, type: of } = draw(fc.constantFrom(...jsonProperties(element))) as { name: string; type: string };
    const isPrimitive = model.type(of)?.kind === 'primitive';
    if (depth > 3 && !isPrimitive) continue;
    const count = element.isArray ? (draw(fc.integer({ min: 1, max: 3 })) as number) : 1;
    const values = Array.from({ length: count }, () => value(of, isPrimitive, depth, draw));
    if (
      values.some(
        (one) => typeof one === 'object' && one !== null && Object.keys(one).length === 0 && !(one instanceof Decimal),
      )
    )
      continue;
    made[name] = element.isArray ? values : values[0];
    const hasSibling = isPrimitive && of !== 'xhtml' && element.xmlAttribute !== true && draw(fc.boolean());
    if (!hasSibling) continue;
    const extra = { id: draw(string), extension: [{ url: 'http://x', valueString: draw(string) }] };
    made[`_${name}`] = element.isArray ? [...values.slice(1).map(() => null), extra] : extra;
  }
  return made;
}

function value(type: string, isPrimitive: boolean, depth: number, draw: Draw): unknown {
  if (isPrimitive) return draw(primitive(type));
  return type === 'Resource' ? content('Patient', depth + 1, draw) : content(type, depth + 1, draw);
}

test('generated resources of every type come back equal', () => {
  fc.assert(
    fc.property(fc.constantFrom(...model.resourceTypes()), fc.gen(), (type, generate) => {
      const draw: Draw = (arbitrary) => generate(() => arbitrary);
      expectRoundTrip(content(type, 0, draw) as Resource);
    }),
    { numRuns: 300 },
  );
});

test.skipIf(!existsSync(examples))('the official examples come back equal (skipped where they are not at hand)', () => {
  const names = readdirSync(examples).filter((name) => name.endsWith('.json'));
  expect(names.length).toBeGreaterThan(50);
  for (const name of names) expectRoundTrip(parseJson(readFileSync(`${examples}/${name}`, 'utf8')) as Resource);
});

test.skipIf(!existsSync(synthea))(
  'hundreds of Synthea resources come back equal (skipped where they are not at hand)',
  async () => {
    const archive = createReadStream(synthea).pipe(createGunzip()).pipe(extract());
    let count = 0;
    for await (const file of archive) {
      const chunks: Buffer[] = [];
      for await (const chunk of file) chunks.push(chunk as Buffer);
      if (!file.header.name.endsWith('.json') || count > 600) continue;
      const bundle = parseJson(Buffer.concat(chunks).toString('utf8')) as { entry: { resource: Resource }[] };
      for (const { resource } of bundle.entry.slice(0, 100)) {
        expectRoundTrip(resource);
        count += 1;
      }
    }
    expect(count).toBeGreaterThan(600);
  },
  20_000,
);
