import { expect, test } from 'vitest';
import type { Resource } from '../types.ts';
import type { Query } from './index.ts';
import { icd10, icpc2, terminology, withSource, record, out, faultOf } from './terminology-for-test.ts';

test('$translate goes both ways, and says what did not translate', async () => {
  const map: Resource = {
    resourceType: 'ConceptMap',
    url: 'urn:map',
    status: 'active',
    group: [
      {
        source: icpc2,
        target: icd10,
        element: [
          { code: 'T90', target: [{ code: 'E11', equivalence: 'wider' }] },
          { code: 'A03', target: [{ equivalence: 'unmatched' }] },
        ],
        unmapped: { mode: 'fixed', code: 'R69', display: 'Ukjent' },
      },
    ],
  };
  const from = withSource(record(map));
  const match = async (query: Query) => {
    const answer = await from.translate(query);
    return { result: out(answer, 'result'), match: answer.parameter?.find((each) => each.name === 'match')?.part };
  };
  const forward = await match({ url: 'urn:map', system: icpc2, code: 'T90' });
  expect(forward).toMatchObject({
    result: true,
    match: [{ valueCode: 'wider' }, { valueCoding: { system: icd10, code: 'E11' } }, { valueUri: 'urn:map' }],
  });
  const back = await match({ system: icd10, code: 'E11', reverse: 'true' });
  expect(back).toMatchObject({
    result: true,
    match: [{ valueCode: 'narrower' }, { valueCoding: { system: icpc2, code: 'T90' } }, {}],
  });
  expect(await match({ url: 'urn:map', system: icpc2, code: 'A03' })).toMatchObject({ result: false });
  expect(await match({ url: 'urn:map', system: icpc2, code: 'K75' })).toMatchObject({
    result: true,
    match: [{ valueCode: 'inexact' }, { valueCoding: { code: 'R69' } }, {}],
  });
  expect(await match({ system: 'urn:none', code: 'x' })).toMatchObject({ result: false });
  expect(await faultOf(from.translate({ url: 'urn:none', code: 'x' }))).toBe('notFound');
});

test('$translate uses the maps of the standard', async () => {
  const answer = await terminology.translate({ system: 'http://hl7.org/fhir/address-use', code: 'home' });
  expect(out(answer, 'result')).toBe(true);
});
