import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, onTestFinished, test } from 'vitest';
import { readConfig } from '#kernel/config.ts';
import { ownDatabaseUrl } from '../../test/support/database.ts';
import { testApi, type TestApi } from '../../test/support/fhir.ts';
import { runCommand } from './index.ts';

const volven = 'urn:oid:2.16.578.1.12.4.1.1.';
const published = join(import.meta.dirname, '../../../shared/norway/kodeverk');
const nlk = `${published}/nlk/nlk-test/resources/csv_output/norsk_laboratoriekodeverk_7280.77-clean_full_deduplicated.csv`;
const folder = mkdtempSync(join(tmpdir(), 'fyr-definitions-'));
let api: TestApi;
let databaseUrl: string;

afterAll(() => rmSync(folder, { recursive: true }));

/** A node of the test's own: what it has loaded is nobody else's. */
async function openNode(): Promise<void> {
  databaseUrl = await ownDatabaseUrl('definitions_add');
  api = await testApi({}, databaseUrl);
  onTestFinished(() => api.close());
}

/** A running node takes what another process has added into use at its next start. */
async function restart(): Promise<void> {
  await api.close();
  api = await testApi({}, databaseUrl);
}

/** Runs the command beside the running node; what it says, and its exit code. */
async function add(...words: string[]): Promise<{ said: string; code: number }> {
  let said = '';
  const environment = { DATABASE_URL: databaseUrl, FYR_DATA: join(folder, 'var') };
  const code = await runCommand(['definitions', 'add', ...words], {
    readConfig: () => readConfig(environment, folder),
    folder,
    output: { write: (text) => (said += text) },
    signal: new AbortController().signal,
  });
  await restart();
  return { said, code };
}

function file(name: string, content: string | object): string {
  writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));
  return name;
}

const valueOf = (body: any, name: string): any => {
  const found = body.parameter?.find((each: any) => each.name === name);
  return found?.valueBoolean ?? found?.valueString ?? found?.valueCode;
};

async function isValid(list: string, code: string): Promise<boolean | undefined> {
  const { body } = await api.ask(
    'GET',
    `CodeSystem/$validate-code?url=${volven}${list}&code=${encodeURIComponent(code)}`,
  );
  return valueOf(body, 'result') as boolean | undefined;
}

async function lookUp(list: string, code: string): Promise<any> {
  return (await api.ask('GET', `CodeSystem/$lookup?system=${volven}${list}&code=${encodeURIComponent(code)}`)).body;
}

const subsumes = async (list: string, a: string, b: string): Promise<string> =>
  valueOf(
    (await api.ask('GET', `CodeSystem/$subsumes?system=${volven}${list}&codeA=${a}&codeB=${b}`)).body,
    'outcome',
  ) as string;

const propertyOf = (body: any, code: string): unknown => {
  const parts = body.parameter.filter((each: any) => each.name === 'property').map((each: any) => each.part);
  const found = parts.find((each: any) => each.some((part: any) => part.name === 'code' && part.valueCode === code));
  const value = found?.find((part: any) => part.name === 'value');
  return value?.valueString ?? value?.valueCode ?? value?.valueBoolean;
};

test('a list that is not named, has no codes, or is of another form is refused, and nothing is written', async () => {
  await openNode();
  await expect(add(file('unnamed.json', { A01: 'tekst' }))).rejects.toThrow(/does not say which/);
  await expect(add(file('other.json', [1, 2]), '--list', '7180')).rejects.toThrow(/no code/);
  await expect(add(file('other.csv', 'a;b\n1;2\n'), '--list', '7180')).rejects.toThrow(/no column/);
  await expect(add(file('ok.csv', 'kode\n1\n'), '--list', '71')).rejects.toThrow(/four digits/);
  expect(await isValid('7180', 'A01')).not.toBe(true);
});

test('a code that can not be read stops its file, or makes its list a part in which no code is called wrong', async () => {
  await openNode();
  const name = file('broken.csv', 'kode;tekst\nA;Første\n a\tb;Feil\nA;Igjen\nB;Andre\n');
  const stopped = await add(name, '--list', '8888');
  expect(stopped).toMatchObject({
    code: 1,
    said: expect.stringMatching(/line 3: .*not a code.*\n.*line 4: is there twice/),
  });
  expect(await isValid('8888', 'A')).not.toBe(true);
  expect((await add(name, '--list', '8888', '--broken', 'skip')).code).toBe(1);
  expect(await isValid('8888', 'A')).toBe(true);
  const unknown = await api.ask('GET', `CodeSystem/$validate-code?url=${volven}8888&code=Q`);
  expect(valueOf(unknown.body, 'result')).toBe(false);
  expect(valueOf(unknown.body, 'message')).toMatch(/not in the part/);
});

