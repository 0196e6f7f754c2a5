/** Who leaves a node leaves nothing readable there: neither the record, nor what was read out of its documents, nor what search keeps. */
import { expect, onTestFinished, test } from 'vitest';
import { agree, startNode, type NodeForTest } from '#continuity/node/nodes-for-test.ts';
import type { NodeFacts } from '#continuity/protocol/view.ts';
import { systemClock } from '#kernel/clock.ts';
import { systemIds } from '#kernel/ids.ts';
import { createClinicalSearch } from '#services/clinical-search/index.ts';
import { createDocuments } from '#services/documents/index.ts';
import { findText, putReading, putText } from '#services/documents/text-store.ts';

const dayMs = 24 * 3_600_000;
const limitMs = 60_000;
const siteSubtree = new Set(['site-a']);
const region: NodeFacts = {
  name: 'region',
  writer: 'region',
  tier: 'region',
  upstream: undefined,
  subtree: new Set(['region', 'site-a']),
  children: [{ name: 'site-a', tier: 'site', subtree: siteSubtree }],
};
const siteA: NodeFacts = {
  name: 'site-a',
  writer: 'site-a',
  tier: 'site',
  upstream: 'region',
  subtree: siteSubtree,
  children: [],
};

const said = (error: unknown): never => {
  throw error;
};

/** What follows the record at the site: texts of documents, and the index of search. */
function followers({ api }: NodeForTest) {
  const { context, committer } = api.record.fhir;
  const never = (): Promise<never> => Promise.reject(new Error('There are no blobs in this test.'));
  const documents = createDocuments({
    context,
    committer,
    ids: systemIds(systemClock),
    settings: { bytesMax: 1_000_000, malwareScanner: undefined, intakeFolder: undefined },
    blobs: { put: never, open: never, has: async () => false },
    fetchBlob: async () => undefined,
    report: (_event, error) => said(error),
  });
  documents.start({ add: async () => {} });
  return { documents, search: createClinicalSearch({ context, committer }, (_event, error) => said(error)) };
}

/** The tables in which this stands anywhere, as text. */
async function tablesWith({ api }: NodeForTest, text: string): Promise<string[]> {
  const { db } = api.record;
  const tables = await db<{ name: string }[]>`
    select table_name as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE' order by 1`;
  const found: string[] = [];
  for (const { name } of tables) {
    const rows = await db`select from ${db(name)} t where t::text ilike ${`%${text}%`} limit 1`;
    if (rows.length > 0) found.push(name);
  }
  return found;
}

test(
  'of a patient who left a node no text of a document, no row of search and no word of the record is left, also where it was being read meanwhile',
  async () => {
    const [upper, lower] = [await startNode(region, 'texts_leave'), await startNode(siteA, 'texts_leave')];
    onTestFinished(async () => {
      await upper.api.close();
      await lower.api.close();
    });
    const { documents, search } = followers(lower);
    onTestFinished(() => documents.stop());
    const { db } = lower.api.record;
    const patient = await upper.api.make({ resourceType: 'Patient' });
    const subject = { reference: `Patient/${patient.id}` };
    const stay = {
      resourceType: 'Encounter',
      status: 'in-progress',
      class: { code: 'IMP' },
      subject,
      serviceProvider: { reference: 'Organization/site-a-1' },
    };
    const encounter = await upper.api.make(stay);
    const data = Buffer.from('Epikrise. Pasienten fikk kvikksølvtermometer og blåbærsaft.').toString('base64');
    const document = await upper.api.make({
      resourceType: 'DocumentReference',
      status: 'current',
      type: { text: 'Epikrise om tyttebærgrøt' },
      subject,
      content: [{ attachment: { contentType: 'text/plain', data } }],
    });
    const condition = { resourceType: 'Condition', subject, code: { text: 'Tyttebærgrøt i fanget' } };
    await upper.api.make(condition);
    await agree(lower, upper);
    const bucket = async (): Promise<number> =>
      (await db<{ bucket: number }[]>`select bucket from resource where id = ${document.id}`)[0]?.bucket as number;
    await expect
      .poll(async () => (await findText(db, await bucket(), document.id))?.text, { timeout: 20_000 })
      .toContain('kvikksølvtermometer');
    await search.catchUp();
    const text = await findText(db, await bucket(), document.id);
    expect(await tablesWith(lower, 'kvikksølvtermometer')).toEqual(['clinical_search_document', 'document_text']);
    expect(await tablesWith(lower, 'tyttebærgrøt')).toEqual(
      expect.arrayContaining(['clinical_search_document', 'version']),
    );

    await upper.api.ask('PUT', `Encounter/${encounter.id}`, { ...stay, id: encounter.id, status: 'finished' });
    await agree(lower, upper);
    lower.ahead = 8 * dayMs;
    await agree(lower, upper);
    expect((await lower.api.ask('GET', `DocumentReference/${document.id}`)).status).toBe(404);
    await expect
      .poll(() => tablesWith(lower, 'kvikksølvtermometer'), { timeout: 20_000 })
      .not.toContain('document_text');
    await search.catchUp();
    // What was being read when the patient went comes too late.
    await putText(db, text!, Date.now());
    const { id, version } = text!;
    const place = { bucket: await bucket(), id, version };
    await putReading(db, { ...place, state: 'reading', pagesTotal: 2, pagesDone: 1, problem: undefined }, Date.now());
    for (const word of ['kvikksølvtermometer', 'tyttebærgrøt', data.slice(0, 40)])
      expect(await tablesWith(lower, word), word).toEqual([]);
    expect((await tablesWith(lower, document.id)).filter((name) => /^(document|clinical)_/.test(name))).toEqual([]);
    expect((await upper.api.ask('GET', `DocumentReference/${document.id}`)).status).toBe(200);
  },
  limitMs,
);
