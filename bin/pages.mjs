/**
 * Builds the pages where what they are made of has changed since the last time: some ten seconds once, a few milliseconds otherwise.
 * Compressed copies lie beside the files, so that serving costs nothing.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { nodeForFyr, root } from './bootstrap.mjs';

const folder = join(root, 'var/web');
const mark = join(folder, 'built');

/** Ends the process when the pages can't be built. */
export function buildPages({ isQuiet = false } = {}) {
  // A program without pages has none to build.
  if (!existsSync(join(root, 'web/vite.config.ts'))) return;
  const wanted = fingerprint();
  if (read(mark) === wanted) return;
  if (!isQuiet) console.log('Building the pages, once (some ten seconds) …');
  rmSync(mark, { force: true });
  const vite = join(root, 'node_modules/vite/bin/vite.js');
  const words = [vite, 'build', '--config', join(root, 'web/vite.config.ts'), '--logLevel', 'warn'];
  // Whatever it is called from, also a test run, the pages are those of production.
  const env = { ...process.env, NODE_ENV: 'production' };
  const { status, stdout, stderr } = spawnSync(nodeForFyr(), words, { cwd: root, env, encoding: 'utf8' });
  if (status !== 0) {
    console.error(`${stdout}${stderr}\nThe pages could not be built.`);
    process.exit(1);
  }
  compress(join(folder, 'files'));
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${mark}.new`, wanted);
  renameSync(`${mark}.new`, mark);
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
