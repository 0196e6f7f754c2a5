/** What comes by folder, by ITI-106 and in kinds of files that need a program to open; and what searches tell of what is closed. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { createCanvas } from '@napi-rs/canvas';
import PDFDocument from 'pdfkit';
import utif from 'utif2';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { personaEntries } from '#sample/persona-entries.ts';
import { testNode, type NodeAnswer, type TestNode } from '../../../test/support/node.ts';

const patientOf = (key: string): string => personaEntries().find((one) => one.key === key)?.patient as string;
const oldMan = patientOf('oldManWithEverything');
const mother = patientOf('youngMother');
const doctor = 'hospitalDoctor';
const header = 'nhn-securitylabel-nors-count';

let at: TestNode;
let folder: string;
let number: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'fyr-scans-'));
  at = await testNode('documents_mhd', { FYR_DOCUMENT_FOLDER: folder, FYR_DOCUMENT_BYTES_MAX: '2000000' });
  const { body } = await ask('GET', `/fhir/Patient/${oldMan}`);
  number = body.identifier.find((one: any) => one.system === 'urn:oid:2.16.578.1.12.4.1.4.1').value;
}, 120_000);
afterAll(async () => {
  await at?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const ask = (method: string, path: string, body?: unknown, as = doctor): Promise<NodeAnswer> =>
  at.ask(method, path, { as, ...(body === undefined ? {} : { body }) });

const generate = (resource: unknown, as = doctor): Promise<NodeAnswer> =>
  ask(
    'POST',
    '/fhir/DocumentReference/$generate-metadata',
    { resourceType: 'Parameters', parameter: [{ name: 'document', resource }] },
    as,
  );
const binary = (text: string, more: object = {}): object => ({
  resourceType: 'Binary',
  contentType: 'application/xml',
  data: Buffer.from(text).toString('base64'),
  ...more,
});
const cda = (patient: string, more = ''): string =>
  `<?xml version="1.0"?><ClinicalDocument xmlns="urn:hl7-org:v3"><id root="1.2.3.99" extension="cda-1"/><code code="A03-2" codeSystem="2.16.578.1.12.4.1.1.9602" displayName="Epikrise"/><title>Epikrise fra kirurgisk</title><effectiveTime value="20260102101500+0100"/><confidentialityCode code="N" codeSystem="2.16.840.1.113883.5.25"/><languageCode code="nb-NO"/><recordTarget><patientRole><id root="2.16.578.1.12.4.1.4.1" extension="${patient}"/></patientRole></recordTarget><author><assignedAuthor><assignedPerson><name><given>Kari</given><family>Kirurg</family></name></assignedPerson></assignedAuthor></author><component><structuredBody><component><section><title>Vurdering</title><text>Ukomplisert.${more}</text></section></component></structuredBody></component></ClinicalDocument>`;

describe('Metadata is not generated (ITI-106)', () => {
  test('for nobody, nor about who the caller has nothing to do with', async () => {
    expect((await at.ask('POST', '/fhir/DocumentReference/$generate-metadata', { body: {} })).status).toBe(401);
    const about = binary(cda(number), { securityContext: { reference: `Patient/${mother}` } });
    expect([403, 404, 422]).toContain((await generate(about)).status);
    expect([403, 404, 422]).toContain((await generate(binary(cda(number)), 'youngMother')).status);
  });
  test('of what is no document, of what says nothing of itself, and about nobody who is here', async () => {
    expect((await generate({ resourceType: 'Patient' })).status).toBe(400);
    expect((await generate({ resourceType: 'Bundle', type: 'collection' })).status).toBe(400);
    expect((await generate(binary('Bare tekst.'))).status).toBe(422);
    expect(
      (await generate(binary('<!DOCTYPE a [<!ENTITY b "c">]><ClinicalDocument>&b;</ClinicalDocument>'))).status,
    ).toBe(422);
    expect((await generate(binary(cda('01010112345')))).status).toBe(422);
  });
});

describe('Metadata is generated (ITI-106)', () => {
  test('of a CDA document, which is entered once with its file and a submission', async () => {
    const answer = await generate(binary(cda(number)));
    expect(answer.status, answer.text).toBe(200);
    const { reference } = answer.body.parameter[0].valueReference;
    expect(answer.body.parameter[0].name).toBe('DocumentReference');
    const { body } = await ask('GET', `/fhir/${reference}`);
    expect(body).toMatchObject({
      masterIdentifier: { system: 'urn:oid:1.2.3.99', value: 'cda-1' },
      status: 'current',
      type: { coding: [{ system: 'urn:oid:2.16.578.1.12.4.1.1.9602', code: 'A03-2' }] },
      category: [{ coding: [{ code: 'A00-1' }] }],
      subject: { reference: `Patient/${oldMan}` },
      author: [{ display: 'Kari Kirurg' }],
      securityLabel: [{ coding: [{ system: 'urn:oid:2.16.578.1.12.4.1.1.9603', code: 'N' }] }],
      description: 'Epikrise fra kirurgisk',
      content: [{ attachment: { creation: '2026-01-02T10:15:00+01:00', language: 'nb-NO' } }],
    });
    const id = reference.split('/')[1];
    expect((await ask('GET', `/api/documents/${id}/readable`)).text).toContain('Ukomplisert');
    const lists = await ask('GET', `/fhir/List?patient=${oldMan}&code=submissionset&item=${reference}`);
    expect(lists.body.entry).toHaveLength(1);
    expect((await generate(binary(cda(number)))).body.parameter[0].valueReference.reference).toBe(reference);
    expect((await generate(binary(cda(number, ' Men likevel.')))).status).toBe(409);
  });
  test('of a FHIR document, by its Composition', async () => {
    const document = {
      resourceType: 'Bundle',
      type: 'document',
      identifier: { system: 'urn:ietf:rfc:3986', value: 'urn:uuid:7d3c1d2e-1111-4222-8333-444455556666' },
      timestamp: '2026-01-03T10:00:00Z',
      entry: [
        {
          fullUrl: 'urn:uuid:00000000-0000-4000-8000-000000000001',
          resource: {
            resourceType: 'Composition',
            status: 'final',
            type: { coding: [{ system: 'http://loinc.org', code: '60591-5' }] },
            subject: { reference: 'urn:uuid:00000000-0000-4000-8000-000000000002' },
            date: '2026-01-03',
            author: [{ display: 'Et sykehus' }],
            title: 'Sammendrag',
          },
        },
        {
          fullUrl: 'urn:uuid:00000000-0000-4000-8000-000000000002',
          resource: {
            resourceType: 'Patient',
            identifier: [{ system: 'urn:oid:2.16.578.1.12.4.1.4.1', value: number }],
          },
        },
      ],
    };
    const answer = await generate(document);
    expect(answer.status, answer.text).toBe(200);
    const { body } = await ask('GET', `/fhir/${answer.body.parameter[0].valueReference.reference}`);
    expect(body).toMatchObject({
      description: 'Sammendrag',
      type: { coding: [{ system: 'http://loinc.org', code: '60591-5' }] },
      content: [{ attachment: { contentType: 'application/fhir+json', creation: '2026-01-03' } }],
    });
  });
  test('is told in the CapabilityStatement', async () => {
    const { body } = await ask('GET', '/fhir/metadata');
    const type = body.rest[0].resource.find((one: any) => one.type === 'DocumentReference');
    expect(type.operation).toContainEqual({
      name: 'generate-metadata',
      definition: 'https://profiles.ihe.net/ITI/MHD/OperationDefinition/generate-metadata',
    });
  });
});

describe('What is closed is counted on the FHIR endpoint', () => {
  const search = `/fhir/DocumentReference?patient=${oldMan}&status=current`;
  const counted = async (path: string, as = doctor): Promise<string | null> =>
    (await ask('GET', path, undefined, as)).headers.get(header);
  test('never to a citizen, a system, who has nothing to do with the patient, or where no patient is named', async () => {
    expect(await counted(search, 'oldManWithEverything')).toBeNull();
    expect(await counted(`/fhir/DocumentReference?patient=${mother}`)).toBeNull();
    expect(await counted('/fhir/DocumentReference?status=current')).toBeNull();
    expect(await counted(`/fhir/DocumentReference?patient=${oldMan},${mother}`)).toBeNull();
    expect(await counted(`/fhir/List?patient=${oldMan}`)).toBeNull();
  });
  test('by patient and status alone, whatever else is searched by; lists too', async () => {
    const lists = `/fhir/List?patient=${oldMan}&code=submissionset`;
    const [before, listsBefore] = [Number(await counted(search)), Number(await counted(lists))];
    const answer = await generate(binary(cda(number).replace('cda-1', 'cda-2')));
    const { reference } = answer.body.parameter[0].valueReference;
    const closed = { meta: { security: [{ system: 'urn:oid:2.16.578.1.12.4.1.1.9603', code: 'NORS' }] } };
    const { body: document } = await ask('GET', `/fhir/${reference}`);
    const { body: found } = await ask('GET', `${lists}&item=${reference}`);
    await at.node.fhir.importResources([
      { ...document, ...closed },
      { ...found.entry[0].resource, ...closed },
    ]);
    const after = await ask('GET', search);
    expect(after.body.entry.map((one: any) => one.resource.id)).not.toContain(document.id);
    expect(after.headers.get(header)).toBe(String(before + 1));
    // The kind of what is closed is not found out by asking for one kind after the other.
    for (const more of ['&type=A03-2', '&type=C01-2', '&date=gt2030', `&identifier=cda-2`])
      expect(await counted(search + more), more).toBe(String(before + 1));
    expect(await counted(`/fhir/DocumentReference?patient.identifier=${number}&status=current`)).toBe(
      String(before + 1),
    );
    expect(await counted(lists)).toBe(String(listsBefore + 1));
    const own = await ask('GET', `/api/documents?patient=${oldMan}&type=C01-2`);
    expect(own.body.leftOut).toBe(before + 1);
  });
});

/** A ZIP of files that are stored as they are: all that a DOCX needs. */
function zip(files: Readonly<Record<string, string>>): Buffer {
  const local: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const [name, text] of Object.entries(files)) {
    const [title, data] = [Buffer.from(name), Buffer.from(text)];
    const facts = Buffer.alloc(26);
    facts.writeUInt16LE(20, 0);
    facts.writeUInt32LE(crc32(data), 10);
    facts.writeUInt32LE(data.length, 14);
    facts.writeUInt32LE(data.length, 18);
    facts.writeUInt16LE(title.length, 22);
    const head = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), facts, title, data]);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(offset, 10);
    central.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\0', 'latin1'), facts, rest, title]));
    local.push(head);
    offset += head.length;
  }
  const index = Buffer.concat(central);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(local.length, 4);
  end.writeUInt16LE(local.length, 6);
  end.writeUInt32LE(index.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...local, index, Buffer.from('PK\x05\x06', 'latin1'), end]);
}

