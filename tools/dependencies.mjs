/**
 * What Fyr stands on: known holes, licences, and the list of it all.
 *
 *   node tools/dependencies.mjs audit      asks the registry for known vulnerabilities; where it does not answer, says so and passes
 *   node tools/dependencies.mjs licences   every package's licence is on the list
 *   node tools/dependencies.mjs sbom       writes var/sbom.cdx.json (CycloneDX), of what runs, without the tools of development
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sbomOf } from './sbom.ts';

const root = join(import.meta.dirname, '..');
const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
const own = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
/** A registry that hangs is one that does not answer. */
const timeoutMs = 8000;

/** High and critical ones stop a change. */
function audit() {
  const { stdout } = npm(['audit', '--omit=dev', '--json', '--fetch-retries=0', '--fetch-timeout=6000']);
  const report = parsed(stdout);
  if (report?.vulnerabilities === undefined) {
    console.log('note: skipped, since the registry did not answer. Run npm audit where it does.');
    return;
  }
  const found = Object.values(report.vulnerabilities);
  const severe = found.filter(({ severity }) => severity === 'high' || severity === 'critical');
  const lines = found.map(({ name, severity, range }) => `${severity}: ${name} ${range}`);
  if (severe.length > 0) fail(lines);
  else
    console.log(
      `note: ${found.length} known vulnerabilities, none of them high or critical${lines.map((line) => `\n  ${line}`).join('')}`,
    );
}

/** Licences that ask for no more than to be named. */
const allowed = new Set([
  'MIT',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'ISC',
  'MPL-2.0',
  '0BSD',
  'BlueOak-1.0.0',
  'CC0-1.0',
  'Python-2.0',
  'Unlicense',
  'Zlib',
]);

/** For tests only, with a licence text of their own that was read: free to use. */
const read = new Set(['node_modules/fhirpath', 'node_modules/ucum-lhc', 'node_modules/@lhncbc/ucum-lhc']);

/** Whose package.json says none or no SPDX name, but whose LICENSE file was read: MIT, and BSD-2-Clause. */
const toldInFile = new Set(['node_modules/png-js', 'node_modules/duck']);

function licences() {
  const strange = Object.entries(packages)
    .filter(
      ([path, { license, dev }]) =>
        path !== '' && !isAllowed(license) && !(dev && read.has(path)) && !toldInFile.has(path),
    )
    .map(([path, { license }]) => `${path.replace('node_modules/', '')}: ${license ?? 'no licence is told'}`);
  if (strange.length > 0) fail(strange);
}

/** SPDX expressions: one of an OR, each of an AND. */
function isAllowed(license) {
  if (typeof license !== 'string') return false;
  const words = license.replace(/[()]/g, '');
  return words.split(' OR ').some((choice) => choice.split(' AND ').every((one) => allowed.has(one.trim())));
}

function sbom() {
  const list = sbomOf(own, packages);
  const missing = Object.keys(own.dependencies).filter((name) => !list.components.some((one) => one.name === name));
  if (missing.length > 0) return fail(missing.map((name) => `${name} is not in the list`));
  mkdirSync(join(root, 'var'), { recursive: true });
  writeFileSync(join(root, 'var/sbom.cdx.json'), `${JSON.stringify(list, null, 2)}\n`);
  console.log(`note: ${list.components.length} components in var/sbom.cdx.json`);
}

function npm(words) {
  // Within `npm run check` the npm that runs us is known, and need not be on the path.
  const known = process.env['npm_execpath'];
  const byNode = known !== undefined && /\.c?js$/.test(known);
  const [command, before] = byNode ? [process.execPath, [known]] : ['npm', []];
  const options = { cwd: root, encoding: 'utf8', timeout: timeoutMs, maxBuffer: 64 * 1024 * 1024 };
  return spawnSync(command, [...before, ...words], { ...options, shell: !byNode && process.platform === 'win32' });
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function fail(lines) {
  console.error(lines.join('\n'));
  process.exitCode = 1;
}

const tasks = { audit, licences, sbom };
const task = tasks[process.argv[2] ?? ''];
if (task === undefined) fail([`Use: node tools/dependencies.mjs ${Object.keys(tasks).join('|')}`]);
else task();
