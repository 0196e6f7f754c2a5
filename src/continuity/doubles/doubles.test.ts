import { expect, test } from 'vitest';
import { cut, twoHospitals, waitMs } from '../conflicts/hospitals-for-test.ts';
import type { TestNode } from '../line/region-for-test.ts';
import { doseSlotExtension, emergencyTag, requestTag } from '../node/claims.ts';

const limitMs = 480_000;
const base = '/api/continuity/doubles';

test(
  'what its home decides is refused elsewhere with what to do; done cut off as an emergency and done at home, both are kept, and a person settles it for all nodes',
  async () => {
    const { region, siteA, lineA, patient } = await twoHospitals('doubles', { sites: 1 });
    const subject = { reference: `Patient/${patient}` };
    const medicine = { medicationCodeableConcept: { text: 'morphine' } };
    const ordered = { resourceType: 'MedicationRequest', status: 'active', intent: 'order', subject, ...medicine };
    const order = await region.make(ordered);
    await expect.poll(async () => (await siteA.ask('GET', `MedicationRequest/${order.id}`)).status, waitMs).toBe(200);
    const prescription = { reference: `MedicationRequest/${order.id}` };
    const dispense = (...tag: object[]): object => ({
      resourceType: 'MedicationDispense',
      ...(tag.length === 0 ? {} : { meta: { tag } }),
      status: 'completed',
      ...medicine,
      subject,
      authorizingPrescription: [prescription],
    });
    const dose = (at: string): object => ({
      resourceType: 'MedicationAdministration',
      extension: [{ url: doseSlotExtension, valueInstant: at }],
      status: 'completed',
      ...medicine,
      subject,
      request: prescription,
      effectiveDateTime: at,
    });
    const send = (node: TestNode, resource: object) =>
      node.askAs('nurse', 'POST', `/fhir/${(resource as { resourceType: string }).resourceType}`, resource);

    // The line is there: the home is asked.
    const refused = await send(siteA, dispense());
    expect(refused.status, refused.text).toBe(409);
    expect(refused.text).toMatch(/region decides.*claim-request.*emergency/);
    const asked = await send(siteA, dispense(requestTag));
    expect(asked.status, asked.text).toBe(201);
    const statusAt = async (node: TestNode): Promise<string> =>
      (await node.ask('GET', `MedicationDispense/${asked.body.id}`)).body.status;
    await expect.poll(() => statusAt(siteA), waitMs).toBe('in-progress');
    const taken = await send(siteA, dispense(emergencyTag));
    expect(taken.status, 'known to be done').toBe(409);

    // Cut off.
    await cut(lineA, siteA);
    const at = '2026-11-23T20:00:00Z';
    expect((await send(siteA, dose(at))).status).toBe(201);
    expect((await send(siteA, dose(at))).status, 'once at a node').toBe(409);
    const elsewhere = await send(region, dose(at));
    expect(elsewhere.status, elsewhere.text).toBe(201);
    lineA.restore();

    const list = async (node: TestNode, as = 'nurse'): Promise<any[]> => {
      const { body } = await node.askAs(as, 'GET', `${base}?patient=${patient}`);
      return body.doubles ?? [];
    };
    for (const node of [region, siteA]) await expect.poll(async () => (await list(node)).length, waitMs).toBe(1);
    const [double] = await list(siteA);
    expect(double).toMatchObject({
      kind: 'dose',
      state: 'open',
      patient: { id: patient },
      owner: { kind: 'department' },
    });
    expect(new Set(double.candidates.map(({ node }: any) => node))).toEqual(new Set(['region', 'site-a']));
    for (const node of [region, siteA])
      await expect.poll(async () => (await node.ask('GET', `Task/${double.id}`)).body.status, waitMs).toBe('requested');
    const { body: task } = await siteA.ask('GET', `Task/${double.id}`);
    expect(task.owner.reference).toMatch(/^Organization\//);

    const settle = (as: string, body: object) => siteA.askAs(as, 'POST', `${base}/${double.id}/settle`, body);
    const reason = 'Given once, at the ward; the other was entered from memory';
    const mistaken = `MedicationAdministration/${elsewhere.body.id}`;
    expect((await settle('oldManWithEverything', { outcome: 'both-happened', reason })).status).toBe(403);
    expect((await settle('midwife', { outcome: 'both-happened', reason })).status).toBe(404);
    expect((await settle('nurse', { outcome: 'one-mistaken', reason })).status).toBe(400);
    const wrong = { outcome: 'one-mistaken', mistaken: `MedicationRequest/${order.id}`, reason };
    expect((await settle('nurse', wrong)).status).toBe(400);
    const settled = await settle('nurse', { outcome: 'one-mistaken', mistaken, reason });
    expect(settled.status, settled.text).toBe(200);
    expect(settled.body).toMatchObject({ state: 'closed', resolution: { reason } });
    expect((await settle('nurse', { outcome: 'both-happened', reason })).status).toBe(409);
    for (const node of [region, siteA]) {
      await expect.poll(async () => (await node.ask('GET', mistaken)).body.status, waitMs).toBe('entered-in-error');
      await expect.poll(async () => (await node.ask('GET', `Task/${double.id}`)).body.status, waitMs).toBe('completed');
      expect(await list(node)).toEqual([]);
    }
  },
  limitMs,
);
