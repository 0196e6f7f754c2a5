/** A SMART application on another origin, made with a library of others, against a whole node: sign-in, policy, record and scopes together. */
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemClock } from '#kernel/clock.ts';
import { createHttpServer, type HttpServer } from '#kernel/http.ts';
import { createClientStore } from '#trust/provider/index.ts';
import { freePort, testNode, type TestNode } from '../support/node.ts';
import { openApplication } from './smart-application.ts';

const executablePath = process.env['FYR_TEST_CHROMIUM'];
const inBrowser = test.skipIf(executablePath === undefined);
const clientId = 'smart-launch-test';

let at: TestNode;
let application: HttpServer;
let origin: string;
let browser: Browser;

/** Reads its patient, what the scope is limited to, what is beyond it, and goes on with a refreshed token. */
const work = `async (client) => {
  const patient = await client.patient.read();
  const total = async (query) => (await client.request(query)).total;
  const before = await total('Observation?category=laboratory&_total=accurate');
  await client.refresh();
  return JSON.stringify({
    patient: patient.id,
    user: client.user.fhirUser,
    patients: await total('Patient?_total=accurate'),
    isSame: before === await total('Observation?category=laboratory&_total=accurate') && before > 0,
    vitalSigns: await total('Observation?category=vital-signs&_total=accurate'),
    conditions: await total('Condition?_total=accurate'),
  });
}`;

beforeAll(async () => {
  if (executablePath === undefined) return;
  const port = await freePort();
  origin = `http://127.0.0.1:${port}`;
  at = await testNode('smart_launch', { FYR_ORIGINS: origin });
  application = await createHttpServer({ bodyBytesMax: 1024, requestTimeoutMs: 0 });
  openApplication(application, `${at.url}/fhir`, work);
  await application.listen({ host: '127.0.0.1', port });
  await createClientStore(at.db, systemClock).add({
    id: clientId,
    name: 'Laboratory curves',
    profile: 'smart',
    scopes: ['openid', 'fhirUser', 'launch/patient', 'patient/*.rs', 'offline_access'],
    redirectUris: [`${origin}/app/index.html`],
  });
  browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu', '--disable-quic'] });
}, 180_000);
afterAll(async () => {
  await browser?.close();
  await application?.close();
  await at?.stop();
});

async function launch(persona: string): Promise<Page> {
  const scope =
    'openid fhirUser launch/patient offline_access patient/Patient.rs patient/Observation.rs?category=laboratory';
  const page = await (await browser.newContext({ locale: 'en' })).newPage();
  page.setDefaultTimeout(20_000);
  await page.goto(`${origin}/app/launch.html?client=${clientId}&scope=${encodeURIComponent(scope)}`);
  await page.click(`button[value=${persona}]`);
  return page;
}

async function agree(page: Page): Promise<any> {
  await page.click('form[action*=consent] button');
  await page.waitForURL(`${origin}/app/index.html**`);
  await expect.poll(() => page.textContent('#said')).not.toBe('…');
  return JSON.parse((await page.textContent('#said')) ?? '');
}

/** The patient who is admitted at the doctor's ward in every region of the sample. */
const admitted = '018c0000-0100-7001-8000-00000000c001';

inBrowser('a doctor is offered no patient whom she has nothing to do with', async () => {
  const page = await launch('hospitalDoctor');
  await page.fill('input[name=name]', 'Havmo');
  await page.press('input[name=name]', 'Enter');
  await expect.poll(() => page.textContent('main')).toContain('No patient that you have access to');
  await page.context().close();
});

inBrowser('a doctor opens the application on her patient: it reads what it was given, and nothing more', async () => {
  const page = await launch('hospitalDoctor');
  await page.fill('input[name=name]', 'Nordskog');
  await page.press('input[name=name]', 'Enter');
  await page.click('button[name=patient]');
  expect(await agree(page)).toEqual({
    patient: admitted,
    user: 'Practitioner/018c0000-0001-7100-8000-00000000a001',
    patients: 1,
    isSame: true,
    vitalSigns: 0,
    conditions: 0,
  });
  await page.context().close();
});

inBrowser('a mother opens it on her own record, and is offered her daughter’s', async () => {
  const page = await launch('motherOfTeenager');
  expect(await page.textContent('main')).toContain('Hege Tindeland');
  await page.click('button[name=patient]:has-text("Hege")');
  expect(await agree(page)).toMatchObject({ user: 'Patient/018c0000-0100-7008-8000-00000000c008', patients: 1 });
  await page.context().close();
});
