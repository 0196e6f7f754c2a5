import { expect, test } from 'vitest';
import { testRegion, type TestNode, type TestRegion } from './region-for-test.ts';

const limitMs = 60_000;
const hospital = 'Organization/hospital-a';

async function withHospital(name: string): Promise<TestRegion> {
  const made = await testRegion(name);
  await made.region.ask('PUT', hospital, { resourceType: 'Organization', id: 'hospital-a', name: 'A' });
  const ward = { resourceType: 'Organization', id: 'department', name: 'B', partOf: { reference: hospital } };
  await made.region.ask('PUT', 'Organization/department', ward);
  return made;
}

const active = {
  coding: [{ system: 'http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical', code: 'active' }],
};

const admitted = (patient: string): object => ({
  resourceType: 'Encounter',
  status: 'in-progress',
  class: { code: 'IMP' },
  subject: { reference: `Patient/${patient}` },
  serviceProvider: { reference: 'Organization/department' },
});

const observed = (patient: string, text: string): object => ({
  resourceType: 'Observation',
  status: 'final',
  subject: { reference: `Patient/${patient}` },
  code: { text },
});

async function texts(node: TestNode, patient: string): Promise<string[]> {
  const { body } = await node.ask('GET', `Observation?patient=${patient}&_count=500`);
  return (body.entry ?? []).map((e: any) => `${e.resource.meta.versionId} ${e.resource.code.text}`).sort();
}

test(
  'a site joins and holds who is admitted whole; what either writes is read at the other; cut and restored, both agree',
  async () => {
    const { region, join } = await withHospital('whole');
    const patient = await region.make({ resourceType: 'Patient', name: [{ family: 'Innlagt' }] });
    const other = await region.make({ resourceType: 'Patient', name: [{ family: 'Annen' }] });
    await region.make(admitted(patient.id));
    const before = await region.make(observed(patient.id, 'before'));
    const elsewhere = await region.make(observed(other.id, 'elsewhere'));
    const { joined: site, line } = await join('site-a', [hospital]);

    expect((await site.ask('GET', `Observation/${before.id}`)).body).toEqual(before);
    expect((await site.ask('GET', `Observation/${elsewhere.id}`)).status).toBe(404);
    expect((await site.ask('GET', `Patient/${other.id}`)).status).toBe(200);

    const above = await region.make(observed(patient.id, 'above'));
    await expect.poll(async () => (await site.ask('GET', `Observation/${above.id}`)).body).toEqual(above);
    const below = await site.make(observed(patient.id, 'below'));
    await expect.poll(async () => (await region.ask('GET', `Observation/${below.id}`)).body).toEqual(below);
    expect((await site.ask('GET', `Observation/${above.id}/_history/1-region`)).status).toBe(200);

    const allergy = await region.make({
      resourceType: 'AllergyIntolerance',
      clinicalStatus: active,
      patient: { reference: `Patient/${patient.id}` },
      code: { text: 'penicillin' },
    });
    await expect.poll(async () => (await site.ask('GET', `AllergyIntolerance/${allergy.id}`)).status).toBe(200);

    line.cut();
    await expect.poll(async () => (await site.node.line?.summary())?.isCutOff, { timeout: 10_000 }).toBe(true);
    for (let i = 0; i < 10; i++) {
      await region.make(observed(patient.id, `region ${i}`));
      await site.make(observed(patient.id, `site ${i}`));
    }
    const changed = (note: string): object => ({ ...allergy, note: [{ text: note }] });
    expect((await region.ask('PUT', `AllergyIntolerance/${allergy.id}`, changed('at the region'))).status).toBe(200);
    expect((await site.ask('PUT', `AllergyIntolerance/${allergy.id}`, changed('at the site'))).status).toBe(200);
    expect(await texts(site, patient.id)).toHaveLength(13);
    line.restore();

    await expect.poll(() => texts(site, patient.id), { timeout: 20_000 }).toHaveLength(23);
    await expect.poll(() => texts(region, patient.id), { timeout: 20_000 }).toHaveLength(23);
    expect(await texts(site, patient.id)).toEqual(await texts(region, patient.id));
    for (const node of [region, site]) {
      const tasks = async (): Promise<string[]> => {
        const { body } = await node.ask('GET', `Task?patient=${patient.id}`);
        return (body.entry ?? []).map((e: any) => e.resource.focus.reference);
      };
      await expect.poll(tasks, { timeout: 10_000 }).toEqual([`AllergyIntolerance/${allergy.id}/_history/2-site-a`]);
      const current = await node.ask('GET', `AllergyIntolerance/${allergy.id}`);
      expect(current.body.note).toEqual([{ text: 'at the region' }]);
    }
    const state = await site.node.line?.state();
    expect(state?.above).toMatchObject({ node: 'region', isConnected: true, backlog: 0, filling: 0, stuck: 0 });
  },
  limitMs,
);