const types = 'http://schemas.openxmlformats.org/package/2006/content-types';
const relations = 'http://schemas.openxmlformats.org/package/2006/relationships';
const word = 'http://schemas.openxmlformats.org/wordprocessingml/2006/main';
const docx = (): Buffer =>
  zip({
    '[Content_Types].xml': `<Types xmlns="${types}"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`,
    '_rels/.rels': `<Relationships xmlns="${relations}"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>`,
    'word/document.xml': `<w:document xmlns:w="${word}"><w:body><w:p><w:r><w:t>Henvisning til hudlege for eksem på hendene.</w:t></w:r></w:p></w:body></w:document>`,
  });

function picture(text: string) {
  const canvas = createCanvas(900, 200);
  const context = canvas.getContext('2d');
  context.fillStyle = 'white';
  context.fillRect(0, 0, 900, 200);
  context.fillStyle = 'black';
  context.font = '48px sans-serif';
  context.fillText(text, 40, 110);
  return canvas;
}

function scannedPdf(text: string): Promise<Buffer> {
  const document = new PDFDocument({ size: [900, 200], margin: 0 });
  const pieces: Buffer[] = [];
  document.on('data', (piece: Buffer) => pieces.push(piece));
  const ended = new Promise<Buffer>((resolve) => document.on('end', () => resolve(Buffer.concat(pieces))));
  document.image(picture(text).toBuffer('image/png'), 0, 0, { width: 900 });
  document.end();
  return ended;
}

