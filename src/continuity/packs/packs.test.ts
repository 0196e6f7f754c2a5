import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, watch, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tmpdir } from 'node:os';
import { extractText, getDocumentProxy } from 'unpdf';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { patientBucket } from '#fhir/record/bucket.ts';
import { testNode, type TestNode } from '../../../test/support/node.ts';
import { patientOf } from '../../../test/trust/asking.ts';
import { heldBelow } from './held.ts';
import { phrases } from './phrases.ts';
import { printPdf } from './print.ts';

let at: TestNode;
let folder: string;
let ward: string;
let otherWard: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'fyr-packs-'));
  at = await testNode('packs', {
    FYR_PACK_FOLDER: join(folder, 'to print'),
    FYR_PACK_MINUTES: '1440',
    FYR_PACKS_KEPT: '2',
    FYR_PACK_PRINTER: `dd of=${join(folder, 'printed-{ward}.pdf')}`,
  });
  const { body } = await at.ask('GET', '/api/packs', { as: 'nurse' });
  const named = (name: RegExp): string => body.wards.find((one: any) => name.test(one.name)).id;
  ward = named(/^Medisinsk avdeling/);
  otherWard = body.wards.find((one: any) => one.id !== ward).id;
}, 120_000);
afterAll(async () => {
  await at.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function textOf(bytes: Uint8Array): Promise<string[]> {
  const { text } = await extractText(await getDocumentProxy(new Uint8Array(bytes)));
  return text;
}

async function fetchPdf(as: string, of = ward): Promise<{ status: number; bytes: Uint8Array }> {
  const answer = await fetch(`${at.url}/api/packs/${of}/latest.pdf`, {
    headers: { authorization: `Bearer ${await at.tokenOf(as)}` },
  });
  return { status: answer.status, bytes: new Uint8Array(await answer.arrayBuffer()) };
}

const make = (as = 'nurse', of = ward, body: object = {}) => at.ask('POST', `/api/packs/${of}`, { as, body });

test('nobody gets a pack without signing in, and only personnel who treat', async () => {
  expect((await at.ask('GET', `/api/packs/${ward}/latest.pdf`)).status).toBe(401);
  for (const as of ['oldManWithEverything', 'operator', 'researcher'])
    expect((await at.ask('GET', '/api/packs', { as })).status, as).toBe(403);
});

test('a ward without a pack, and a ward that nobody lies on, are told as such', async () => {
  expect((await at.ask('GET', `/api/packs/nowhere/latest.pdf`, { as: 'nurse' })).status).toBe(404);
  expect((await make('nurse', 'nowhere')).status).toBe(404);
  expect((await at.ask('GET', `/api/packs/..%2f..%2fetc/latest.pdf`, { as: 'nurse' })).status).toBe(400);
});

test('a nurse of the ward gets its pack, and each patient finds it in the access log', async () => {
  const made = await make();
  expect(made.status, made.text).toBe(200);
  const { status, bytes } = await fetchPdf('nurse');
  expect(status).toBe(200);
  const pages = await textOf(bytes);
  expect(pages).toHaveLength(made.body.pages);
  const mine = await at.ask('GET', '/api/log/mine?count=50', { as: 'oldManWithEverything' });
  expect(mine.text).toContain('Lindnes');
});

test('two hospitals with a ward of one name: each is told with its house', async () => {
  const physical = (code: string): object => ({
    coding: [{ system: 'http://terminology.hl7.org/CodeSystem/location-physical-type', code }],
  });
  const ids = { house: '018c0000-0100-7001-8000-0000000ace01', ward: '018c0000-0100-7001-8000-0000000ace02' };
  const stay = {
    resourceType: 'Encounter',
    id: '018c0000-0100-7001-8000-0000000ace03',
    status: 'in-progress',
    class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'IMP' },
    subject: { reference: `Patient/${patientOf('youngMother')}` },
    location: [{ location: { reference: `Location/${ids.ward}` }, status: 'active' }],
  };
  await at.node.fhir.importResources([
    { resourceType: 'Location', id: ids.house, name: 'Vardfjord lokalsykehus', physicalType: physical('bu') },
    {
      resourceType: 'Location',
      id: ids.ward,
      name: 'Medisinsk avdeling, sengepost',
      physicalType: physical('wa'),
      partOf: { reference: `Location/${ids.house}` },
    },
    stay,
  ]);
  const namesNow = async (): Promise<string[]> =>
    (await at.ask('GET', '/api/packs', { as: 'nurse' })).body.wards.map(({ name }: { name: string }) => name);
  try {
    expect(await namesNow()).toEqual(
      expect.arrayContaining([
        'Medisinsk avdeling, sengepost, Fyrlandet sentralsykehus',
        'Medisinsk avdeling, sengepost, Vardfjord lokalsykehus',
      ]),
    );
  } finally {
    await at.node.fhir.importResources([{ ...stay, status: 'finished' }]);
  }
  expect(await namesNow()).toContain('Medisinsk avdeling, sengepost');
});

test('whoever works elsewhere is refused the pack of a ward with patients that are not theirs', async () => {
  await make();
  expect((await fetchPdf('midwife')).status).toBe(403);
});

test('the pack says what a nurse relies on: who, what is dangerous, what was given and what is due, and how old it is', async () => {
  await make();
  const pages = await textOf((await fetchPdf('nurse')).bytes);
  expect(pages[0]).toContain('Medisinsk avdeling, sengepost');
  expect(pages[0]).toContain('NORDSKOG, Torleif');
  const own = pages.filter((page) => page.includes('NORDSKOG, Torleif'));
  const sheet = own.find((page) => page.includes('Legemidler på avdelingen')) ?? '';
  for (const words of [
    'Allergier og overfølsomhet',
    'Ikke registrert: ingen har skrevet noe',
    'Viktig blodfortynnende behandling',
    'Behandlingsbegrensninger',
    'Apiksaban',
    'Sist gitt',
    'NEWS2',
    'Prøvesvar siste 48 timer',
    'Ingrid Bergvik',
    'Håvard Lindnes',
  ])
    expect(sheet).toContain(words);
  for (const page of pages) {
    expect(page).toMatch(/Nødpakke .* laget \d\d\.\d\d\.\d{4} kl\. \d\d\.\d\d .*node test/);
    expect(page).toMatch(/side \d+ av \d+/);
  }
});

test('each patient has forms with their name and a number of their own, and there are some without a name', async () => {
  await make();
  const pages = await textOf((await fetchPdf('nurse')).bytes);
  const codes = pages.flatMap((page) => page.match(/Skjema ([A-Z]{4}-\d{6}-\d{4}-\d\d)/)?.[1] ?? []);
  expect(codes.length).toBeGreaterThan(10);
  expect(new Set(codes).size).toBe(codes.length);
  const doses = pages.find((page) => page.includes('Gitte legemidler') && page.includes('NORDSKOG, Torleif')) ?? '';
  expect(doses).toContain('Apiksaban');
  expect(pages.some((page) => page.includes('Ny pasient: ukjent for systemet'))).toBe(true);
});

test('a form that has left the node is in no later pack', async () => {
  const codesIn = async (): Promise<string[]> =>
    (await textOf((await fetchPdf('nurse')).bytes)).flatMap(
      (page) => page.match(/Skjema ([A-Z]{4}-\d{6}-\d{4}-\d\d)/)?.[1] ?? [],
    );
  await make();
  const first = await codesIn();
  await make();
  const second = await codesIn();
  expect(second.filter((code) => first.includes(code))).toEqual([]);
});

test('the HTML says the same, and lets nothing run', async () => {
  await make();
  const { status, text, headers } = await at.ask('GET', `/api/packs/${ward}/latest.html`, { as: 'nurse' });
  expect(status).toBe(200);
  expect(text).toContain('NORDSKOG, Torleif');
  expect(text).toContain('Apiksaban');
  expect(text).not.toMatch(/<script|http/);
  expect(headers.get('content-security-policy')).toMatch(/default-src 'none'; style-src 'sha256-/);
});

test('what is kept is sealed, pruned, and a damaged or half pack is never the newest', async () => {
  for (let count = 0; count < 3; count++) await make();
  const own = join(at.config.packs.folder, ward);
  const kept = readdirSync(own).toSorted();
  expect(kept).toHaveLength(2);
  const newest = join(own, kept.at(-1) as string);
  const sealed = readFileSync(newest);
  expect(sealed.includes('%PDF')).toBe(false);
  expect(sealed.includes(patientOf('oldManWithEverything'))).toBe(false);
  const madeAt = async (): Promise<string> =>
    (await at.ask('GET', '/api/packs', { as: 'nurse' })).body.packs.find((one: any) => one.ward === ward).madeAt;
  const whole = await madeAt();
  sealed.writeUInt8(sealed.readUInt8(5000) ^ 1, 5000);
  writeFileSync(newest, sealed);
  const before = await madeAt();
  expect(Date.parse(before)).toBeLessThan(Date.parse(whole));
  expect((await fetchPdf('nurse')).status).toBe(200);
  writeFileSync(newest, sealed.subarray(0, 3000));
  expect(await madeAt()).toBe(before);
  writeFileSync(join(own, 'x.pack.writing'), 'half');
  await make();
  expect(readdirSync(own)).toHaveLength(2);
  expect(Date.parse(await madeAt())).toBeGreaterThan(Date.parse(before));
});

test('killed while it writes a pack, the node has the last whole one, and makes the next', async () => {
  const own = join(at.config.packs.folder, ward);
  await make();
  const madeAt = async (): Promise<string> =>
    (await at.ask('GET', '/api/packs', { as: 'nurse' })).body.packs.find((one: any) => one.ward === ward).madeAt;
  // Writing takes a moment only: once in a while it is over before the signal comes.
  let killed = 0;
  for (let round = 0; round < 5 && killed === 0; round++) {
    const before = await madeAt();
    if ((await killedWhileWriting(own)) === 'SIGKILL') killed++;
    // What was under way is either whole, or not there.
    expect(Date.parse(await madeAt())).toBeGreaterThanOrEqual(Date.parse(before));
    const { status, bytes } = await fetchPdf('nurse');
    expect(status).toBe(200);
    expect((await textOf(bytes)).join(' ')).toContain('Medisinsk avdeling');
  }
  expect(killed).toBe(1);
  const last = await madeAt();
  await make();
  expect(Date.parse(await madeAt())).toBeGreaterThan(Date.parse(last));
  expect(readdirSync(own).filter((name) => !name.endsWith('.pack'))).toEqual([]);
}, 240_000);

/** `fyr pack` as a process of its own, killed at the moment at which the file is begun. */
function killedWhileWriting(own: string): Promise<NodeJS.Signals | null> {
  const { dataFolder, node } = at.config;
  const environment = { FYR_DATA: dataFolder, FYR_NODE: node, FYR_SAMPLE: '0', DATABASE_URL: at.databaseUrl };
  const child = spawn(process.execPath, [join(import.meta.dirname, '../../main.ts'), 'pack', ward], {
    cwd: folder,
    env: { PATH: process.env['PATH'], ...environment },
    stdio: 'ignore',
  });
  const watcher = watch(own, (_event, name) => void (name?.endsWith('.writing') && child.kill('SIGKILL')));
  return new Promise((resolve) =>
    child.on('exit', (_code, signal) => {
      watcher.close();
      resolve(signal);
    }),
  );
}

test('the newest copy lies where it prints without Fyr', async () => {
  await make();
  const files = readdirSync(join(folder, 'to print'));
  const pdf = files.find((name) => name.startsWith('Medisinsk avdeling sengepost') && name.endsWith('.pdf')) ?? '';
  const [first] = await textOf(readFileSync(join(folder, 'to print', pdf)));
  expect(first).toContain('NORDSKOG, Torleif');
  expect(files.some((name) => name.endsWith('.html'))).toBe(true);
});

test('it goes to the printer when somebody of the ward asks', async () => {
  expect((await make('midwife', ward, { print: true })).status).toBe(403);
  const { status, body } = await make('nurse', ward, { print: true });
  expect(status).toBe(200);
  expect(body.isPrinted).toBe(true);
  const [first] = await textOf(readFileSync(join(folder, `printed-${ward}.pdf`)));
  expect(first).toContain('NORDSKOG, Torleif');
});

test('of one who has closed the record, no more than who and where is on paper', async () => {
  const patient = patientOf('oldManWithEverything');
  const consent = {
    resourceType: 'Consent',
    id: 'pack-block',
    status: 'active',
    scope: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/consentscope', code: 'patient-privacy' }] },
    category: [{ coding: [{ system: 'urn:fyr:code-system:consent-kind', code: 'block' }] }],
    patient: { reference: `Patient/${patient}` },
    dateTime: '2026-01-01T00:00:00Z',
    policyRule: { text: 'Pasientjournalloven § 17' },
    provision: { type: 'deny', period: { start: '2026-01-01T00:00:00Z' } },
  };
  await at.node.fhir.importResources([consent]);
  try {
    await make();
    const pages = await textOf((await fetchPdf('nurse')).bytes);
    const own = pages.filter((page) => page.includes('NORDSKOG, Torleif'));
    expect(own.some((page) => page.includes('SPERRET av pasienten'))).toBe(true);
    for (const page of own.slice(1)) expect(page).not.toMatch(/Apiksaban|blodfortynnende|Nyresvikt/);
  } finally {
    await at.node.fhir.importResources([{ ...consent, status: 'inactive' }]);
  }
});

test('by the clock each ward that has somebody gets its pack, and their ages are told', async () => {
  const asked = () => at.ask('GET', '/api/packs', { as: 'nurse' });
  await expect.poll(async () => (await asked()).body.packs.length, { timeout: 60_000 }).toBeGreaterThan(1);
  const { packs, wards } = (await asked()).body;
  await expect.poll(async () => (await asked()).body.packs.length, { timeout: 60_000 }).toBe(wards.length);
  expect(packs.every((pack: any) => pack.ageSeconds < 300 && pack.pages > 0)).toBe(true);
  expect((await fetchPdf('nurse', otherWard)).status).toBe(403);
}, 150_000);

test('a printer that fails is told, in words', async () => {
  await expect(printPdf('false', 'w', Buffer.from('x'))).rejects.toThrow(/ended with 1/);
  await expect(printPdf('no-such-program', 'w', Buffer.from('x'))).rejects.toThrow(/could not be started/);
});

test('at a node below another a record is whole when all of it came, and as old as the line says', async () => {
  const [patient] = ['pack-holding'];
  const holding = async (currentAt: number | undefined) =>
    (await heldBelow(at.db, () => Promise.resolve(currentAt))([patient!], 5)).get(patient!);
  expect(await holding(undefined)).toEqual({ isWhole: false, heardAt: 0 });
  const bucket = `#${patientBucket(patient!)}`;
  await at.db`insert into sync_holding (unit, state, since) values (${patient!}, 'whole', 0)`;
  expect(await holding(1000)).toEqual({ isWhole: false, heardAt: 1000 });
  await at.db`insert into sync_holding (unit, state, since) values (${bucket}, 'whole', 0)`;
  expect(await holding(1000)).toEqual({ isWhole: true, heardAt: 1000 });
  await at.db`update sync_holding set state = 'filling' where unit = ${patient!}`;
  expect(await holding(1000)).toEqual({ isWhole: false, heardAt: 1000 });
});

test('a pack is in nynorsk or English where somebody asks for it, and the packs of the node stay in its own language', async () => {
  expect((await make('nurse', ward, { language: 'sv' })).status).toBe(400);
  const ask = async (language: string, file: 'pdf' | 'html'): Promise<Response> =>
    fetch(`${at.url}/api/packs/${ward}/latest.${file}?language=${language}`, {
      headers: { authorization: `Bearer ${await at.tokenOf('nurse')}` },
    });
  expect([(await ask('sv', 'pdf')).status, (await ask('en', 'pdf')).status]).toEqual([400, 404]);
  await make();
  for (const [language, title, form, none] of [
    ['nn', 'Naudpakke', 'Skriv tida då det skjedde', 'Sjukepleiar'],
    ['en', 'Downtime pack', 'Write the time at which it happened', 'Nurse'],
  ] as const) {
    const made = await make('nurse', ward, { language });
    expect(made.body, made.text).toMatchObject({ language });
    const html = await (await ask(language, 'html')).text();
    const pdf = (await textOf(new Uint8Array(await (await ask(language, 'pdf')).arrayBuffer()))).join('\n');
    expect(html).toContain(`<html lang="${language}">`);
    for (const words of [title, none]) for (const text of [html, pdf]) expect(text, words).toContain(words);
    expect(pdf).toContain(form);
    const which = language === 'nn' ? 0 : 1;
    const all = Object.values(phrases).map((others) => others[which]);
    const ofBokmal = Object.entries(phrases)
      .filter(([nb, others]) => nb.length > 12 && !nb.includes('{') && others[which] !== nb)
      .map(([nb]) => nb)
      .filter((nb) => !all.some((other) => other.includes(nb)));
    expect(ofBokmal.length).toBeGreaterThan(50);
    for (const nb of ofBokmal) for (const text of [html, pdf]) expect(text.includes(nb), nb).toBe(false);
  }
  const { body } = await at.ask('GET', '/api/packs', { as: 'nurse' });
  expect([body.language, body.packs.find((one: any) => one.ward === ward).language]).toEqual(['nb', 'nb']);
  expect((await textOf((await fetchPdf('nurse')).bytes)).join('\n')).toContain('Nødpakke');
});
