/** `npm run check`: types, lint, format, the rules of the house, what nobody uses, the lock file, dependencies. All are run, whichever fails. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { installPackages, nodeForFyr, root } from './bootstrap.mjs';

installPackages();

const checks = [
  ['types', 'typescript', 'tsc', ['--noEmit']],
  ['types of the pages', 'typescript', 'tsc', ['-p', 'web']],
  ['lint', 'oxlint', 'oxlint', ['--type-aware', '--deny-warnings']],
  [
    'format',
    'oxfmt',
    'oxfmt',
    ['--check', 'src', 'web', 'sample', 'bench', 'chaos', 'eval', 'tools', 'test', 'e2e', 'bin', '.ci'],
  ],
  ['rules of the house', 'vitest', 'vitest', ['run', 'test/tidy.test.ts', 'test/web-texts.test.ts']],
  ['unused', 'knip', 'knip', []],
];

const failed = checks.filter(
  ([name, packageName, bin, words]) => !passes(name, [programOf(packageName, bin), ...words]),
);
const ours = [
  ['lock file', 'lockfile.mjs', ['--check']],
  ['licences', 'dependencies.mjs', ['licences']],
  ['known vulnerabilities', 'dependencies.mjs', ['audit']],
  ['software bill of materials', 'dependencies.mjs', ['sbom']],
];
const ourFailed = ours.filter(([name, file, words]) => !passes(name, [join(root, 'tools', file), ...words]));
const failures = failed.length + ourFailed.length;
console.log(`\nchecks: ${checks.length + ours.length - failures} passed, ${failures} failed`);
process.exitCode = failures === 0 ? 0 : 1;

function passes(name, words) {
  const begun = performance.now();
  const { status, stdout, stderr } = spawnSync(nodeForFyr(), words, { cwd: root, encoding: 'utf8' });
  const seconds = ((performance.now() - begun) / 1000).toFixed(1);
  console.log(`${status === 0 ? '✓' : '✗'} ${name} (${seconds} s)`);
  if (status !== 0) console.log(`${stdout}${stderr}`);
  for (const [, note] of stdout.matchAll(/^note: (.*)/gm)) console.log(`  ${note}`);
  return status === 0;
}

function programOf(packageName, bin) {
  const folder = join(root, 'node_modules', packageName);
  const { bin: programs } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  return join(dirname(join(folder, 'package.json')), typeof programs === 'string' ? programs : programs[bin]);
}
