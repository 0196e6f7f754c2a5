import { expect, test } from 'vitest';
import { allSay, cut, twoHospitals, waitMs } from '../conflicts/hospitals-for-test.ts';
import type { TestNode } from '../line/region-for-test.ts';

const limitMs = 480_000;

test(
  'a stay is written by the node that has it: others are refused with who has it, until it is passed, seized at the bedside, or given back',
  async () => {
    const { region, siteA, lineA, patient } = await twoHospitals('custody', { sites: 1 });
    const { body: found } = await region.ask('GET', `Encounter?patient=${patient}&status=in-progress`);
    const stay = found.entry[0].resource;
    const address = `/api/continuity/encounters/${stay.id}/custody`;
    const act = (node: TestNode, as: string, body: object) => node.askAs(as, 'POST', address, body);
    const standing = async (node: TestNode): Promise<any> => (await node.askAs('nurse', 'GET', address)).body;
    const change = async (node: TestNode, text: string) => {
      const { body } = await node.ask('GET', `Encounter/${stay.id}`);
      return node.askAs('nurse', 'PUT', `/fhir/Encounter/${stay.id}`, { ...body, reasonCode: [{ text }] });
    };

    expect(await standing(siteA)).toMatchObject({ mayWriteHere: true, here: 'site-a', acts: ['take'], history: [] });
    expect((await change(region, 'nobody was named')).status).toBe(200);
    for (const [as, body, status] of [
      ['oldManWithEverything', { act: 'take' }, 403],
      ['operator', { act: 'take' }, 403],
      ['midwife', { act: 'take' }, 404],
      ['nurse', { act: 'grab' }, 400],
      ['nurse', { act: 'seize' }, 400],
      ['nurse', { act: 'pass' }, 400],
      ['nurse', { act: 'pass', to: 'region' }, 409],
      ['nurse', { act: 'seize', reason: 'nobody has it' }, 409],
    ] as const)
      expect((await act(siteA, as, body)).status, `${as} ${JSON.stringify(body)}`).toBe(status);

    const taken = await act(siteA, 'nurse', { act: 'take' });
    expect(taken.body, taken.text).toMatchObject({
      holder: 'site-a',
      mayWriteHere: true,
      acts: ['pass'],
      nodes: ['region'],
    });
    await expect.poll(async () => (await standing(region)).holder, waitMs).toBe('site-a');

    const refused = await change(region, 'from elsewhere');
    expect(refused.status, refused.text).toBe(409);
    expect(refused.body.issue[0]).toMatchObject({ severity: 'error', code: 'lock-error' });
    expect(refused.body.issue[0].diagnostics).toMatch(/site-a .*seize/);
    const bundle = {
      resourceType: 'Bundle',
      type: 'transaction',
      entry: [{ resource: stay, request: { method: 'PUT', url: `Encounter/${stay.id}` } }],
    };
    expect((await region.askAs('nurse', 'POST', '/fhir', bundle)).status).toBe(409);
    expect((await change(siteA, 'here')).status).toBe(200);
    const { body: basic } = await siteA.ask('GET', `Basic?patient=${patient}&code=encounter-custody`);
    const own = basic.entry[0].resource;
    const byHand = await region.askAs('nurse', 'PUT', `/fhir/Basic/${own.id}`, own);
    expect(byHand.status, byHand.text).toBe(403);

    const passed = await act(siteA, 'nurse', { act: 'pass', to: 'region' });
    expect(passed.body, passed.text).toMatchObject({ holder: 'region', mayWriteHere: false, acts: ['seize'] });
    expect((await act(siteA, 'nurse', { act: 'pass', to: 'nowhere' })).status).toBe(409);
    await expect.poll(async () => (await standing(region)).acts, waitMs).toEqual(['pass', 'return']);
    expect((await act(region, 'nurse', { act: 'pass', to: 'nowhere' })).status).toBe(400);
    await act(region, 'nurse', { act: 'return' });
    await expect.poll(async () => (await standing(siteA)).mayWriteHere, waitMs).toBe(true);

    await cut(lineA, siteA);
    const reason = 'The patient was moved to us, and the hospital is cut off';
    const seized = await act(region, 'hospitalDoctor', { act: 'seize', reason });
    expect(seized.body, seized.text).toMatchObject({
      holder: 'region',
      isSeized: true,
      last: { reason, from: 'site-a' },
    });
    expect((await change(region, 'after it was seized')).status).toBe(200);
    lineA.restore();
    await expect.poll(async () => (await standing(siteA)).holder, waitMs).toBe('region');
    expect((await change(siteA, 'too late')).status).toBe(409);
    expect((await standing(siteA)).history.map((step: any) => step.act)).toEqual(['seize', 'return', 'pass', 'take']);
    const returned = await act(region, 'hospitalDoctor', { act: 'return' });
    expect(returned.body, returned.text).toMatchObject({ holder: 'site-a', isSeized: false });
    await expect.poll(async () => (await standing(siteA)).mayWriteHere, waitMs).toBe(true);
  },
  limitMs,
);

