/** The pages of the embedded provider in a real browser, and a SMART application made with a library of others that signs in through them. */
import AxeBuilder from 'axe-core';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { chromium, type Browser, type BrowserContext, type BrowserContextOptions, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { HttpServer } from '#kernel/http.ts';
import { smartConfiguration } from '#trust/provider/index.ts';
import { openApplication } from './smart-application.ts';
import { testProvider, type TestClient, type TestProvider } from '../../src/trust/provider/provider-for-test.ts';

const executablePath = process.env['FYR_TEST_CHROMIUM'];
const inBrowser = test.skipIf(executablePath === undefined);

let at: TestProvider;
let browser: Browser;
let app: TestClient;

beforeAll(async () => {
  if (executablePath === undefined) return;
  at = await testProvider(true, openApplicationAndRecord);
  app = await at.addClient(
    {
      name: `Vekst ${crypto.randomUUID().slice(0, 8)}`,
      scopes: ['openid', 'fhirUser', 'launch', 'launch/patient', 'patient/*.rs', 'offline_access'],
      profile: 'smart',
      redirectUris: [`${at.baseUrl}/app/index.html`],
    },
    true,
  );
  browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu', '--disable-quic'] });
});
afterAll(async () => {
  await browser?.close();
  await at?.close();
});

/** The application, and the little of a FHIR server that it needs: it takes bearer tokens of the provider. */
function openApplicationAndRecord(server: HttpServer, baseUrl: string): void {
  openApplication(
    server,
    `${baseUrl}/fhir`,
    `async (client) => {
      const patient = await client.patient.read();
      return 'read ' + patient.id + ' as ' + client.user.fhirUser + ' encounter ' + client.encounter.id;
    }`,
  );
  server.get('/fhir/.well-known/smart-configuration', (_request, reply) =>
    reply.type('application/json').send(JSON.stringify(smartConfiguration(`${baseUrl}/oidc`, true))),
  );
  const jwks = createRemoteJWKSet(new URL(`${baseUrl}/oidc/jwks`));
  server.get('/fhir/Patient/:id', async (request, reply) => {
    const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
    const { payload } = await jwtVerify(token, jwks, { issuer: `${baseUrl}/oidc`, audience: `${baseUrl}/fhir` });
    const { id } = request.params as { id: string };
    if (payload['patient'] !== id) return reply.code(403).send({});
    return reply.type('application/fhir+json').send({ resourceType: 'Patient', id });
  });
}

async function newContext(options: BrowserContextOptions = {}): Promise<BrowserContext> {
  const context = await browser.newContext(options);
  context.setDefaultTimeout(5000);
  return context;
}

type Violation = { id: string; nodes: { html: string }[] };

async function findNothing(page: Page): Promise<void> {
  await page.addScriptTag({ content: AxeBuilder.source });
  const found = (await page.evaluate('axe.run().then((r) => r.violations)')) as Violation[];
  expect(found.map((v) => [v.id, v.nodes.map((n) => n.html)])).toEqual([]);
  expect(await page.evaluate('document.documentElement.scrollWidth <= 320')).toBe(true);
}

const launchAddress = (scope: string, more = ''): string =>
  `${at.baseUrl}/app/launch.html?client=${app.id}&scope=${encodeURIComponent(scope)}${more}`;

const standalone = 'openid fhirUser launch/patient patient/Patient.rs';

inBrowser.for([
  ['nb', 'light'],
  ['nn', 'dark'],
  ['en', 'light'],
] as const)('in %s, %s, axe finds nothing on any page of a sign-in on a phone', async ([language, colorScheme]) => {
  const viewport = { width: 320, height: 640 };
  const context = await newContext({ viewport, colorScheme, bypassCSP: true, locale: language });
  const page = await context.newPage();
  await page.goto(launchAddress(standalone));
  await page.waitForSelector('button[name=persona]');
  expect(await page.getAttribute('html', 'lang')).toBe(language);
  await findNothing(page);
  await page.click('button[value=doctor]');
  await page.fill('input[name=name]', 'tindeland');
  await page.press('input[name=name]', 'Enter');
  await page.waitForSelector('button[name=patient]');
  await findNothing(page);
  await page.click('button[value=patient-2]');
  await page.waitForSelector('form[action*=consent]');
  await findNothing(page);
  await page.goto(`${at.issuer}/authorize?client_id=nobody`);
  await findNothing(page);
  await page.goto(`${at.issuer}/sign-out`);
  await findNothing(page);
  await context.close();
});

inBrowser('works by keyboard and without script, under a policy that allows none', async () => {
  const context = await newContext({ locale: 'nb' });
  const page = await context.newPage();
  const problems: string[] = [];
  page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
  const answered = page.waitForResponse('**/oidc/interaction/*');
  await page.goto(launchAddress(standalone));
  const policy = (await answered).headers()['content-security-policy'];
  expect(policy).toContain("default-src 'none'; style-src 'self'; form-action 'self'");
  expect(policy).not.toContain('unsafe');
  await page.waitForSelector('button[name=persona]');
  const storageState = await context.storageState();
  const withoutScript = await newContext({ javaScriptEnabled: false, locale: 'nb', storageState });
  const plain = await withoutScript.newPage();
  await plain.goto(page.url());
  // Three languages, then the people.
  for (let presses = 0; presses < 4; presses++) await plain.keyboard.press('Tab');
  expect(await plain.textContent('button:focus')).toContain('Ingrid Bergvik');
  await plain.keyboard.press('Enter');
  await plain.waitForSelector('input[name=name]');
  expect(await plain.textContent('h1')).toBe('Hvilken pasient gjelder det?');
  expect(problems).toEqual([]);
  await context.close();
  await withoutScript.close();
});

inBrowser('the language is kept from page to page', async () => {
  const context = await newContext({ locale: 'nb' });
  const page = await context.newPage();
  await page.goto(launchAddress(standalone));
  await page.click('a[lang=nn]');
  await page.click('button[value=mother]');
  await page.waitForSelector('button[name=patient]');
  expect(await page.getAttribute('html', 'lang')).toBe('nn');
  await context.close();
});

inBrowser('a SMART application made with fhirclient completes a standalone launch and reads its patient', async () => {
  const context = await newContext();
  const page = await context.newPage();
  await page.goto(launchAddress(standalone));
  await page.click('button[value=doctor]');
  await page.fill('input[name=name]', 'sofie');
  await page.press('input[name=name]', 'Enter');
  await page.click('button[value=patient-2]');
  await page.click('form[action*=consent] button');
  await page.waitForURL('**/app/index.html**');
  const said = `read patient-2 as Practitioner/doctor-1 encounter null`;
  await expect.poll(() => page.textContent('#said')).toBe(said);
  await context.close();
});

inBrowser('a SMART application made with fhirclient is opened from a record on its patient and encounter', async () => {
  const handle = await at.provider.createLaunch({
    account: 'doctor',
    client: app.id,
    patient: 'patient-1',
    encounter: 'stay-7',
  });
  const context = await newContext();
  const page = await context.newPage();
  const iss = encodeURIComponent(`${at.baseUrl}/fhir`);
  await page.goto(launchAddress('launch openid fhirUser patient/Patient.rs', `&iss=${iss}&launch=${handle}`));
  await page.click('button[value=doctor]');
  await page.click('form[action*=consent] button');
  await page.waitForURL('**/app/index.html**');
  const said = `read patient-1 as Practitioner/doctor-1 encounter stay-7`;
  await expect.poll(() => page.textContent('#said')).toBe(said);
  await context.close();
});

inBrowser('a person who does not agree comes back to the application, which is told so', async () => {
  const context = await newContext();
  const page = await context.newPage();
  await page.goto(launchAddress(standalone));
  await page.click('form[action*=abort] button');
  await page.waitForURL('**/app/index.html**');
  await expect.poll(() => page.textContent('#said')).toContain('failed:');
  await context.close();
});

inBrowser('signing out is asked about, and the next application is asked anew who it is', async () => {
  const context = await newContext({ locale: 'nb' });
  const page = await context.newPage();
  await page.goto(launchAddress(standalone));
  await page.click('button[value=doctor]');
  await page.waitForSelector('input[name=name]');
  await page.goto(`${at.issuer}/sign-out`);
  await page.click('button[value=yes]');
  await page.waitForSelector('h1');
  expect(await page.textContent('h1')).toBe('Du er logget ut');
  await page.goto(launchAddress(standalone));
  await page.waitForSelector('button[value=mother]');
  await context.close();
});
