/** Which dose of an order it is that is given now. */
import { expect, test } from 'vitest';
import { doseSlotOf } from './dose-slot.ts';

const atEightAndTwenty = [
  { timing: { repeat: { frequency: 2, period: 1, periodUnit: 'd', timeOfDay: ['08:00:00', '20:00:00'] } } },
] as const;
const slotAt = (time: string): string | undefined => {
  const slot = doseSlotOf(structuredClone(atEightAndTwenty) as never, Date.parse(time));
  return slot === undefined ? undefined : new Date(slot).toISOString();
};

test('a dose a little early, or some hours late, is that of its time; between the times it is of none', () => {
  expect(slotAt('2026-11-23T06:30:00Z')).toBe('2026-11-23T07:00:00.000Z');
  expect(slotAt('2026-11-23T07:00:00Z')).toBe('2026-11-23T07:00:00.000Z');
  expect(slotAt('2026-11-23T10:00:00Z')).toBe('2026-11-23T07:00:00.000Z');
  expect(slotAt('2026-11-23T18:30:00Z')).toBe('2026-11-23T19:00:00.000Z');
  expect(slotAt('2026-11-23T13:00:00Z')).toBeUndefined();
});

test('what is given when needed, by rate, or at times that the order does not say is of no time', () => {
  const now = Date.parse('2026-11-23T08:00:00Z');
  expect(doseSlotOf([{ asNeededBoolean: true }], now)).toBeUndefined();
  expect(doseSlotOf([{ doseAndRate: [{ rateQuantity: { value: 1 } }] }], now)).toBeUndefined();
  expect(doseSlotOf([{ text: 'twice a day' }], now)).toBeUndefined();
  expect(doseSlotOf([], now)).toBeUndefined();
});
