import { afterAll, beforeAll, expect, test } from 'vitest';
import { personaEntries } from '#sample/persona-entries.ts';
import { testNode, type TestNode } from '../../../test/support/node.ts';
import { createModelKeeping } from './index.ts';

const oldMan = personaEntries().find(({ key }) => key === 'oldManWithEverything')?.patient as string;
const operation =
  'OPERASJONSBESKRIVELSE\nOperatør: overlege Lie\nKnivstart: 09:10. Knivslutt: 10:05\nOperasjonsforløp: Steril vask og tildekking. Hudsnitt, fascien lukkes med Vicryl, huden med stifter.\nAnestesi: Generell anestesi, propofol. Blødning: 50 ml.';
const unclear = 'Vedlegg\nSe andre siden. Mvh';

let at: TestNode;
beforeAll(async () => {
  at = await testNode('classification');
}, 120_000);
afterAll(async () => at?.stop());

/** As a scanner would: text, and no word of what it is. */
async function sendIn(text: string): Promise<{ id: string; type?: { code: string }; typeBy: string }> {
  const answer = await fetch(`${at.url}/api/documents`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${await at.tokenOf('hospitalDoctor')}`,
      'content-type': 'text/plain',
      'fyr-document': encodeURIComponent(JSON.stringify({ patient: oldMan })),
    },
    body: text,
  });
  const body = await answer.json();
  expect(answer.status, JSON.stringify(body)).toBe(201);
  return body as { id: string; type?: { code: string }; typeBy: string };
}

test('nobody who is not signed in is told anything, and a citizen neither', async () => {
  expect((await at.ask('POST', '/api/classification/suggest', { body: { text: operation } })).status).toBe(401);
  const asCitizen = await at.ask('POST', '/api/classification/suggest', {
    as: 'oldManWithEverything',
    body: { text: operation },
  });
  expect(asCitizen.status).toBe(403);
  expect((await at.ask('GET', '/api/classification/queue', { as: 'operator' })).status).toBe(403);
});

test('what is no text is refused', async () => {
  for (const body of [{}, { text: '' }, { text: 1 }, { text: 'x', more: 1 }]) {
    const { status } = await at.ask('POST', '/api/classification/suggest', { as: 'hospitalDoctor', body });
    expect(status).toBe(400);
  }
});

test('a text is told with confidence, words and model', async () => {
  const { status, body } = await at.ask('POST', '/api/classification/suggest', {
    as: 'hospitalDoctor',
    body: { text: operation },
  });
  expect(status).toBe(200);
  expect(body).toMatchObject({ type: { code: 'F02-2', display: 'Anestesi- og opr. Rapporter' }, isSure: true });
  expect(body.words.length).toBeGreaterThan(3);
});

test('a sure document has its type when it comes, with the reason beside it', async () => {
  const { id, type, typeBy } = await sendIn(operation);
  expect([type?.code, typeBy]).toEqual(['F02-2', 'machine']);
  await expect
    .poll(async () => {
      const { body } = await at.ask('GET', `/fhir/Provenance?target=DocumentReference/${id}`, { as: 'hospitalDoctor' });
      return body.entry?.[0]?.resource?.reason?.[0]?.text;
    })
    .toMatch(/^Type F02-2 .* confidence (0\.9|1).*Words that decided: .*knivstart/);
});

test('an unclear one waits for a person, whose decision is kept with its reason and without its text', async () => {
  const { id, typeBy } = await sendIn(unclear);
  expect(typeBy).toBe('undecided');
  const queue = await at.ask('GET', '/api/classification/queue', { as: 'hospitalDoctor' });
  expect(queue.body.documents.map((one: { id: string }) => one.id)).toContain(id);
  const address = `/api/classification/queue/${id}`;
  await expect
    .poll(async () => (await at.ask('GET', address, { as: 'hospitalDoctor' })).body.text)
    .toContain('Se andre siden');
  const { body: shown } = await at.ask('GET', address, { as: 'hospitalDoctor' });
  expect(shown.suggestion.isSure).toBe(false);
  const decide = (body: object) => at.ask('POST', `${address}/decide`, { as: 'hospitalDoctor', body });
  expect((await decide({ type: 'X99-9', version: shown.version })).status).toBe(400);
  expect((await decide({ type: 'I02-2', version: '9-other' })).status).toBe(412);
  const { status, body } = await decide({ type: 'I02-2', version: shown.version });
  expect(status, JSON.stringify(body)).toBe(200);
  expect((await decide({ type: 'I01-2', version: body.version })).status).toBe(409);
  const { body: document } = await at.ask('GET', `/fhir/DocumentReference/${id}`, { as: 'hospitalDoctor' });
  expect(document.type.coding[0].code).toBe('I02-2');
  const rows = await at.db`select * from classification_decision`;
  expect(rows.length).toBe(1);
  expect(rows[0]?.['decided']).toBe('I02-2');
  expect(JSON.stringify(rows)).not.toContain(id);
});

test('a model is trained from fifty decisions or more, and one can be chosen and taken back', async () => {
  let now = 1_790_000_000_000;
  const models = createModelKeeping(at.db, () => (now += 1000));
  await expect(models.train(() => 0.5)).rejects.toThrow('needs 50 decisions');
  await at.db`
    insert into classification_decision
    select sha256(n::text::bytea), now(), model, suggested, confidence, decided, bits, buckets, blocks, counts
    from classification_decision, generate_series(1, 60) n`;
  const { version, accuracyAfter } = await models.train(() => 0.5);
  expect(accuracyAfter).toBe(1);
  const inUse = async () => (await models.list()).find(({ isInUse }) => isInUse)?.version;
  const before = await inUse();
  await models.use(version ?? '');
  expect(await inUse()).toBe(version);
  const { body } = await at.ask('POST', '/api/classification/suggest', {
    as: 'hospitalDoctor',
    body: { text: unclear },
  });
  expect(body).toMatchObject({ model: version, type: { code: 'I02-2' } });
  await models.use(before ?? '');
  expect(await inUse()).toBe(before);
});
