import fc from 'fast-check';
import { expect, test } from 'vitest';
import { contactOf, isOwn, kindNames, measuredIn, measuredKinds, measuredOf } from './own.ts';

test('what is no measurement is not taken for one', () => {
  const [weight] = measuredKinds.weight;
  for (const typed of [undefined, '', ' ', 'abc', '-70', '0', '501', '70,55', '1e2', '7 0']) {
    expect(measuredIn(typed, weight)).toBeUndefined();
  }
  expect(measuredIn('70,5', weight)).toBe(70.5);
  expect(measuredIn(' 70.5 ', weight)).toBe(70.5);
  fc.assert(fc.property(fc.string(), (typed) => (measuredIn(typed, weight) ?? 1) > 0));
});

test('each kind becomes one observation that says who measured, and that it was the citizen', () => {
  for (const kind of kindNames) {
    const values = Object.fromEntries(measuredKinds[kind].map(({ name, least }) => [name, least]));
    const made = measuredOf(kind, values, { patient: 'kari', speaker: 'mor', at: '2026-11-23T10:00:00Z' });
    expect(made).toHaveLength(1);
    expect(made[0]).toMatchObject({
      subject: { reference: 'Patient/kari' },
      performer: [{ reference: 'Patient/mor' }],
    });
    expect(isOwn(made[0]!)).toBe(true);
  }
});

test('somebody to call has no number and no role', () => {
  const contact = contactOf('kari', { name: ' Anne ', relation: '', phone: '900 00 000' });
  expect(contact).toMatchObject({ name: [{ text: 'Anne' }], telecom: [{ value: '900 00 000' }] });
  expect(contact.identifier).toBeUndefined();
  expect(contact.relationship).toBeUndefined();
});