test('CSV gives texts, definitions, parents, what has gone out of use, and all other columns as properties', async () => {
  await openNode();
  const text =
    'kode,norsk_bruksnavn,overordnet,gyldig_til,enhet\nG,Gruppe,,,\nG1,"En, to",G,,mmol/L\nG2,Gammel,G,2001-01-01 00:00:00,\n';
  expect(await add(file('lab.csv', text), '--list', '8887', '--version', '3')).toMatchObject({ code: 0 });
  const found = await lookUp('8887', 'G1');
  expect([valueOf(found, 'display'), valueOf(found, 'version'), propertyOf(found, 'enhet')]).toEqual([
    'En, to',
    '3',
    'mmol/L',
  ]);
  expect(propertyOf(await lookUp('8887', 'G2'), 'inactive')).toBe(true);
  expect(await subsumes('8887', 'G', 'G1')).toBe('subsumes');
  expect((await add('lab.csv', '--list', '8887', '--version', '3')).said).toContain('0 of them new');
});

test('ICD-10 and ICPC-2 as their package has them: codes under codes, and what is not there is wrong', async () => {
  await openNode();
  const resolve = createRequire(import.meta.url).resolve;
  const [icd10, icpc2] = ['ICD10', 'ICPC2'].map((name) => resolve(`@navikt/diagnosekoder/lib/${name}.json`));
  expect((await add(icd10!, '--list', '7110', '--version', '2026', '--partial')).code).toBe(0);
  expect((await add(icpc2!, '--list', '7170', '--version', '2026')).code).toBe(0);
  expect([await isValid('7110', 'E110'), await isValid('7110', 'E11.0'), await isValid('7110', 'X9999')]).toEqual([
    true,
    true,
    false,
  ]);
  expect([await isValid('7170', 'T90'), await isValid('7170', 'T999')]).toEqual([true, false]);
  expect(valueOf(await lookUp('7170', 'T90'), 'display')).toMatch(/diabetes/i);
});

test.skipIf(!existsSync(`${published}/volven-codelists.json`))(
  'the Volven lists as they are published',
  { timeout: 180_000 },
  async () => {
    await openNode();
    const path = join(published, 'volven-codelists.json');
    const before = (await api.ask('GET', 'metadata')).body.rest[0].documentation as string;
    expect(before).toContain('9060 Kategori helsepersonell');
    const { said, code } = await add(path, '--broken', 'skip', '--version', '2021');
    expect(said).toMatch(/973 code lists with 17670 codes, 973 of them new or changed/);
    expect(code).toBe(1);
    expect([await isValid('9060', 'SP'), await isValid('9060', 'QQ')]).toEqual([true, false]);
    expect(valueOf(await lookUp('9060', 'SP'), 'display')).toBe('Sykepleier');
    expect((await api.ask('GET', 'metadata')).body.rest[0].documentation).not.toContain('9060 Kategori');
  },
);

test.skipIf(!existsSync(`${published}/atc-no.json`))('ATC: levels lie under each other', async () => {
  await openNode();
  expect((await add(join(published, 'atc-no.json'), '--list', '7180', '--name', 'ATC', '--version', '2026')).code).toBe(
    0,
  );
  expect([await isValid('7180', 'A01AB02'), await isValid('7180', 'A01AB99')]).toEqual([true, false]);
  expect(valueOf(await lookUp('7180', 'A01AB02'), 'display')).toBe('hydrogenperoksid');
  expect(await subsumes('7180', 'A01', 'A01AB02')).toBe('subsumes');
});

test.skipIf(!existsSync(nlk))('NLK: units and what a code is replaced by', { timeout: 60_000 }, async () => {
  await openNode();
  expect((await add(nlk, '--list', '7280', '--name', 'Norsk laboratoriekodeverk', '--version', '7280.77')).code).toBe(
    0,
  );
  const found = await lookUp('7280', 'NOR05003');
  expect([valueOf(found, 'display'), propertyOf(found, 'enhet')]).toEqual(['Us-Osmolalitet', 'mosmol/kg']);
  const old = await lookUp('7280', 'NOR05001');
  expect([propertyOf(old, 'inactive'), propertyOf(old, 'erstattes_av')]).toEqual([true, 'NPU29069']);
  expect(await isValid('7280', 'NPU99999')).toBe(false);
});
