import { expect, test } from 'vitest';
import type { Resource } from '#fhir/types.ts';
import { regionItems } from './index.ts';

type Place = { location: { reference: string; display?: string }; period?: { start: string; end?: string } };

/** Everybody's times in beds and rooms, by the place. */
function placesOf(residents: number): Map<string, { from: string; to: string; patient: string }[]> {
  const places = new Map<string, { from: string; to: string; patient: string }[]>();
  const last = '2027-12-31';
  for (const { resources } of regionItems({ residents, seed: 'beds', today: '2026-11-23', now: '2027-05-22T23:00' })) {
    for (const encounter of resources.filter(isStay)) {
      const patient = (encounter['subject'] as { reference: string }).reference;
      for (const { location, period } of encounter['location'] as Place[]) {
        if (!period || !/seng [AB]|rom \d/.test(location.display ?? '')) continue;
        const stays = places.get(location.reference) ?? [];
        stays.push({ from: period.start, to: period.end ?? last, patient });
        places.set(location.reference, stays);
      }
    }
  }
  return places;
}

const isStay = ({ resourceType, class: kind }: Resource): boolean =>
  resourceType === 'Encounter' && (kind as { code: string }).code === 'IMP';

test('never lays two in one bed at a time, in large regions neither', () => {
  const places = placesOf(1500);
  expect(places.size).toBeGreaterThan(100);
  for (const [place, stays] of places) {
    stays.sort((a, b) => (a.from < b.from ? -1 : 1));
    for (let at = 1; at < stays.length; at++) {
      const [before, after] = [stays[at - 1]!, stays[at]!];
      expect(before.to <= after.from || before.patient === after.patient, `${place}: ${before.to}, ${after.from}`).toBe(
        true,
      );
    }
  }
}, 120_000);

test('books nobody with a doctor who sees another', () => {
  const booked = new Map<string, string>();
  let twice = 0;
  let all = 0;
  for (const { resources } of regionItems({ residents: 1000, seed: 'calendar', today: '2026-11-23' })) {
    for (const { resourceType, status, start, schedule } of resources) {
      if (resourceType !== 'Slot' || status !== 'busy') continue;
      const key = `${(schedule as { reference: string }).reference} ${String(start)}`;
      all++;
      if (booked.has(key)) twice++;
      booked.set(key, key);
    }
  }
  expect(all).toBeGreaterThan(200);
  expect(twice).toBe(0);
});
