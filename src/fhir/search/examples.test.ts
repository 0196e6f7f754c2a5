/** Every example resource of R4 is found by every value that each of its search parameters has, in memory and by the index. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { Fault } from '#kernel/fault.ts';
import type { Resource } from '../types.ts';
import type { Parameter } from './catalog.ts';
import type { TypedValue } from './path.ts';
import { finds, searchForTest } from './search-for-test.ts';
import type { SearchValues } from './search-values.ts';
import { codedValues, pointers, textOf } from './values.ts';

const folder = new URL('../../../node_modules/hl7.fhir.r4.examples/', import.meta.url);
const search = searchForTest();

const escaped = (text: string): string => text.replace(/[\\,|$]/g, '\\$&');

/** Searches that a value must be found by. */
function sought({ code, kind }: Parameter, { value, type }: TypedValue): [string, string][] {
  switch (kind) {
    case 'token':
      return codedValues({ value, type }).flatMap(({ system, code: one }): [string, string][] => {
        if (one === undefined) return [];
        const bare: [string, string] = [code, escaped(one)];
        if (system === undefined) return [bare];
        return [
          bare,
          [code, `${escaped(system ?? '')}|${escaped(one)}`],
          ...(system === null ? [] : [[code, `${escaped(system)}|`] as [string, string]]),
        ];
      });
    case 'reference':
      return pointers({ value, type }, undefined).flatMap(({ literal }): [string, string][] =>
        literal === undefined ? [] : [[code, escaped(literal)]],
      );
    case 'string': {
      const text = textOf({ value, type });
      if (text === undefined || text.trim() === '') return [];
      const half = text.slice(0, Math.ceil(text.length / 2)).trimEnd();
      const middle = text.slice(Math.floor(text.length / 3)).trim();
      const starts: [string, string][] = [text, half, text.slice(0, 4).trimEnd()].map((one) => [code, escaped(one)]);
      return [
        ...starts,
        [`${code}:exact`, escaped(text)],
        ...(middle === '' ? [] : [[`${code}:contains`, escaped(middle)] as [string, string]]),
      ];
    }
    case 'uri':
      return typeof value === 'string'
        ? [
            [code, escaped(value)],
            [`${code}:below`, escaped(value)],
          ]
        : [];
    case 'date':
      // A choice may also hold a text that is no date: "daily".
      if (typeof value !== 'string' || search.parts.calendar.parse(value) === undefined) return [];
      return ['', 'ge', 'le', 'ap'].map((prefix) => [code, prefix + value]);
    case 'number':
      return typeof value === 'number' ? ['', 'ge', 'le'].map((prefix) => [code, `${prefix}${value}`]) : [];
    case 'quantity': {
      const quantity = value as { value?: number; comparator?: string; system?: string; code?: string };
      if (typeof quantity.value !== 'number' || quantity.comparator !== undefined) return [];
      const unit = quantity.system && quantity.code ? `|${escaped(quantity.system)}|${escaped(quantity.code)}` : '';
      return ['', 'ge', 'le'].map((prefix) => [code, `${prefix}${quantity.value}${unit}`]);
    }
    default:
      return [];
  }
}

test.skipIf(!existsSync(folder))('every value of every example is found by its parameter', { timeout: 120_000 }, () => {
  const missed: string[] = [];
  let asked = 0;
  const names = readdirSync(folder)
    .filter((name) => name.endsWith('.json') && name !== 'package.json')
    // Most examples are definitions; a part of them stands for all.
    .filter(
      (name, i) =>
        !/^(StructureDefinition|SearchParameter|ValueSet|CodeSystem|ConceptMap|OperationDefinition)-/.test(name) ||
        i % 20 === 0,
    );
  for (const name of names) {
    const resource = JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as Resource;
    if (typeof resource.resourceType !== 'string' || resource.resourceType === 'Bundle') continue;
    const extracted = search.extract(resource);
    for (const parameter of search.parts.catalog.parameters(resource.resourceType)) {
      const values = parameter.uses.flatMap((use) =>
        use.unit.path
          .read(resource)
          .slice(0, 2)
          .map((value) => ({ use, value })),
      );
      for (const { use, value } of values) {
        if (use.target !== undefined && !pointers(value, undefined).some(({ type }) => type === use.target)) continue;
        for (const [code, text] of sought(parameter, value)) {
          asked++;
          if (!isFound(resource, code, text, extracted)) missed.push(`${name} ${code}=${text.slice(0, 80)}`);
        }
      }
    }
  }
  expect(missed).toEqual([]);
  expect(asked).toBeGreaterThan(20_000);
});

function isFound(resource: Resource, code: string, text: string, extracted: SearchValues): boolean {
  try {
    return finds(search, resource, `${encodeURIComponent(code)}=${encodeURIComponent(text)}`, extracted);
  } catch (error) {
    if (error instanceof Fault) return false;
    throw error;
  }
}
