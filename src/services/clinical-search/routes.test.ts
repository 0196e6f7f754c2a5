import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { personaEntries } from '#sample/persona-entries.ts';
import type { Resource } from '#fhir/types.ts';
import { runCommand } from '../../cli/index.ts';
import { testNode, type NodeAnswer, type TestNode } from '../../../test/support/node.ts';
import type { SearchAnswer } from './contract.ts';

const patientOf = (key: string): string => personaEntries().find((one) => one.key === key)?.patient as string;

let at: TestNode;
const oldMan = patientOf('oldManWithEverything');
const mother = patientOf('youngMother');
beforeAll(async () => {
  at = await testNode('clinical_search');
}, 120_000);
afterAll(async () => at?.stop());

let made = 0;
async function note(patient: string, text: string, elements: object = {}): Promise<string> {
  const id = `search-${++made}`;
  const attachment = { contentType: 'text/plain', data: Buffer.from(text).toString('base64') };
  const resource = {
    resourceType: 'DocumentReference',
    id,
    status: 'current',
    subject: { reference: `Patient/${patient}` },
    date: `20${10 + (made % 15)}-03-04T10:00:00Z`,
    description: 'Notat',
    author: [{ display: 'Ola Lege' }],
    content: [{ attachment }],
    ...elements,
  };
  await at.node.fhir.importResources([resource as unknown as Resource]);
  return id;
}
/** As a patient closes one document. */
const block = (patient: string, document: string): Promise<unknown> =>
  at.node.fhir.importResources([
    {
      resourceType: 'Consent',
      id: `search-block-${++made}`,
      status: 'active',
      scope: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/consentscope', code: 'patient-privacy' }] },
      category: [{ coding: [{ system: 'urn:fyr:code-system:consent-kind', code: 'block' }] }],
      patient: { reference: `Patient/${patient}` },
      policyRule: { text: 'x' },
      provision: {
        type: 'deny',
        period: { start: '2020-01-01' },
        data: [{ meaning: 'instance', reference: { reference: `DocumentReference/${document}` } }],
      },
    } as unknown as Resource,
  ]);
const ask = (q: string, { as = 'oldManWithEverything', patient = oldMan, more = '' } = {}): Promise<NodeAnswer> =>
  at.ask('GET', `/api/clinical-search?q=${encodeURIComponent(q)}&patient=${patient}${more}`, { as });
const idsOf = ({ hits }: SearchAnswer): string[] => hits.map(({ id }) => id);

describe('The search refuses', () => {
  test('who did not sign in, a question without words, and what is no patient', async () => {
    expect((await at.ask('GET', `/api/clinical-search?q=a&patient=${oldMan}`)).status).toBe(401);
    expect((await ask('og i på')).status).toBe(400);
    expect((await at.ask('GET', '/api/clinical-search?q=', { as: 'oldManWithEverything' })).status).toBe(400);
    expect((await at.ask('GET', '/api/clinical-search?q=a&patient=../x', { as: 'oldManWithEverything' })).status).toBe(
      400,
    );
  });
  test('another citizen, and a doctor who has nothing to do with the patient', async () => {
    // As for a patient who is not here: nothing is found, and nothing is told.
    const { status, body } = await ask('hjerteinfarkt', { as: 'youngMother' });
    expect(status).toBe(200);
    expect(body).toMatchObject({ hits: [], total: 0, facets: { type: [], author: [], site: [], year: [] } });
    expect((await ask('hjerteinfarkt', { as: 'hospitalDoctor', patient: mother })).status).toBe(403);
  });
});

