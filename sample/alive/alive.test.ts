import { beforeAll, expect, test } from 'vitest';
import type { Resource } from '#fhir/types.ts';
import { regionChanges, regionItems, type RegionSettings } from '../index.ts';

const settings: RegionSettings = { residents: 150, seed: 'alive', today: '2026-11-23' };
const moments = ['2026-11-23T10:00', '2026-11-23T16:00', '2026-11-24T10:00', '2026-12-24T10:00'] as const;

const at = (now: string): Map<string, string> =>
  new Map(
    [...regionItems({ ...settings, now })].flatMap(({ resources }) =>
      resources.map((resource) => [`${resource.resourceType}/${resource.id}`, JSON.stringify(resource)] as const),
    ),
  );

let opening: Resource[];

beforeAll(() => {
  opening = [...regionItems({ ...settings, now: moments[0] })].flatMap(({ resources }) => resources);
});

const ofType = (type: string, status?: string): Resource[] =>
  opening.filter(({ resourceType, status: own }) => resourceType === type && (status === undefined || own === status));

test('moving the clock on in one step or in several gives the same records', () => {
  const record = at(moments[0]);
  for (let step = 1; step < moments.length; step++) {
    for (const { changes } of regionChanges(settings, moments[step - 1]!, moments[step]!)) {
      for (const { before, after } of changes) {
        const key = `${after.resourceType}/${after.id}`;
        expect(record.get(key)).toBe(before && JSON.stringify(before));
        record.set(key, JSON.stringify(after));
      }
    }
    expect([...record].toSorted()).toEqual([...at(moments[step]!)].toSorted());
  }
}, 120_000);

test('nothing happens when the clock stands still', () => {
  expect([...regionChanges(settings, moments[1], moments[1])]).toEqual([]);
});

test('tells nothing of what is still to come but plans', () => {
  for (const resource of opening) {
    const period = resource['period'] as { start?: string } | undefined;
    const times = [
      resource['effectiveDateTime'],
      resource['issued'],
      resource['date'],
      resource['recordedDate'],
      resource['authoredOn'],
    ];
    if (resource['status'] !== 'planned') times.push(period?.start);
    for (const time of times)
      if (typeof time === 'string')
        expect(time.slice(0, 16) <= moments[0], `${resource.resourceType} of ${time}`).toBe(true);
  }
});

test('opens with people in hospital, each in a bed of their own, others expected the next day, and samples on their way', () => {
  const admitted = ofType('Encounter', 'in-progress').filter(
    ({ class: kind }) => (kind as { code: string }).code === 'IMP',
  );
  expect(admitted.length).toBeGreaterThan(4);
  const beds = admitted.map(({ location }) => {
    const here = (location as { status: string; location: { reference: string } }[]).find(
      ({ status }) => status === 'active',
    );
    return here!.location.reference;
  });
  expect(new Set(beds).size).toBe(beds.length);
  const tomorrow = ofType('Encounter', 'planned').filter(({ period }) =>
    (period as { start: string }).start.startsWith('2026-11-24'),
  );
  expect(tomorrow.length).toBeGreaterThan(0);
  for (const { id, diagnosis } of admitted) {
    expect(diagnosis).toBeDefined();
    const own = (type: string): Resource[] =>
      ofType(type).filter((resource) =>
        [resource['encounter'], resource['context']].some(
          (reference) => (reference as { reference?: string } | undefined)?.reference === `Encounter/${id}`,
        ),
      );
    expect(own('CarePlan').filter(({ status }) => status === 'active').length).toBeLessThanOrEqual(1);
  }
});
