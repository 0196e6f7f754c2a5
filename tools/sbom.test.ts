import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sbomOf } from './sbom.ts';

const root = join(import.meta.dirname, '..');
const read = (name: string): any => JSON.parse(readFileSync(join(root, name), 'utf8'));
const own = read('package.json');
const { packages } = read('package-lock.json');

test('the list has all that runs, each once, and no tool of development', () => {
  const { components, dependencies, metadata } = sbomOf(own, packages);
  const refs = components.map((component: any) => component['bom-ref']);
  expect(new Set(refs).size).toBe(refs.length);
  const names = components.map(({ name }: { name: string }) => name);
  expect(names).toEqual(expect.arrayContaining(Object.keys(own.dependencies)));
  expect(names).not.toContain('vitest');
  const known = new Set([...refs, metadata.component['bom-ref']]);
  for (const { ref, dependsOn } of dependencies) {
    expect(known, ref).toContain(ref);
    for (const one of dependsOn) expect(known, `${ref} needs ${one}`).toContain(one);
  }
});

test('the same lock file gives the same list', () => {
  expect(sbomOf(own, packages)).toEqual(sbomOf(own, packages));
});

test('a licence that is not on the list is told and refused', () => {
  const folder = mkdtempSync(join(tmpdir(), 'fyr-licences-'));
  mkdirSync(join(folder, 'tools'));
  for (const name of ['dependencies.mjs', 'sbom.ts']) cpSync(join(root, 'tools', name), join(folder, 'tools', name));
  cpSync(join(root, 'package.json'), join(folder, 'package.json'));
  const strange = { version: '1.0.0', license: 'GPL-3.0-only' };
  const either = { version: '1.0.0', license: '(MIT OR GPL-3.0-only)' };
  const lock = {
    packages: { '': {}, 'node_modules/strange': strange, 'node_modules/either': either, 'node_modules/untold': {} },
  };
  writeFileSync(join(folder, 'package-lock.json'), JSON.stringify(lock));
  const { status, stderr } = spawnSync(process.execPath, [join(folder, 'tools/dependencies.mjs'), 'licences'], {
    encoding: 'utf8',
  });
  expect([status, stderr]).toEqual([1, 'strange: GPL-3.0-only\nuntold: no licence is told\n']);
});