describe('A concept is found by whatever names it', () => {
  test('abbreviations, compounds, phrases, codes, Nynorsk and English', async () => {
    const texts = [
      'Innlagt med AMI i natt.',
      'STEMI behandlet med PCI.',
      'Kjent infarkt i bakvegg.',
      'Gjennomgått bakveggsinfarkt.',
      'Diagnose I21.4 ved utskriving.',
      'Pasienten hadde hjarteinfarkt i fjor.',
      'Earlier myocardial infarction.',
      'Innlagt med hjerteinfrakt.',
    ];
    const ids: string[] = [];
    for (const text of texts) ids.push(await note(oldMan, text));
    const other = await note(oldMan, 'Brudd i håndledd etter fall på isen.');
    const all = async (): Promise<string[]> => {
      const answers = await Promise.all([1, 2, 3].map((page) => ask('hjerteinfarkt', { more: `&page=${page}` })));
      return answers.flatMap(({ body }) => idsOf(body));
    };
    await expect
      .poll(
        async () => {
          const there = await all();
          return ids.filter((id) => !there.includes(id));
        },
        { timeout: 20_000 },
      )
      .toEqual([]);
    expect(await all()).not.toContain(other);
  }, 60_000);
  test('what a text denies comes last, marked as denied', async () => {
    const denied = await note(mother, 'Røntgen thorax viser ingen tegn til pneumoni.');
    const affirmed = await note(mother, 'Røntgen thorax viser pneumoni basalt på høyre side.');
    await expect
      .poll(
        async () => {
          const { body } = await ask('lungebetennelse', { as: 'youngMother', patient: mother });
          return (body as SearchAnswer).hits
            .filter(({ id }) => id === denied || id === affirmed)
            .map(({ id, isDenied }) => [id, isDenied]);
        },
        { timeout: 20_000 },
      )
      .toEqual([
        [affirmed, false],
        [denied, true],
      ]);
  });
});

describe('What is found is what may be read, for everybody', () => {
  const personas = ['hospitalDoctor', 'nurse', 'oldManWithEverything', 'withBlocks', 'operator'];
  const patients = ['oldManWithEverything', 'withBlocks'];
  const security = [undefined, 'R', 'V'];
  test('in hits, counts and facets, of one patient and across all', async () => {
    const written: { id: string; word: string; patient: string }[] = [];
    for (const key of patients)
      for (const level of security)
        for (const isBlocked of [false, true]) {
          const word = `zq${'abdefghijlmnopqrstuvwy'[written.length]}vortab`;
          const label = { system: 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality', code: level };
          const elements = { author: [{ display: word }], ...(level ? { meta: { security: [label] } } : {}) };
          const id = await note(patientOf(key), `Ukjent ${word} i notatet.`, elements);
          if (isBlocked) await block(patientOf(key), id);
          written.push({ id, word, patient: patientOf(key) });
        }
    const last = written.at(-1)!;
    await expect.poll(async () => (await indexed(last.id)) > 0, { timeout: 20_000 }).toBe(true);
    let [seen, unseen] = [0, 0];
    for (const as of personas)
      for (const { id, word, patient } of written) {
        const isRead = (await at.ask('GET', `/fhir/DocumentReference/${id}`, { as })).status === 200;
        const own = await ask(word, { as, patient });
        const across = await at.ask('GET', `/api/clinical-search?q=${word}`, { as });
        for (const { status, body, text } of [own, across]) {
          if (status !== 200) {
            expect([403, 404]).toContain(status);
            expect(isRead && status === 403 ? [as, id, body] : []).toEqual([]);
            continue;
          }
          expect([as, id, body.total, idsOf(body).includes(id)]).toEqual([as, id, isRead ? 1 : 0, isRead]);
          if (!isRead) expect(text.replaceAll(`"asked":"${word}"`, '')).not.toContain(word);
        }
        if (isRead) seen++;
        else unseen++;
      }
    expect(Math.min(seen, unseen)).toBeGreaterThan(10);
  }, 120_000);
  test('and what was seen is in the log', async () => {
    const id = await note(oldMan, 'Loggført zqlogord.');
    await expect.poll(async () => (await indexed(id)) > 0, { timeout: 20_000 }).toBe(true);
    expect(idsOf((await ask('zqlogord')).body)).toEqual([id]);
    const { body } = await at.ask('GET', `/fhir/AuditEvent?patient=${oldMan}&_count=20`, { as: 'privacyOfficer' });
    expect(JSON.stringify(body)).toContain(Buffer.from('clinical search').toString('base64'));
    expect(JSON.stringify(body)).not.toContain('zqlogord');
  });
});

test('the index is made again from the node’s own record alone, with the same answers', async () => {
  const id = await note(oldMan, 'Utredes for feokromocytom.');
  await expect.poll(async () => (await indexed(id)) > 0, { timeout: 20_000 }).toBe(true);
  const before = await ask('feokromocytom');
  const command = at.command();
  expect(await runCommand(['search', 'rebuild'], command)).toBe(0);
  expect(command.written()).toMatch(/[1-9]\d* indexed in/);
  const after = await ask('feokromocytom');
  expect(idsOf(after.body)).toEqual([id]);
  expect(after.body).toEqual(before.body);
}, 60_000);

async function indexed(id: string): Promise<number> {
  return (await at.db`select 1 from clinical_search_document where id = ${id}`).length;
}
