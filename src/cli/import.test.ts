import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { zipSync } from 'fflate';
import tar from 'tar-stream';
import { expect, test } from 'vitest';
import { readConfig } from '#kernel/config.ts';
import { ownDatabaseUrl } from '../../test/support/database.ts';
import { runCommand } from './index.ts';

type Ran = { code: number; said: string };

type Operator = {
  folder: string;
  fyr(...words: string[]): Promise<Ran>;
  /** The same, on a terminal where Ctrl-C is pressed when the first progress is seen. */
  interrupted(...words: string[]): Promise<Ran>;
};

/** A record of the test's own, and `fyr` as an operator would give it there. */
async function operator(name: string): Promise<Operator> {
  const folder = mkdtempSync(join(tmpdir(), 'fyr-cli-'));
  const environment = { DATABASE_URL: await ownDatabaseUrl(name), FYR_DATA: join(folder, 'var'), FYR_SAMPLE: '0' };
  const run = async (words: string[], atProgress: () => void, signal: AbortSignal, isTTY: boolean): Promise<Ran> => {
    let said = '';
    const write = (text: string): void => {
      said += text;
      if (text.includes('%')) atProgress();
    };
    const code = await runCommand(words, {
      readConfig: () => readConfig(environment, folder),
      folder,
      output: { write, isTTY },
      signal,
    });
    return { code, said };
  };
  return {
    folder,
    fyr: (...words) => run(words, () => {}, new AbortController().signal, false),
    interrupted: (...words) => {
      const interrupt = new AbortController();
      return run(words, () => interrupt.abort(), interrupt.signal, true);
    },
  };
}

