/** Drills on one node: who may, what is refused, what is away, comes back, and is told. Of whole regions: drill.long.test.ts. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { testNode, type TestNode } from '../../../test/support/node.ts';

let at: TestNode;
beforeAll(async () => {
  at = await testNode('drill');
}, 120_000);
afterAll(async () => at?.stop());

test('beginning a drill is for those who run the node; seeing that one is on, for all who signed in', async () => {
  const body = { scenario: 'sign-in-lost', minutes: 5 };
  expect((await at.ask('POST', '/api/drill', { body })).status).toBe(401);
  for (const as of ['nurse', 'youngMother', 'hospitalDoctor'])
    expect((await at.ask('POST', '/api/drill', { as, body })).status).toBe(403);
  expect((await at.ask('GET', '/api/drill')).status).toBe(401);
  const { body: state } = await at.ask('GET', '/api/drill', { as: 'youngMother' });
  expect(state.drill).toBeUndefined();
  expect(state.scenarios.map((one: any) => [one.scenario, one.elsewhere !== undefined])).toEqual([
    ['archive-lost', false],
    ['hospital-network-lost', true],
    ['region-lost', false],
    ['sign-in-lost', false],
  ]);
  expect((await at.ask('GET', '/api/drill/list', { as: 'youngMother' })).status).toBe(403);
  expect((await at.ask('GET', '/api/drill/none', { as: 'nurse' })).status).toBe(404);
});

test('what this node can not practise, a time without end, and what is no scenario are refused', async () => {
  const begin = (body: object): Promise<{ status: number; body: any }> =>
    at.ask('POST', '/api/drill', { as: 'operator', body });
  expect(await begin({ scenario: 'hospital-network-lost' })).toMatchObject({ status: 409 });
  expect((await begin({ scenario: 'region-lost' })).body.problem).toMatch(/no node below/);
  for (const minutes of [0, 241, 1.5, 'long'])
    expect((await begin({ scenario: 'sign-in-lost', minutes })).status).toBe(400);
  expect((await begin({ scenario: 'power-lost' })).status).toBe(400);
  expect((await at.ask('GET', '/api/drill', { as: 'nurse' })).body.drill).toBeUndefined();
});

test('while something is lost in earnest there is no drill', async () => {
  const begun = await at.ask('POST', '/api/downtime', { as: 'nurse', body: { kind: 'other', reason: 'It is down' } });
  const drill = await at.ask('POST', '/api/drill', { as: 'operator', body: { scenario: 'sign-in-lost' } });
  expect([drill.status, drill.body.problem]).toEqual([409, expect.stringMatching(/in earnest/)]);
  await at.ask('POST', `/api/downtime/${begun.body.downtime.id}/dismiss`, { as: 'nurse', body: { words: 'it is up' } });
});

test('sign-in lost: new sign-ins get no further, the banner says it is a drill, and after its end all is as before', async () => {
  const begun = await at.ask('POST', '/api/drill', {
    as: 'operator',
    body: { scenario: 'sign-in-lost', minutes: 5, words: 'The half-yearly one' },
  });
  expect([begun.status, begun.body.drill.state]).toEqual([201, 'running']);
  const { id } = begun.body.drill;
  expect((await at.ask('POST', '/api/drill', { as: 'operator', body: { scenario: 'archive-lost' } })).status).toBe(409);
  const banner = (await at.ask('GET', '/api/downtime', { as: 'nurse' })).body;
  expect(banner.drill).toMatchObject({ id, scenario: 'sign-in-lost', title: { nn: 'Innlogginga er borte' } });
  const starting = async (): Promise<number> =>
    (await fetch(`${at.url}/sign-in/start?issuer=trial`, { redirect: 'manual' })).status;
  expect(await starting()).toBe(503);

  const declared = await at.ask('POST', '/api/downtime', {
    as: 'nurse',
    body: { kind: 'sign-in', reason: 'Nobody gets in' },
  });
  const downtime = declared.body.downtime.id;
  await at.ask('POST', `/api/downtime/${downtime}/declare`, { as: 'nurse', body: {} });
  expect((await at.ask('GET', '/api/downtime', { as: 'nurse' })).body.downtime.isDrill).toBe(true);
  expect(
    (await at.ask('POST', `/api/drill/${id}/note`, { as: 'nurse', body: { words: '<b>Keys</b> found' } })).status,
  ).toBe(200);
  expect((await at.ask('POST', `/api/drill/${id}/end`, { as: 'youngMother', body: {} })).status).toBe(403);
  expect((await at.ask('POST', `/api/drill/${id}/end`, { as: 'nurse', body: {} })).body.drill.state).toBe('ended');

  expect((await at.ask('GET', '/api/downtime', { as: 'nurse' })).body).toEqual({ node: 'test' });
  expect((await at.ask('GET', `/api/downtime/${downtime}`, { as: 'nurse' })).body.downtime.state).toBe('ended');
  expect(await starting()).not.toBe(503);
  const report = (await at.ask('GET', `/api/drill/${id}/report`, { as: 'nurse' })).body;
  expect(report.declaredAfterMs).toBeGreaterThanOrEqual(0);
  expect(report.tasks.slice(1).map((task: any) => [task.code, task.isDone])).toEqual([
    ['declare', true],
    ['key', false],
    ['write', false],
  ]);
  expect(report.doings.people).toBeGreaterThanOrEqual(2);
  const html = (await at.ask('GET', `/api/drill/${id}/report?format=html&language=nn`, { as: 'nurse' })).text;
  expect(html).toContain('Dette var ei øving');
  expect(html).not.toContain('<b>Keys');
  const log = await at.db<{ content: string }[]>`select content from access_entry`;
  for (const step of ['begin', 'note', 'end'])
    expect(log.some(({ content }) => content.includes(`drill: ${step}`))).toBe(true);
});

test('archive lost: what was kept before can not be opened and nothing is told as safe; new is kept; then all opens', async () => {
  const { blobs } = at.node;
  const old = await blobs.put(undefined, [Buffer.from('an old image')]);
  const begun = await at.ask('POST', '/api/drill', { as: 'operator', body: { scenario: 'archive-lost', minutes: 5 } });
  await expect(blobs.open(undefined, old.sha256)).rejects.toThrow(/archive does not answer/);
  const fresh = await blobs.put(undefined, [Buffer.from('a new image')]);
  expect(await textOf(await blobs.open(undefined, fresh.sha256))).toBe('a new image');
  await at.ask('POST', `/api/drill/${begun.body.drill.id}/end`, { as: 'operator', body: {} });
  expect(await textOf(await blobs.open(undefined, old.sha256))).toBe('an old image');
});

async function textOf(content: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of content) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

/** `fyr …` on a node, as its operator types it; ended by Ctrl-C. */
