import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';
import { expect, test } from 'vitest';
import { loadDefinitions } from '../definitions/index.ts';
import { parseJson } from '../json/index.ts';
import type { Resource } from '../types.ts';
import { createValidator, readPackage } from './index.ts';

const packed = async (files: Record<string, string>): Promise<Buffer> => {
  const archive = pack();
  for (const [name, text] of Object.entries(files)) archive.entry({ name }, text);
  archive.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of archive as AsyncIterable<Buffer>) chunks.push(chunk);
  return gzipSync(Buffer.concat(chunks));
};

const manifest = JSON.stringify({
  name: 'example.no',
  version: '1.0.0',
  dependencies: { 'hl7.fhir.r4.core': '4.0.1' },
});

test('a package gives its name, what it needs, its resources and its examples', async () => {
  const found = await readPackage(
    await packed({
      'package/ValueSet-a.json': '{"resourceType":"ValueSet","status":"active"}',
      'package/package.json': manifest,
      'package/.index.json': '{"files":[]}',
      'package/other/ig.json': '{"resourceType":"Binary"}',
      'package/example/Patient-b.json': '{"resourceType":"Patient","id":"b"}',
      'package/notes.md': 'text',
      'package/odd.json': '{"a":1}',
      'package/broken.json': '{"a":',
    }),
  );
  expect(found).toMatchObject({ name: 'example.no', version: '1.0.0', dependencies: { 'hl7.fhir.r4.core': '4.0.1' } });
  expect(found.resources.map((resource) => resource.resourceType)).toEqual(['ValueSet']);
  expect(found.examples.map((resource) => resource.id)).toEqual(['b']);
  expect(found.skipped.map((one) => one.path)).toEqual(['package/odd.json', 'package/broken.json']);
});

test('what is no package is refused in plain words', async () => {
  await expect(readPackage(Buffer.from('not gzip'))).rejects.toMatchObject({ kind: 'invalid' });
  await expect(readPackage(gzipSync('not tar'.repeat(200)))).rejects.toMatchObject({ kind: 'invalid' });
  await expect(readPackage(await packed({ 'package/a.json': '{}' }))).rejects.toMatchObject({ kind: 'invalid' });
  await expect(readPackage('/no/such/file.tgz')).rejects.toMatchObject({ kind: 'invalid' });
});

test('a package has limits in files and in unpacked bytes', async () => {
  const many = await packed({ 'package/package.json': manifest, 'package/a.json': '{}', 'package/b.json': '{}' });
  await expect(readPackage(many, { entriesMax: 2 })).rejects.toMatchObject({ kind: 'tooLarge' });
  const bomb = gzipSync(Buffer.alloc(20_000_000));
  await expect(readPackage(bomb, { bytesMax: 1_000_000 })).rejects.toMatchObject({ kind: 'tooLarge' });
  const large = await packed({ 'package/package.json': manifest, 'package/a.json': `"${'x'.repeat(5_000)}"` });
  await expect(readPackage(large, { fileBytesMax: 4_000 })).rejects.toMatchObject({ kind: 'tooLarge' });
});

const noBasis = new URL('../../../../shared/norway/fhir-no-basis/', import.meta.url);
const isHere = existsSync(noBasis);

test.skipIf(!isHere)(
  'the Norwegian base profiles accept their own examples, but for one with an id that R4 refuses',
  async () => {
    const found = await readPackage(new URL('packages/hl7.fhir.no.basis-2.2.2-snapshots.tgz', noBasis).pathname);
    expect(found).toMatchObject({ name: 'hl7.fhir.no.basis', version: '2.2.2' });
    const folder = new URL('hl7.fhir.no.basis-2.2.0-examples/', noBasis);
    const examples = readdirSync(folder).map(
      (name) => parseJson(readFileSync(new URL(name, folder), 'utf8')) as Resource,
    );
    expect(examples).toHaveLength(14);
    const withoutSnapshots = found.resources.map((resource) => {
      const { snapshot, ...rest } = resource;
      return snapshot === undefined || rest['differential'] === undefined ? resource : (rest as Resource);
    });
    for (const resources of [found.resources, withoutSnapshots]) {
      const validator = createValidator({ definitions: loadDefinitions(), strictProfiles: true });
      expect(validator.addPackage(resources)).toMatchObject({ profiles: 35, refused: [] });
      const wrong = examples.flatMap((example) =>
        validator.validate(example).issues.filter((issue) => issue.severity === 'error'),
      );
      expect(wrong.map((issue) => issue.expression?.[0])).toEqual(['HealthcareService.id']);
    }
  },
);

test.skipIf(!isHere)('the Norwegian base profiles refuse what breaks them', async () => {
  const found = await readPackage(new URL('packages/hl7.fhir.no.basis-2.2.2-snapshots.tgz', noBasis).pathname);
  const validator = createValidator({ definitions: loadDefinitions(), strictProfiles: true });
  validator.addPackage(found.resources);
  const claimed = (type: string): Partial<Resource> => ({
    resourceType: type,
    meta: { profile: [`http://hl7.no/fhir/StructureDefinition/no-basis-${type}`] },
  });
  const errorsOf = (resource: object): (string | undefined)[] =>
    validator
      .validate(resource as Resource)
      .issues.filter((issue) => issue.severity === 'error')
      .map((issue) => issue.expression?.[0]);
  const middleName = 'http://hl7.no/fhir/StructureDefinition/no-basis-middlename';
  expect(
    errorsOf({ ...claimed('Patient'), name: [{ family: 'x', extension: [{ url: middleName, valueString: 'y' }] }] }),
  ).toEqual([]);
  expect(
    errorsOf({ ...claimed('Patient'), name: [{ family: 'x', extension: [{ url: middleName, valueInteger: 1 }] }] }),
  ).toEqual(['Patient.name[0].extension[0].value']);
});
