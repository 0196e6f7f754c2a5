import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { personaEntries } from '#sample/persona-entries.ts';
import { testNode, type NodeAnswer, type TestNode } from '../../../test/support/node.ts';
import { createClassification, createModelKeeping } from './index.ts';

const oldMan = personaEntries().find(({ key }) => key === 'oldManWithEverything')?.patient as string;
const operation =
  'OPERASJONSBESKRIVELSE\nOperatør: overlege Lie\nKnivstart: 09:10. Knivslutt: 10:05\nOperasjonsforløp: Steril vask og tildekking. Hudsnitt, fascien lukkes med Vicryl, huden med stifter.\nAnestesi: Generell anestesi, propofol. Blødning: 50 ml.';
const unclear = 'Vedlegg\nSe andre siden. Mvh';

const folder = mkdtempSync(join(tmpdir(), 'fyr-scanner-'));
let at: TestNode;
beforeAll(async () => {
  // Looked at each five seconds: what the last tests ask for is laid there first.
  writeFileSync(join(folder, 'scan.txt'), `${operation}\nSkannet på operasjonsstuen.`);
  writeFileSync(join(folder, 'scan.txt.json'), JSON.stringify({ patient: oldMan, title: 'Fra skanneren' }));
  at = await testNode('classification', { FYR_DOCUMENT_FOLDER: folder });
}, 120_000);
afterAll(async () => {
  await at?.stop();
  rmSync(folder, { recursive: true, force: true });
});

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

