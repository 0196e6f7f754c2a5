import { join } from 'node:path';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { expect, test } from 'vitest';
import { openDoor } from '../door-for-test.ts';
import { ownDatabaseUrl } from '../../../../test/support/database.ts';
import { testApi } from '../../../../test/support/fhir.ts';

test('a list that is missing is said in the CapabilityStatement, and no longer when it is loaded', async () => {
  const api = await testApi({}, await ownDatabaseUrl('code_lists'));
  const folder = mkdtempSync(join(tmpdir(), 'fyr-lists-'));
  const signal = new AbortController().signal;
  const documentation = async (): Promise<string> => (await api.ask('GET', 'metadata')).body.rest[0].documentation;
  const code = async (value: string): Promise<any> =>
    api.ask('GET', `CodeSystem/$validate-code?url=urn:oid:2.16.578.1.12.4.1.1.9060&code=${value}`);
  try {
    await api.record.registers.register(
      api.server,
      openDoor(() => ({ mayKnowProtectedAddress: false })),
    );
    expect(await documentation()).toMatch(/not here.*9060 Kategori helsepersonell/);
    expect(await documentation()).toMatch(/in part.*7110 ICD-10/);
    // What is missing never makes a code right.
    const before = await code('SP');
    expect(before.body.parameter?.find((each: any) => each.name === 'result')?.valueBoolean).not.toBe(true);
    const path = join(folder, 'lists.csv');
    writeFileSync(path, 'list;name;version;codes\n9060;Kategori helsepersonell;2026;SP=Sykepleier|LE=Lege\n0;x;;y=z\n');
    const report = await api.record.registers.importFile('code-lists', path, { broken: 'skip', signal });
    expect(report).toMatchObject({ written: 1, broken: [{ line: 3 }] });
    expect((await code('SP')).body.parameter.find((each: any) => each.name === 'result').valueBoolean).toBe(true);
    expect((await code('QQ')).body.parameter.find((each: any) => each.name === 'result').valueBoolean).toBe(false);
    const lists = (await api.server.inject({ method: 'GET', url: '/registers/code-lists' })).json() as {
      lists: { url: string; state: string }[];
    };
    expect(lists.lists.find(({ url }) => url.endsWith('.9060'))?.state).toBe('here');
    expect(await documentation()).not.toContain('9060 Kategori');
    // What comes with the program fills gaps only: an operator's own version stays.
    const url = 'http://hl7.no/fhir/CodeSystem/no-basis-connection-type';
    await api.make({
      resourceType: 'CodeSystem',
      url,
      version: '9',
      status: 'active',
      content: 'complete',
      concept: [{ code: 'x' }],
    });
    for (let start = 0; start < 2; start++) {
      await api.record.registers.start();
      await api.record.registers.stop();
    }
    const stored = await api.ask('GET', 'CodeSystem?url:below=http://hl7.no/fhir&_elements=url,version');
    expect(stored.body.entry).toHaveLength(4);
    expect(stored.body.entry.map((each: any) => each.resource.version)).toContain('9');
    expect(await documentation()).not.toContain('no-basis');
    const shipped = join(import.meta.dirname, 'no-basis.json');
    expect(await api.record.registers.importFile('code-lists', shipped, { broken: 'stop', signal })).toMatchObject({
      written: 1,
    });
    expect(await api.record.registers.importFile('code-lists', shipped, { broken: 'stop', signal })).toMatchObject({
      unchanged: 4,
    });
  } finally {
    rmSync(folder, { recursive: true });
    await api.close();
  }
});
