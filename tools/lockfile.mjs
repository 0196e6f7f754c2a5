/**
 * Completes package-lock.json with the packages of other platforms (`@oxlint/binding-darwin-arm64` and its like).
 *
 * npm leaves out what the registry it asked did not have, and `npm ci` then refuses the file on every platform. What such a package is
 * for stands in its name, so the entry can be written from the name and the version that its owner asks for.
 *
 *   node tools/lockfile.mjs          completes the file
 *   node tools/lockfile.mjs --check  only says what is missing, or is not what package.json asks for (exit 1)
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const path = join(root, 'package-lock.json');
const lock = JSON.parse(readFileSync(path, 'utf8'));
const asked = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

// Versions are exact in package.json, so the lock file's must be the same.
const differing = Object.entries({ ...asked.dependencies, ...asked.optionalDependencies, ...asked.devDependencies })
  .filter(([name, version]) => lock.packages[`node_modules/${name}`]?.version !== version)
  .map(([name, version]) => `${name} ${version}`);
if (differing.length > 0) {
  console.error(
    `package-lock.json is not of this package.json, which asks for ${differing.join(', ')}. Run: npm install`,
  );
  process.exit(1);
}

const systems = ['aix', 'android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'win32'];
const processors = ['arm64', 'arm', 'x64', 'ia32', 'ppc64', 'riscv64', 's390x', 'loong64', 'mips64el', 'wasm32'];
const libraries = { gnu: 'glibc', gnueabihf: 'glibc', musl: 'musl', musleabihf: 'musl' };

const missing = {};
for (const owner of Object.values(lock.packages)) {
  for (const [name, version] of Object.entries(owner.optionalDependencies ?? {})) {
    const key = `node_modules/${name}`;
    if (lock.packages[key] === undefined && /^\d+\.\d+\.\d+/.test(version))
      missing[key] = entryOf(name, version, owner);
  }
}

function entryOf(name, version, owner) {
  const words = name.split(/[-/]/);
  const os = systems.find((system) => words.includes(system));
  const cpu = processors.find((processor) => words.includes(processor));
  const libc = Object.entries(libraries).find(([word]) => words.includes(word))?.[1];
  if (os === undefined || cpu === undefined)
    throw new Error(`${name} does not say in its name what platform it is for`);
  return {
    version,
    cpu: [cpu],
    ...(owner.dev ? { dev: true } : {}),
    ...(libc === undefined || os !== 'linux' ? {} : { libc: [libc] }),
    license: owner.license,
    optional: true,
    os: [os],
  };
}

const names = Object.keys(missing);
if (names.length === 0) {
  console.log('package-lock.json has every platform.');
} else if (process.argv.includes('--check')) {
  console.error(`package-lock.json lacks ${names.length} packages of other platforms. Run: node tools/lockfile.mjs`);
  process.exitCode = 1;
} else {
  const sorted = Object.entries({ ...lock.packages, ...missing }).sort(([a], [b]) => a.localeCompare(b, 'en'));
  writeFileSync(path, `${JSON.stringify({ ...lock, packages: Object.fromEntries(sorted) }, null, 2)}\n`);
  console.log(`Added ${names.length} packages of other platforms.`);
}
