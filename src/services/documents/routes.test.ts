import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:net';
import PDFDocument from 'pdfkit';
import { createCanvas } from '@napi-rs/canvas';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { personaEntries } from '#sample/persona-entries.ts';
import type { Resource } from '#fhir/types.ts';
import { testNode, type NodeAnswer, type TestNode } from '../../../test/support/node.ts';

const patientOf = (key: string): string => personaEntries().find((one) => one.key === key)?.patient as string;
const oldMan = patientOf('oldManWithEverything');
const mother = patientOf('youngMother');
const doctor = 'hospitalDoctor';
const eicar = Buffer.from('this letter has the mark of MALWARE-FOR-TEST in it');

/** A peer that speaks clamd's INSTREAM as clamd does: it knows one kind of malware. */
function startClamd(): Promise<Server> {
  const server = createServer((socket) => {
    let seen = Buffer.alloc(0);
    socket.on('data', (piece) => {
      seen = Buffer.concat([seen, piece]);
      const command = 'zINSTREAM\0'.length;
      const body: Buffer[] = [];
      for (let at = command; at + 4 <= seen.length;) {
        const length = seen.readUInt32BE(at);
        if (length === 0) {
          const isFound = Buffer.concat(body).includes('MALWARE-FOR-TEST');
          socket.end(`stream: ${isFound ? 'Test.Mark FOUND' : 'OK'}\0`);
          return;
        }
        body.push(seen.subarray(at + 4, at + 4 + length));
        at += 4 + length;
      }
    });
    socket.on('error', () => socket.destroy());
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}

let at: TestNode;
let clamd: Server;
beforeAll(async () => {
  clamd = await startClamd();
  const { port } = clamd.address() as { port: number };
  at = await testNode('documents', {
    FYR_MALWARE_SCANNER: `clamd://127.0.0.1:${port}`,
    FYR_DOCUMENT_BYTES_MAX: '2000000',
  });
}, 120_000);
afterAll(async () => {
  await at?.stop();
  clamd?.close();
});

type Sent = { as?: string; patient?: string; bytes: Buffer | string; more?: object; header?: string };

async function upload({ as = doctor, patient = oldMan, bytes, more = {}, header }: Sent): Promise<NodeAnswer> {
  const answer = await fetch(`${at.url}/api/documents`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${await at.tokenOf(as)}`,
      'content-type': 'application/octet-stream',
      'fyr-document': header ?? encodeURIComponent(JSON.stringify({ patient, ...more })),
    },
    body: typeof bytes === 'string' ? bytes : new Uint8Array(bytes),
  });
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, text, body: text === '' ? undefined : JSON.parse(text) };
}

async function bytesOf(path: string, as = doctor): Promise<{ status: number; bytes: Buffer; headers: Headers }> {
  const answer = await fetch(`${at.url}${path}`, { headers: { authorization: `Bearer ${await at.tokenOf(as)}` } });
  return { status: answer.status, bytes: Buffer.from(await answer.arrayBuffer()), headers: answer.headers };
}

function pdf(pages: readonly string[], options: object = {}): Promise<Buffer> {
  const document = new PDFDocument({ size: 'A4', ...options });
  const pieces: Buffer[] = [];
  document.on('data', (piece: Buffer) => pieces.push(piece));
  const ended = new Promise<Buffer>((resolve) => document.on('end', () => resolve(Buffer.concat(pieces))));
  for (const [i, text] of pages.entries()) {
    if (i > 0) document.addPage();
    document.fontSize(14).text(text);
  }
  document.end();
  return ended;
}

const textOf = async (id: string): Promise<any> => {
  await expect
    .poll(async () => (await at.ask('GET', `/api/documents/${id}/text`, { as: doctor })).status, { timeout: 30_000 })
    .toBe(200);
  return (await at.ask('GET', `/api/documents/${id}/text`, { as: doctor })).body;
};

describe('A file is refused', () => {
  test('from nobody, and from who has nothing to do with the patient', async () => {
    expect((await fetch(`${at.url}/api/documents`, { method: 'POST', body: 'x' })).status).toBe(401);
    expect([403, 404]).toContain((await upload({ patient: mother, bytes: 'Notat om en annen.' })).status);
  });
  test('without being told what it is, or with a code that is none', async () => {
    expect((await upload({ bytes: 'x', header: '%%%' })).status).toBe(400);
    expect((await upload({ bytes: 'x', more: { type: 'Z99' } })).status).toBe(422);
    expect((await upload({ bytes: 'x', more: { confidentiality: 'SECRET' } })).status).toBe(422);
    expect((await upload({ bytes: 'x', more: { unknown: true } })).status).toBe(400);
  });
  test('when it is empty, too large, or a program under another name', async () => {
    expect((await upload({ bytes: '' })).status).toBe(422);
    expect((await upload({ bytes: Buffer.alloc(2_000_001, 65) })).status).toBe(413);
    const program = Buffer.concat([Buffer.from('7f454c4602010100', 'hex'), Buffer.alloc(100)]);
    expect((await upload({ bytes: program, more: { fileName: 'epikrise.pdf' } })).status).toBe(422);
  });
  test('when the malware scanner finds something in it', async () => {
    const answer = await upload({ bytes: eicar });
    expect(answer.status).toBe(422);
    expect(answer.body.problem).toContain('Test.Mark');
  });
  test('when it is a PDF that is damaged, or locked by a password', async () => {
    const damaged = await upload({ bytes: Buffer.from('%PDF-1.7\nnothing that follows is one') });
    expect([damaged.status, damaged.body.problem]).toEqual([422, expect.stringContaining('damaged')]);
    const locked = await upload({ bytes: await pdf(['hemmelig'], { userPassword: 'x' }) });
    expect([locked.status, locked.body.problem]).toEqual([422, expect.stringContaining('password')]);
  });
});

describe('A document', () => {
  test('is taken in with national metadata, found, fetched as it came, and shown page by page', async () => {
    const bytes = await pdf([
      'Epikrise. Pasienten ble ikke operert, og har en ukomplisert utvikling.',
      'Side to: hjerteinfarkt.',
    ]);
    const made = await upload({
      bytes,
      more: { title: 'Epikrise fra kirurgen', type: 'A03-2', facilityType: '86.101', practiceSetting: '010' },
    });
    expect(made.status, made.text).toBe(201);
    const { id } = made.body;
    expect(made.body).toMatchObject({
      kind: 'pdf',
      type: { code: 'A03-2', display: 'Epikrise' },
      status: 'current',
      size: bytes.length,
      hash: createHash('sha1').update(bytes).digest('base64'),
    });
    const list = await at.ask('GET', `/api/documents?patient=${oldMan}`, { as: doctor });
    expect(list.body.documents[0].id).toBe(id);
    expect((await bytesOf(`/api/documents/${id}/content`)).bytes.equals(bytes)).toBe(true);
    const picture = await bytesOf(`/api/documents/${id}/pages/2?width=300`);
    expect(picture.bytes.subarray(1, 4).toString()).toBe('PNG');
    expect((await bytesOf(`/api/documents/${id}/pages/3`)).status).toBe(404);
    const text = await textOf(id);
    expect(text).toMatchObject({ language: 'nb', source: 'text' });
    expect(text.text.slice(text.pages[1])).toContain('hjerteinfarkt');
    const [row] = await at.node.db`/* fan-out: test */ select content from version where id = ${id}`;
    const stored = JSON.parse(row?.['content']);
    expect(stored.category[0].coding[0].code).toBe('A00-1');
    expect(stored.content[0].format.code).toBe('urn:no:ehelse:document:pdf');
  });
  test('is read by nobody who may not read it, by any address of it', async () => {
    const { body } = await upload({ bytes: 'Et notat som ikke er for alle, og som ikke skal leses av andre.' });
    for (const path of ['', '/content', '/readable', '/text', '/pages', '/pages/1', '/reading']) {
      expect([403, 404], path).toContain((await bytesOf(`/api/documents/${body.id}${path}`, 'youngMother')).status);
      expect((await fetch(`${at.url}/api/documents/${body.id}${path}`)).status, path).toBe(401);
    }
  });
  test('that is closed to personnel is left out of their list and counted', async () => {
    const before = (await at.ask('GET', `/api/documents?patient=${oldMan}`, { as: doctor })).body;
    const { id } = (await upload({ bytes: 'Et notat som pasienten siden får sperret.' })).body;
    const found = (await at.ask('GET', `/fhir/DocumentReference/${id}`, { as: doctor })).body;
    const closed = { system: 'urn:oid:2.16.578.1.12.4.1.1.9603', code: 'NORS' };
    await at.node.fhir.importResources([{ ...found, meta: { security: [closed] } }]);
    const list = await at.ask('GET', `/api/documents?patient=${oldMan}`, { as: doctor });
    expect(list.body.documents.map((one: any) => one.id)).not.toContain(id);
    expect(list.headers.get('nhn-securitylabel-nors-count')).toBe(String(before.leftOut + 1));
    expect([403, 404]).toContain((await bytesOf(`/api/documents/${id}/content`)).status);
    const own = await at.ask('GET', `/api/documents?patient=${oldMan}`, { as: 'oldManWithEverything' });
    expect(own.body.leftOut).toBe(0);
  });
  test('is replaced by another in one transaction, once', async () => {
    const first = (await upload({ bytes: 'Første utgave av notatet.' })).body;
    const second = await upload({ bytes: 'Andre utgave av notatet.', more: { replaces: first.id } });
    expect(second.body.replaces).toBe(first.id);
    expect((await at.ask('GET', `/api/documents/${first.id}`, { as: doctor })).body.status).toBe('superseded');
    expect((await upload({ bytes: 'Tredje.', more: { replaces: first.id } })).status).toBe(409);
    const list = await at.ask('GET', `/api/documents?patient=${oldMan}`, { as: doctor });
    expect(list.body.documents.map((one: any) => one.id)).not.toContain(first.id);
  });
  test('is withdrawn with a reason, once, and its text goes with it', async () => {
    const { id } = (await upload({ bytes: 'Dette notatet er ført på feil pasient, og skal ikke være her.' })).body;
    await textOf(id);
    const path = `/api/documents/${id}/withdraw`;
    expect((await at.ask('POST', path, { as: doctor, body: {} })).status).toBe(400);
    const gone = await at.ask('POST', path, { as: doctor, body: { reason: 'Feil pasient' } });
    expect(gone.body).toMatchObject({ status: 'entered-in-error', reason: 'Feil pasient' });
    expect((await at.ask('POST', path, { as: doctor, body: { reason: 'Igjen' } })).status).toBe(409);
    await expect
      .poll(async () => (await at.ask('GET', `/api/documents/${id}/text`, { as: doctor })).status, { timeout: 10_000 })
      .toBe(404);
  });
  test('that is a page of HTML is shown without what it would do', async () => {
    const html =
      '<!doctype html><html><body><h1>Brev</h1><script>steal()</script><img src="https://x.test/a"><p onclick="x()">Hei</p></body></html>';
    const { id } = (await upload({ bytes: html, more: { type: 'I02-2' } })).body;
    const page = await bytesOf(`/api/documents/${id}/readable`);
    expect(page.headers.get('content-security-policy')).toContain('sandbox');
    expect(page.bytes.toString()).toContain('<h1>Brev</h1>');
    expect(page.bytes.toString()).not.toMatch(/script|onclick|x\.test/);
  });
  test('that is a scanned page is read off its picture by a job, with how far it is', async () => {
    const canvas = createCanvas(1000, 300);
    const context = canvas.getContext('2d');
    context.fillStyle = 'white';
    context.fillRect(0, 0, 1000, 300);
    context.fillStyle = 'black';
    context.font = '48px sans-serif';
    context.fillText('Pasienten har en lungebetennelse', 40, 120);
    const { id, kind } = (await upload({ bytes: canvas.toBuffer('image/png'), more: { title: 'Skannet' } })).body;
    expect(kind).toBe('png');
    const state = async (): Promise<string> =>
      (await at.ask('GET', `/api/documents/${id}/reading`, { as: doctor })).body.state;
    await expect.poll(state, { timeout: 60_000 }).toBe('done');
    const text = await textOf(id);
    expect(text.source).toBe('ocr');
    expect(text.text).toMatch(/lungebetennelse/i);
  }, 90_000);
});

describe('MHD on the FHIR endpoint', () => {
  const profile = 'https://profiles.ihe.net/ITI/MHD/StructureDefinition/';
  const file = Buffer.from('Poliklinisk notat. Ingen tegn til svikt.');
  const document = (more: object = {}): object => ({
    resourceType: 'DocumentReference',
    masterIdentifier: { system: 'urn:ietf:rfc:3986', value: 'urn:oid:1.2.3.4' },
    status: 'current',
    type: { coding: [{ system: 'urn:oid:2.16.578.1.12.4.1.1.9602', code: 'B03-2' }] },
    category: [{ coding: [{ system: 'urn:oid:2.16.578.1.12.4.1.1.9602', code: 'B00-1' }] }],
    subject: { reference: `Patient/${oldMan}` },
    securityLabel: [{ coding: [{ system: 'urn:oid:2.16.578.1.12.4.1.1.9603', code: 'N' }] }],
    content: [
      {
        attachment: {
          contentType: 'text/plain',
          language: 'nb',
          url: 'urn:uuid:b1b1b1b1-0000-4000-8000-000000000001',
          creation: '2026-01-01T10:00:00Z',
        },
        format: { system: 'urn:ietf:rfc:3986', code: 'urn:no:ehelse:document:text' },
      },
    ],
    context: {
      facilityType: { coding: [{ system: 'urn:oid:2.16.578.1.12.4.1.1.1303', code: '86.101' }] },
      practiceSetting: { coding: [{ system: 'urn:oid:2.16.578.1.12.4.1.1.8451', code: '010' }] },
      sourcePatientInfo: { reference: `Patient/${oldMan}` },
    },
    ...more,
  });
  const bundle = (own: object, submission: object = {}): object => ({
    resourceType: 'Bundle',
    meta: { profile: [`${profile}IHE.MHD.Comprehensive.ProvideBundle`] },
    type: 'transaction',
    entry: [
      {
        fullUrl: 'urn:uuid:b1b1b1b1-0000-4000-8000-000000000000',
        resource: own,
        request: { method: 'POST', url: 'DocumentReference' },
      },
      {
        fullUrl: 'urn:uuid:b1b1b1b1-0000-4000-8000-000000000001',
        resource: { resourceType: 'Binary', contentType: 'text/plain', data: file.toString('base64') },
        request: { method: 'POST', url: 'Binary' },
      },
      {
        fullUrl: 'urn:uuid:b1b1b1b1-0000-4000-8000-000000000002',
        resource: {
          resourceType: 'List',
          identifier: [{ system: 'urn:ietf:rfc:3986', value: 'urn:oid:1.2.3.5' }],
          status: 'current',
          mode: 'working',
          code: {
            coding: [{ system: 'https://profiles.ihe.net/ITI/MHD/CodeSystem/MHDlistTypes', code: 'submissionset' }],
          },
          subject: { reference: `Patient/${oldMan}` },
          date: '2026-01-01T10:00:00Z',
          entry: [{ item: { reference: 'urn:uuid:b1b1b1b1-0000-4000-8000-000000000000' } }],
          ...submission,
        },
        request: { method: 'POST', url: 'List' },
      },
    ],
  });
  const provide = (body: object): Promise<NodeAnswer> => at.ask('POST', '/fhir', { as: doctor, body });

  test('refuses what Comprehensive Metadata lacks, and a hash that is not the file’s', async () => {
    const lacking = await provide(bundle(document({ securityLabel: undefined, masterIdentifier: undefined })));
    expect(lacking.status).toBe(422);
    const told = lacking.body.issue.map((one: any) => one.diagnostics).join(' ');
    expect(told).toContain('DocumentReference.securityLabel');
    expect(told).toContain('DocumentReference.masterIdentifier');
    expect((await provide(bundle(document(), { code: { text: 'x' } }))).status).toBe(422);
  });
  test('provides (ITI-65), finds the submission (ITI-66) and the document (ITI-67), and retrieves it (ITI-68)', async () => {
    const answer = await provide(bundle(document()));
    expect(answer.status, answer.text).toBe(200);
    const id = answer.body.entry[0].response.location.split('/')[1];
    const found = (await at.ask('GET', `/fhir/DocumentReference/${id}`, { as: doctor })).body;
    expect(found.content[0].attachment).toMatchObject({
      size: file.length,
      hash: createHash('sha1').update(file).digest('base64'),
    });
    const lists = await at.ask('GET', `/fhir/List?patient=${oldMan}&code=submissionset&status=current`, { as: doctor });
    expect(lists.body.entry.length).toBeGreaterThan(0);
    const references = await at.ask(
      'GET',
      `/fhir/DocumentReference?patient=${oldMan}&status=current&identifier=urn:oid:1.2.3.4`,
      { as: doctor },
    );
    expect(references.body.entry.map((one: any) => one.resource.id)).toContain(id);
    expect((await bytesOf(`/api/documents/${id}/content`)).bytes.equals(file)).toBe(true);
    const replacing = document({ relatesTo: [{ code: 'replaces', target: { reference: `DocumentReference/${id}` } }] });
    expect((await provide(bundle(replacing))).status).toBe(200);
    expect((await at.ask('GET', `/api/documents/${id}`, { as: doctor })).body.status).toBe('superseded');
    expect((await provide(bundle(replacing))).status).toBe(409);
  });
  test('publishes in the simple way (ITI-105): a file and a submission are made of it', async () => {
    const simple = document({
      meta: { profile: [`${profile}IHE.MHD.SimplifiedPublish.DocumentReference`] },
      masterIdentifier: undefined,
      content: [{ attachment: { contentType: 'text/plain', data: file.toString('base64') } }],
    });
    const answer = await at.ask('POST', '/fhir/DocumentReference', { as: doctor, body: simple });
    expect(answer.status, answer.text).toBe(201);
    const { attachment } = (answer.body as Resource & { content: any[] }).content[0];
    expect(attachment.data).toBeUndefined();
    expect(attachment.url).toMatch(/^Binary\//);
    expect((await bytesOf(`/api/documents/${answer.body.id}/content`)).bytes.equals(file)).toBe(true);
  });
});