const patient = (id: string): object => ({ resourceType: 'Patient', id, name: [{ family: `Nordmann-${id}` }] });
const lines = (...resources: object[]): string => resources.map((resource) => `${JSON.stringify(resource)}\n`).join('');
const transaction = (...resources: object[]): object => ({
  resourceType: 'Bundle',
  type: 'transaction',
  entry: resources.map((resource, index) => ({
    fullUrl: `urn:uuid:00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
    resource,
    request: { method: 'POST', url: (resource as { resourceType: string }).resourceType },
  })),
});

function exported(folder: string, type: string): { id: string; meta: { versionId: string } }[] {
  return readFileSync(join(folder, `${type}.ndjson`), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}

test('imports JSON, NDJSON, Bundles, zip and tar.gz, and exports them again', async () => {
  const { folder, fyr } = await operator('cli_kinds');
  const load = join(folder, 'load');
  mkdirSync(join(load, 'deeper'), { recursive: true });
  writeFileSync(join(load, 'one.json'), JSON.stringify(patient('one')));
  writeFileSync(join(load, 'deeper', 'many.ndjson'), lines(patient('a'), patient('b')));
  writeFileSync(join(load, 'packed.ndjson.gz'), gzipSync(lines(patient('c'))));
  writeFileSync(
    join(load, 'bundle.json'),
    JSON.stringify({ resourceType: 'Bundle', type: 'collection', entry: [{ resource: patient('d') }] }),
  );
  writeFileSync(
    join(load, 'some.zip'),
    zipSync({ 'in/e.json': Buffer.from(JSON.stringify(patient('e'))), 'readme.txt': Buffer.from('no') }),
  );
  const pack = tar.pack();
  pack.entry({ name: './f.ndjson' }, lines(patient('f'), patient('g')));
  pack.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of pack) chunks.push(chunk as Buffer);
  writeFileSync(join(load, 'some.tar.gz'), gzipSync(Buffer.concat(chunks)));

  const ran = await fyr('import', 'load');
  expect(ran).toMatchObject({ code: 0 });
  expect(ran.said).toContain('Import: 8 resources');
  expect(await fyr('export', 'out')).toMatchObject({ code: 0 });
  const ids = exported(join(folder, 'out'), 'Patient').map(({ id }) => id);
  expect(ids.sort()).toEqual(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'one']);
});

test('what was imported is not imported again, unless that is asked for', async () => {
  const { folder, fyr } = await operator('cli_again');
  writeFileSync(join(folder, 'load.ndjson'), lines(patient('a')));
  await fyr('import', 'load.ndjson');
  expect((await fyr('import', 'load.ndjson')).said).toContain('1 of the files were imported before');
  expect(await fyr('import', '--again', 'load.ndjson')).toMatchObject({ code: 0 });
});

test('refuses what is wrong with its line and reason, and takes the rest', async () => {
  const { folder, fyr } = await operator('cli_refused');
  const text = `${lines(patient('a'))}{"resourceType":"Patient","id":"b","gender":"other than allowed"}\nnot JSON\n${lines(patient('c'))}`;
  writeFileSync(join(folder, 'load.ndjson'), text);
  const { code, said } = await fyr('import', 'load.ndjson');
  expect(code).toBe(1);
  expect(said).toMatch(/Refused: load.ndjson line 2: .*\(Patient.gender\)/);
  expect(said).toContain('Refused: load.ndjson line 3:');
  await fyr('export', 'out');
  expect(
    exported(join(folder, 'out'), 'Patient')
      .map(({ id }) => id)
      .sort(),
  ).toEqual(['a', 'c']);
  expect(readFileSync(join(folder, 'var/log/import-refused.ndjson'), 'utf8').trim().split('\n')).toHaveLength(2);
});

test('a transaction Bundle goes in whole, also one that refers to what a later file brings', async () => {
  const { folder, fyr } = await operator('cli_transaction');
  mkdirSync(join(folder, 'load'));
  const condition = (reference: string): object => ({
    resourceType: 'Condition',
    subject: { reference },
    code: { text: 'Hodepine' },
  });
  const own = condition('urn:uuid:00000000-0000-4000-8000-000000000000');
  writeFileSync(
    join(folder, 'load', 'a.json'),
    JSON.stringify(transaction(patient('x'), own, condition('Patient/late'))),
  );
  writeFileSync(join(folder, 'load', 'b.json'), JSON.stringify(patient('late')));
  expect(await fyr('import', 'load')).toMatchObject({ code: 0 });
  await fyr('export', 'out');
  expect(exported(join(folder, 'out'), 'Patient')).toHaveLength(2);
  expect(exported(join(folder, 'out'), 'Condition')).toHaveLength(2);
});

test('an import that is interrupted goes on where it stopped, and writes nothing twice', async () => {
  const { folder, fyr, interrupted } = await operator('cli_resume');
  const all = Array.from({ length: 5000 }, (_, index) => patient(`p${index}`));
  writeFileSync(join(folder, 'load.ndjson'), lines(...all));
  const first = await interrupted('import', 'load.ndjson');
  expect(first).toMatchObject({ code: 130 });
  expect(first.said).not.toContain('5\u202F000 resources');
  expect(await fyr('import', 'load.ndjson')).toMatchObject({ code: 0 });
  await fyr('export', 'out');
  const patients = exported(join(folder, 'out'), 'Patient');
  expect(patients).toHaveLength(5000);
  expect(patients.filter(({ meta }) => !meta.versionId.startsWith('1-'))).toEqual([]);
});

test('an export that is interrupted goes on where it stopped', async () => {
  const { folder, fyr, interrupted } = await operator('cli_export');
  const all = Array.from({ length: 5000 }, (_, index) => patient(`p${index}`));
  writeFileSync(join(folder, 'load.ndjson'), lines(...all));
  await fyr('import', 'load.ndjson');
  expect(await interrupted('export', 'out')).toMatchObject({ code: 130 });
  expect(await fyr('export', 'out')).toMatchObject({ code: 0 });
  expect(new Set(exported(join(folder, 'out'), 'Patient').map(({ id }) => id)).size).toBe(5000);
  await expect(fyr('export', 'out')).rejects.toThrow('is not empty');
});

test.each([
  [['import'], 'Say which file or folder to import'],
  [['import', 'absent.json'], 'There is nothing at'],
  [['import', '--fast', 'x'], 'Use: fyr import'],
  [['improt'], 'There is no command "improt"'],
  [['start', 'now'], 'fyr start takes nothing more'],
  [['token', '--as', 'nurse', '--node', 'nowhere'], 'The demo topology has no node nowhere: region, central'],
  [['token', '--as', 'nurse', '--node'], 'Say which node'],
])('fyr %j is refused in plain words', async (words, expected) => {
  const context = {
    readConfig: () => readConfig({}, '/'),
    folder: '/',
    output: { write: () => {} },
    signal: new AbortController().signal,
  };
  await expect(runCommand(words, context)).rejects.toThrow(expected);
});

test.each([[['--help']], [['import', '--help']], [['help', 'definitions', 'add']], [['check', '-h']]])(
  'fyr %j helps',
  async (words) => {
    let said = '';
    const context = {
      readConfig: () => readConfig({}, '/'),
      folder: '/',
      output: { write: (text: string) => (said += text) },
      signal: new AbortController().signal,
    };
    expect(await runCommand(words, context)).toBe(0);
    expect(said).toContain('fyr ');
  },
);

test('a file that is cut short, or is none of its kind, or not UTF-8, is told and stops nothing else', async () => {
  const { folder, fyr } = await operator('import_broken');
  const files = join(folder, 'files');
  mkdirSync(files);
  const whole = gzipSync(lines(...Array.from({ length: 2000 }, (_, index) => patient(`cut-${index}`))));
  writeFileSync(join(files, 'a-cut.ndjson.gz'), whole.subarray(0, whole.length - 2000));
  writeFileSync(join(files, 'b-none.zip'), 'no zip');
  writeFileSync(join(files, 'c-none.tar.gz'), 'no tar');
  const latin1 = Buffer.from('{"resourceType":"Patient","name":[{"family":"Bj\u00f8rn"}]}\n', 'latin1');
  writeFileSync(join(files, 'd.json'), latin1);
  writeFileSync(join(files, 'e.ndjson'), Buffer.concat([latin1, Buffer.from(lines(patient('e')))]));
  writeFileSync(join(files, 'f.json'), JSON.stringify(patient('f')));
  const { code, said } = await fyr('import', files);
  expect(code).toBe(1);
  for (const refused of [
    'a-cut.ndjson.gz: It can',
    'b-none.zip: It can',
    'c-none.tar.gz: It can',
    'd.json: d.json is not',
    'e.ndjson line 1: ',
  ])
    expect(said).toContain(`Refused: ${refused}`);
  expect(said).toContain('Refused in all: 5');
  const exported = join(folder, 'out');
  await fyr('export', exported);
  expect(readFileSync(join(exported, 'Patient.ndjson'), 'utf8')).toMatch(/"id":"e"/);
  expect(readFileSync(join(exported, 'Patient.ndjson'), 'utf8')).toMatch(/"id":"f"/);
});
