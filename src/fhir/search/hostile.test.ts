/** Resources made to be dear or odd: extraction takes them in stride. */
import { expect, test } from 'vitest';
import type { Resource } from '../types.ts';
import { finds, searchForTest } from './search-for-test.ts';

const search = searchForTest();

test('values of the wrong shape are passed over', () => {
  const odd = {
    resourceType: 'Observation',
    id: 'odd',
    code: 'text',
    subject: [{ reference: 5 }, null, 'Patient/1'],
    effectiveDateTime: 20_240_101,
    effectivePeriod: { start: 'soon' },
    valueQuantity: { value: 'much', unit: {} },
    component: [null, 5, { code: null, valueSampledData: { data: 'E U L 5', factor: 'x' } }],
    category: { coding: [null, { code: 5 }] },
    text: { div: 5 },
    meta: 'x',
  } as unknown as Resource;
  expect(search.extract(odd).tokens.length).toBeGreaterThan(0);
});

test('fifty thousand components cost no square', () => {
  const component = Array.from({ length: 50_000 }, (_none, i) => ({
    code: { coding: [{ code: `c${i}` }] },
    valueQuantity: { value: i },
  }));
  const began = performance.now();
  expect(search.extract({ resourceType: 'Observation', id: 'many', status: 'final', component }).rangeKeys.length).toBe(
    50_000,
  );
  expect(performance.now() - began).toBeLessThan(5000);
});

test('a long text is found whole, by its start, its middle and its end', () => {
  const valueString = `${'lang tekst om det ene og det andre '.repeat(30_000)}slutten`;
  const resource: Resource = { resourceType: 'Observation', id: 'long', status: 'final', valueString };
  for (const [text, found] of [
    ['value-string=lang tek', true],
    ['value-string:contains=andre slutt', true],
    ['value-string:contains=begynnelsen', false],
    ['_content=slutten', true],
  ] as const) {
    expect(finds(search, resource, text)).toBe(found);
  }
});

test('more words than are kept are still found', () => {
  const words = Array.from({ length: 600 }, (_none, i) => `ord${i.toString(36)}x`);
  const resource: Resource = {
    resourceType: 'Observation',
    id: 'words',
    status: 'final',
    note: [{ text: words.join(' ') }],
  };
  expect(search.extract(resource).tokens.length).toBeLessThan(100);
  expect(finds(search, resource, `_content=${words[500]}`)).toBe(true);
  expect(finds(search, resource, '_content=finnesikke')).toBe(false);
});

test('two hundred thousand events of a Timing are one interval', () => {
  const event = Array.from({ length: 200_000 }, () => '2024-05-01');
  const resource: Resource = {
    resourceType: 'ServiceRequest',
    id: 't',
    status: 'active',
    intent: 'order',
    occurrenceTiming: { event },
  };
  expect(finds(search, resource, 'occurrence=2024-05-01')).toBe(true);
});