test(
  'seized on both sides of a cut, a stay is a conflict in front of a person, and so is what both wrote of it',
  async () => {
    const { region, siteA, lineA, siteB, lineB, patient } = await twoHospitals('seized');
    if (siteB === undefined || lineB === undefined) throw new Error('there are two');
    const nodes = [region, siteA, siteB];
    const { body: found } = await region.ask('GET', `Encounter?patient=${patient}&status=in-progress`);
    const stay = found.entry[0].resource;
    const address = `/api/continuity/encounters/${stay.id}/custody`;
    const standing = async (node: TestNode): Promise<any> => (await node.askAs('nurse', 'GET', address)).body;
    expect((await region.askAs('nurse', 'POST', address, { act: 'take' })).status).toBe(200);
    for (const node of nodes) await expect.poll(async () => (await standing(node)).holder, waitMs).toBe('region');
    await cut(lineA, siteA);
    await cut(lineB, siteB);
    for (const site of [siteA, siteB]) {
      const seized = await site.askAs('nurse', 'POST', address, { act: 'seize', reason: `here at ${site.name}` });
      expect(seized.status, seized.text).toBe(200);
      const body = { ...stay, reasonCode: [{ text: `written at ${site.name}` }] };
      expect((await site.askAs('nurse', 'PUT', `/fhir/Encounter/${stay.id}`, body)).status).toBe(200);
    }
    lineA.restore();
    lineB.restore();
    const list = async (node: TestNode): Promise<any[]> =>
      (await node.askAs('nurse', 'GET', '/api/continuity/conflicts')).body.conflicts ?? [];
    for (const node of nodes)
      await expect
        .poll(async () => (await list(node)).map(({ kind, type }: any) => `${kind} ${type}`).toSorted(), waitMs)
        .toEqual(['custody Basic', 'fact Encounter']);
    const refused = await siteA.askAs('nurse', 'POST', address, { act: 'seize', reason: 'again' });
    expect(refused.status, refused.text).toBe(409);
    const custody = (await list(siteA)).find(({ kind }: any) => kind === 'custody');
    expect((await standing(siteA)).conflict).toBe(custody.id);
    const byHand = await siteA.ask('GET', `Task/${custody.id}`);
    const closing = { ...byHand.body, status: 'completed' };
    expect((await siteA.askAs('nurse', 'PUT', `/fhir/Task/${custody.id}`, closing)).status).toBe(409);

    const decide = async (node: TestNode, id: string) => {
      const { sides } = (await node.askAs('nurse', 'GET', `/api/continuity/conflicts/${id}`)).body;
      const choose = sides.find((side: any) => side.node === 'site-b').versionId;
      const body = { versions: sides.map((side: any) => side.versionId), choose, reason: 'the patient is at B' };
      return node.askAs('nurse', 'POST', `/api/continuity/conflicts/${id}/resolve`, body);
    };
    // Who writes it is decided anywhere, what stands in it where it is written.
    const [fact] = (await list(siteA)).filter(({ kind }: any) => kind === 'fact');
    const decided = await decide(siteA, custody.id);
    expect(decided.status, decided.text).toBe(200);
    for (const node of nodes) await expect.poll(async () => (await standing(node)).holder, waitMs).toBe('site-b');
    expect((await decide(siteA, fact.id)).status).toBe(409);
    const written = await decide(siteB, fact.id);
    expect(written.status, written.text).toBe(200);
    for (const node of nodes) await expect.poll(async () => (await list(node)).length, waitMs).toBe(0);
    const text = await allSay(nodes, `Encounter/${stay.id}`, (body) => body.reasonCode?.[0]?.text);
    expect(text).toBe('written at site-b');
  },
  limitMs,
);
