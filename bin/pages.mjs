/**
 * Builds the pages where what they are made of has changed since the last time: some ten seconds once, a few milliseconds otherwise.
 * Each build has a folder of its own, so that a node that runs keeps the pages that it began with; `built` names the newest.
 * Compressed copies lie beside the files, so that serving costs nothing.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { nodeForFyr, root } from './bootstrap.mjs';

const folder = join(root, 'var/web');
const mark = join(folder, 'built');
const buildsKept = 6;

/** Ends the process when the pages can't be built. */
export function buildPages({ isQuiet = false } = {}) {
  // A program without pages has none to build.
  if (!existsSync(join(root, 'web/vite.config.ts'))) return;
  const wanted = fingerprint();
  if (read(mark) === wanted && existsSync(join(folder, wanted))) return;
  mkdirSync(folder, { recursive: true });
  if (!existsSync(join(folder, wanted))) build(wanted, isQuiet);
  writeFileSync(`${mark}.new`, wanted);
  renameSync(`${mark}.new`, mark);
  removeOldBuilds(wanted);
}

function build(wanted, isQuiet) {
  if (!isQuiet) console.log('Building the pages, once (some ten seconds) …');
  // Two that build at once don't meet: each has a folder, and one is kept.
  const making = mkdtempSync(join(folder, 'making-'));
  const vite = join(root, 'node_modules/vite/bin/vite.js');
  const words = [vite, 'build', '--config', join(root, 'web/vite.config.ts'), '--outDir', making, '--logLevel', 'warn'];
  // Whatever it is called from, also a test run, the pages are those of production.
  const env = { ...process.env, NODE_ENV: 'production' };
  const { status, stdout, stderr } = spawnSync(nodeForFyr(), words, { cwd: root, env, encoding: 'utf8' });
  if (status !== 0) {
    rmSync(making, { recursive: true, force: true });
    console.error(`${stdout}${stderr}\nThe pages could not be built.`);
    process.exit(1);
  }
  compress(making);
  chmodSync(making, 0o755);
  try {
    renameSync(making, join(folder, wanted));
  } catch (error) {
    rmSync(making, { recursive: true, force: true });
    if (!existsSync(join(folder, wanted))) throw error;
  }
}

/** Nodes that began with an older build may still run: the newest few stay. */
function removeOldBuilds(current) {
  const builds = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== current)
    .map(({ name }) => ({ path: join(folder, name), at: statSync(join(folder, name)).mtimeMs }))
    .sort((a, b) => b.at - a.at);
  for (const { path } of builds.slice(buildsKept)) rmSync(path, { recursive: true, force: true });
}

function compress(from) {
  for (const name of readdirSync(from, { recursive: true, encoding: 'utf8' })) {
    if (!/\.(js|css|html|svg|json|webmanifest)$/.test(name)) continue;
    const bytes = readFileSync(join(from, name));
    writeFileSync(join(from, `${name}.gz`), gzipSync(bytes, { level: 9 }));
    const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } };
    writeFileSync(join(from, `${name}.br`), brotliCompressSync(bytes, quality));
  }
}

/** Of everything that the pages are made of: their sources, the code that they share with the server, and the packages. */
function fingerprint() {
  const hash = createHash('sha256');
  const sources = ['web', 'src/shared', 'src/trust', 'src/continuity', 'src/services'].flatMap(filesBelow);
  const own = sources.filter((path) => /^(web|src\/shared)\/|\/contract\.ts$/.test(path));
  for (const path of [...own.sort(), 'package-lock.json', 'bin/pages.mjs']) {
    hash.update(`${path}\0`).update(readFileSync(join(root, path)));
  }
  return hash.digest('hex');
}

function filesBelow(from) {
  try {
    const names = readdirSync(join(root, from), { recursive: true, withFileTypes: true });
    return names
      .filter((entry) => entry.isFile() && !entry.name.endsWith('.test.ts') && !entry.name.endsWith('.test.tsx'))
      .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1));
  } catch {
    return [];
  }
}

function read(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
