import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { personaEntries } from '#sample/persona-entries.ts';
import type { Resource } from '#fhir/types.ts';
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
const ask = (q: string, { as = 'oldManWithEverything', patient = oldMan, more = '' } = {}): Promise<NodeAnswer> =>
  at.ask('GET', `/api/clinical-search?q=${encodeURIComponent(q)}&patient=${patient}${more}`, { as });
/** As the index is once everything that was written is in it. */
async function found(q: string, until: (answer: SearchAnswer) => void, more = ''): Promise<SearchAnswer> {
  let answer: SearchAnswer | undefined;
  await expect
    .poll(
      async () => {
        const { status, body } = await ask(q, { more });
        if (status !== 200) return `status ${status}`;
        answer = body;
        try {
          until(body);
          return 'there';
        } catch (error) {
          return String(error);
        }
      },
      { timeout: 20_000 },
    )
    .toBe('there');
  return answer as SearchAnswer;
}
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
