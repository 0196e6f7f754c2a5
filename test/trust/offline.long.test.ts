/** Access at a site that may be cut off: what was decided elsewhere binds when it has come, and what is done alone is logged, sealed and told. */
import { expect, test } from 'vitest';
import { personnelPersonas } from '#sample/personas.ts';
import { cut, twoHospitals, waitMs } from '../../src/continuity/conflicts/hospitals-for-test.ts';
import type { TestNode } from '../../src/continuity/line/region-for-test.ts';
import { patientOf } from './asking.ts';

const limitMs = 480_000;
const doctor = personnelPersonas.hospitalDoctor.practitionerId;

const reading = async (node: TestNode, as: string, patient: string): Promise<number> =>
  (await node.askAs(as, 'GET', `/fhir/Observation?patient=${patient}&_summary=count`)).status;

test(
  'a block binds at a site within the time of the feed, and one that was set while the site was cut off when it is back; so does a lost authorisation',
  async () => {
    const { region, siteA, lineA, patient } = await twoHospitals('blocks', { sites: 1 });
    const block = (): Promise<any> =>
      region.askAs('oldManWithEverything', 'POST', '/api/control/blocks', { for: { practitioner: doctor } });
    expect(await reading(siteA, 'hospitalDoctor', patient)).toBe(200);
    const first = await block();
    expect(first.status, first.text).toBe(201);
    await expect.poll(() => reading(siteA, 'hospitalDoctor', patient), { timeout: 10_000, interval: 20 }).toBe(403);
    expect(await reading(siteA, 'nurse', patient)).toBe(200);
    await region.askAs('oldManWithEverything', 'DELETE', `/api/control/blocks/${first.body.id}`);
    await expect.poll(() => reading(siteA, 'hospitalDoctor', patient), waitMs).toBe(200);

    await cut(lineA, siteA);
    const second = await block();
    expect(second.status, second.text).toBe(201);
    expect(await reading(region, 'hospitalDoctor', patient)).toBe(403);
    // Nobody can know at the site yet: no more than last known, and no less.
    expect(await reading(siteA, 'hospitalDoctor', patient)).toBe(200);
    lineA.restore();
    await expect.poll(() => reading(siteA, 'hospitalDoctor', patient), waitMs).toBe(403);
    await region.askAs('oldManWithEverything', 'DELETE', `/api/control/blocks/${second.body.id}`);
    await expect.poll(() => reading(siteA, 'hospitalDoctor', patient), waitMs).toBe(200);

    const { body: practitioner } = await region.ask('GET', `Practitioner/${doctor}`);
    await cut(lineA, siteA);
    const ended = { start: '2000-01-01', end: '2026-01-01' };
    const without = {
      ...practitioner,
      qualification: practitioner.qualification.map((q: any) => ({ ...q, period: ended })),
    };
    expect((await region.ask('PUT', `Practitioner/${doctor}`, without)).status).toBe(200);
    await expect.poll(() => reading(region, 'hospitalDoctor', patient), waitMs).toBe(403);
    expect(await reading(siteA, 'hospitalDoctor', patient)).toBe(200);
    lineA.restore();
    await expect.poll(() => reading(siteA, 'hospitalDoctor', patient), waitMs).toBe(403);
    expect(await reading(siteA, 'nurse', patient)).toBe(200);
  },
  limitMs,
);

test(
  'who breaks the glass at a site that is cut off is logged there, and the privacy officer of the region finds the case when the site is back',
  async () => {
    const { region, siteA, lineA } = await twoHospitals('glass', { sites: 1 });
    const patient = patientOf('youngMother');
    await cut(lineA, siteA);
    expect((await siteA.askAs('hospitalDoctor', 'GET', `/fhir/AllergyIntolerance?patient=${patient}`)).status).toBe(
      403,
    );
    const reason = 'Funnet bevisstløs, allergier må avklares';
    const broken = await siteA.askAs('hospitalDoctor', 'POST', '/api/control/break-glass', { patient, reason });
    expect(broken.status, broken.text).toBe(201);
    expect((await siteA.askAs('hospitalDoctor', 'GET', `/fhir/AllergyIntolerance?patient=${patient}`)).status).toBe(
      200,
    );
    expect((await siteA.askAs('nurse', 'GET', `/fhir/AllergyIntolerance?patient=${patient}`)).status).toBe(403);
    const cases = async (node: TestNode): Promise<any[]> =>
      ((await node.askAs('privacyOfficer', 'GET', '/api/control/cases')).body.cases ?? []).filter(
        (one: any) => one.patient === patient && one.message === reason,
      );
    expect(await cases(region)).toEqual([]);
    expect(await cases(siteA)).toHaveLength(1);
    const mine = async (node: TestNode): Promise<string[]> =>
      (await node.askAs('youngMother', 'GET', '/api/log/mine')).body.lines.map((line: any) => line.action.code);
    expect(await mine(siteA)).toContain('break-glass');
    lineA.restore();
    await expect.poll(async () => (await cases(region)).length, waitMs).toBe(1);
    const [found] = await cases(region);
    expect(found).toMatchObject({ kind: 'break-glass', status: 'open', who: { name: 'Ingrid Bergvik' } });
    expect((await region.askAs('hospitalDoctor', 'GET', `/fhir/Condition?patient=${patient}`)).status).toBe(200);

    // The log of what was done alone arrives at the region, as it was sealed at the site, and the patient reads it there.
    await expect.poll(() => mine(region), waitMs).toContain('break-glass');
    const { lines } = (await region.askAs('youngMother', 'GET', '/api/log/mine')).body;
    const [glass] = lines.filter((line: any) => line.action.code === 'break-glass');
    expect(glass).toMatchObject({ node: 'site-a', isEmergency: true, who: { name: 'Ingrid Bergvik' } });
    const officer = await region.askAs('privacyOfficer', 'GET', `/api/log/search?patient=${patient}`);
    expect(officer.body.entries.filter((entry: any) => entry.node === 'site-a').length).toBeGreaterThan(2);
  },
  limitMs,
);