describe('a document that came over the FHIR interface without a type', () => {
  type Told = { code: string | undefined; by: string | undefined; version: string };
  const post = (text: string, more: object = {}): Promise<NodeAnswer> =>
    at.ask('POST', '/fhir/DocumentReference', {
      as: 'hospitalDoctor',
      body: {
        resourceType: 'DocumentReference',
        status: 'current',
        subject: { reference: `Patient/${oldMan}` },
        date: '2026-10-30T10:00:00Z',
        content: [
          { attachment: { contentType: 'text/plain; charset=utf-8', data: Buffer.from(text).toString('base64') } },
        ],
        ...more,
      },
    });
  const told = async (id: string): Promise<Told> => {
    const { body } = await at.ask('GET', `/fhir/DocumentReference/${id}`, { as: 'hospitalDoctor' });
    const by = body.meta.tag?.find(({ system }: { system: string }) => system.endsWith('document-type-by'))?.code;
    return { code: body.type?.coding?.[0]?.code, by, version: body.meta.versionId };
  };
  const reasons = async (id: string): Promise<string[]> => {
    const { body } = await at.ask('GET', `/fhir/Provenance?target=DocumentReference/${id}`, { as: 'hospitalDoctor' });
    return (body.entry ?? []).map(({ resource }: any) => resource.reason?.[0]?.text);
  };

  test('keeps what its sender said it is, in whatever code system', async () => {
    const type = { coding: [{ system: 'http://loinc.org', code: '11504-8' }] };
    const { body: coded } = await post(operation, { type });
    const { body: worded } = await post(`${operation} Igjen.`, { type: { text: 'Notat' } });
    const { body: after } = await post(`${operation} Sist.`);
    await expect.poll(async () => (await told(after.id)).by).toBe('machine');
    expect(await told(coded.id)).toMatchObject({ code: '11504-8', by: undefined });
    expect(await told(worded.id)).toMatchObject({ code: undefined, by: undefined });
  });

  test('is given one where the machine is sure, with the reason beside it once', async () => {
    const { body } = await post(operation);
    await expect.poll(() => told(body.id)).toMatchObject({ code: 'F02-2', by: 'machine' });
    await expect.poll(() => reasons(body.id)).toHaveLength(1);
    expect((await reasons(body.id))[0]).toMatch(/^Type F02-2 .*Words that decided: .*knivstart/);
  });

  test('waits in the queue where it is not, and where nothing can be read of it', async () => {
    const picture = { contentType: 'application/octet-stream', data: 'AAAA', title: 'Ukjent fil' };
    const ids = [
      (await post(unclear)).body.id,
      (await post('', { content: [{ attachment: picture }] })).body.id,
    ] as string[];
    const waiting = async (): Promise<string[]> => {
      const { body } = await at.ask('GET', '/api/classification/queue', { as: 'hospitalDoctor' });
      return body.documents.map((one: { id: string }) => one.id);
    };
    await expect.poll(waiting).toEqual(expect.arrayContaining(ids));
    for (const id of ids) {
      const { status, body } = await at.ask('GET', `/api/classification/queue/${id}`, { as: 'hospitalDoctor' });
      expect([status, body.types.length > 20]).toEqual([200, true]);
    }
  });

  test('is given one when it comes with its file as a document bundle (ITI-65)', async () => {
    const [document, file] = [
      'urn:uuid:c1c1c1c1-0000-4000-8000-000000000000',
      'urn:uuid:c1c1c1c1-0000-4000-8000-000000000001',
    ];
    const create = (fullUrl: string, resource: object): object => ({
      fullUrl,
      resource,
      request: { method: 'POST', url: (resource as { resourceType: string }).resourceType },
    });
    const subject = { reference: `Patient/${oldMan}` };
    const listTypes = 'https://profiles.ihe.net/ITI/MHD/CodeSystem/MHDlistTypes';
    const { status, body } = await at.ask('POST', '/fhir', {
      as: 'hospitalDoctor',
      body: {
        resourceType: 'Bundle',
        meta: { profile: ['https://profiles.ihe.net/ITI/MHD/StructureDefinition/IHE.MHD.Minimal.ProvideBundle'] },
        type: 'transaction',
        entry: [
          create(document as string, {
            resourceType: 'DocumentReference',
            status: 'current',
            subject,
            content: [{ attachment: { contentType: 'text/plain', url: file } }],
          }),
          create(file as string, {
            resourceType: 'Binary',
            contentType: 'text/plain',
            data: Buffer.from(operation).toString('base64'),
          }),
          create('urn:uuid:c1c1c1c1-0000-4000-8000-000000000002', {
            resourceType: 'List',
            identifier: [{ system: 'urn:ietf:rfc:3986', value: 'urn:oid:1.2.3.7' }],
            status: 'current',
            mode: 'working',
            code: { coding: [{ system: listTypes, code: 'submissionset' }] },
            subject,
            date: '2026-01-01T10:00:00Z',
            entry: [{ item: { reference: document } }],
          }),
        ],
      },
    });
    expect(status, JSON.stringify(body)).toBe(200);
    const id = /DocumentReference\/([^/]+)/.exec(body.entry[0].response.location)?.[1] ?? '';
    await expect.poll(() => told(id)).toMatchObject({ code: 'F02-2', by: 'machine' });
  });

  test('is decided where it was written: a node that it was copied to leaves it', async () => {
    const { body } = await post(unclear, { status: 'superseded' });
    const other = createClassification({
      context: at.node.fhir.context,
      node: 'elsewhere',
      names: {},
      textOf: () => Promise.resolve(undefined),
      ids: { uuid: () => 'none' },
      log: { append: () => Promise.reject(new Error('nothing is to be told')) },
    });
    await other.onText({ id: body.id, text: operation });
    expect(await told(body.id)).toMatchObject({ code: undefined, by: undefined });
  });

  test('leaves each decision of the machine in the access log, with how sure it was, the model, and where its words are', async () => {
    const { body } = await post(operation);
    await expect.poll(() => told(body.id)).toMatchObject({ by: 'machine' });
    const { body: log } = await at.ask('GET', `/fhir/AuditEvent?patient=${oldMan}&_count=20`, { as: 'privacyOfficer' });
    const events = log.entry.map(({ resource }: any) => resource);
    const own = events.find(
      (one: any) =>
        one.entity?.some(({ what }: any) => what?.reference === `DocumentReference/${body.id}`) &&
        one.agent.some(({ who, name }: any) => JSON.stringify([who, name]).includes('document classification')),
    );
    expect(own, JSON.stringify(events[0])).toBeDefined();
    const asked = own.entity.map(({ query }: any) => Buffer.from(query ?? '', 'base64').toString()).join('');
    expect(asked).toMatch(/^type F02-2 by model \S+: confidence (0\.9\d*|1), threshold 0\.\d+, next /);
    expect(asked).not.toContain('knivstart');
    const because = own.entity.find(({ what }: any) => what?.reference?.startsWith('Provenance/')).what.reference;
    const { body: provenance } = await at.ask('GET', `/fhir/${because}`, { as: 'hospitalDoctor' });
    expect(provenance.reason[0].text).toContain('knivstart');
    const mine = await at.ask('GET', '/api/log/mine?by=others', { as: 'oldManWithEverything' });
    expect(mine.text).toContain('automatisk arbeid');
  });

  test('and from a scanner’s folder it is the same', async () => {
    const found = async (): Promise<string | undefined> => {
      const { body } = await at.ask('GET', `/fhir/DocumentReference?patient=${oldMan}&_sort=-_lastUpdated&_count=40`, {
        as: 'hospitalDoctor',
      });
      return body.entry.find(({ resource }: any) => resource.content?.[0]?.attachment?.title === 'Fra skanneren')
        ?.resource.id;
    };
    await expect.poll(found, { timeout: 15_000 }).toBeDefined();
    const id = (await found()) ?? '';
    expect(await told(id)).toMatchObject({ code: 'F02-2', by: 'machine' });
    await expect.poll(() => reasons(id)).toHaveLength(1);
  });
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