async function upload(bytes: Buffer, more: object = {}): Promise<any> {
  const answer = await fetch(`${at.url}/api/documents`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${await at.tokenOf(doctor)}`,
      'content-type': 'application/octet-stream',
      'fyr-document': encodeURIComponent(JSON.stringify({ patient: oldMan, type: 'I02-2', ...more })),
    },
    body: new Uint8Array(bytes),
  });
  return answer.json();
}

const read = (id: string): Promise<NodeAnswer> => ask('GET', `/api/documents/${id}/text`);

describe('A file', () => {
  test('of Word is read and shown', async () => {
    const { id, kind } = await upload(docx());
    expect(kind).toBe('docx');
    expect((await ask('GET', `/api/documents/${id}/readable`)).text).toContain('eksem på hendene');
    await expect.poll(async () => (await read(id)).body?.text, { timeout: 60_000 }).toContain('Henvisning til hudlege');
  }, 90_000);
  test('of TIFF is shown as a picture', async () => {
    const { data } = picture('Skannet').getContext('2d').getImageData(0, 0, 900, 200);
    const { id, kind } = await upload(Buffer.from(utif.encodeImage(new Uint8Array(data), 900, 200)), { title: 'Faks' });
    expect(kind).toBe('tiff');
    expect((await ask('GET', `/api/documents/${id}/pages`)).body).toEqual({ pages: 1 });
    const page = await ask('GET', `/api/documents/${id}/pages/1`);
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'image/png']);
    expect((await ask('GET', `/api/documents/${id}/pages/2`)).status).toBe(404);
  }, 90_000);
  test('that is a scanned PDF is read off its pages', async () => {
    const { id } = await upload(await scannedPdf('Mistanke om lungeemboli'), { title: 'Skannet' });
    await expect
      .poll(async () => (await read(id)).body?.text ?? '', { timeout: 90_000, interval: 500 })
      .toMatch(/lungeemboli/i);
    expect((await read(id)).body.source).toBe('ocr');
  }, 120_000);
});

test('A file that a scanner leaves in the folder is taken in; one that is refused lies aside with the reason, and one without a companion waits', async () => {
  const put = (name: string, text: string, companion?: object): void => {
    writeFileSync(join(folder, name), text);
    if (companion !== undefined) writeFileSync(join(folder, `${name}.json`), JSON.stringify(companion));
  };
  put('unfinished.txt', 'Et notat som fortsatt skannes.');
  put('brev.txt', 'Et brev fra skanneren om kontroll av blodtrykk.', { patient: oldMan, type: 'I02-2' });
  put('program.pdf', '\x7fELF\x02\x01\x01\0\0\0\0\0', { patient: oldMan });
  put('nobody.txt', 'Et brev om ingen.', { patient: 'nobody-here' });
  put('wrong.txt', 'Et brev med feil følge.', { person: oldMan });
  const left = (): string[] => readdirSync(folder).toSorted();
  await expect.poll(left, { timeout: 60_000 }).toEqual(['refused', 'unfinished.txt']);
  const { body } = await ask('GET', `/api/documents?patient=${oldMan}`);
  expect(body.documents.map((one: any) => one.title)).toContain('brev.txt');
  const refused = readdirSync(join(folder, 'refused'));
  for (const name of ['program.pdf', 'nobody.txt', 'wrong.txt']) {
    expect(refused).toContain(name);
    expect(readFileSync(join(folder, 'refused', `${name}.reason.txt`), 'utf8').length).toBeGreaterThan(10);
  }
  expect(existsSync(join(folder, 'unfinished.txt'))).toBe(true);
}, 90_000);
