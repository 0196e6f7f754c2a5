/** A fresh clone has no packages: the bootstrap must bring them, and the Node that Fyr is pinned to, with any Node and npm that are there. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';

const root = join(import.meta.dirname, '..');
const pinnedName = `node-${process.platform}-${process.arch}`;

type Lock = { packages: Record<string, { version: string; optional?: boolean }> };

/** A clone with only the pinned Node among its packages, so that it is there in seconds, and a program that says what runs it. */
function freshClone(): { folder: string; lock: Lock; start(): { status: number | null; said: string } } {
  const folder = mkdtempSync(join(tmpdir(), 'fyr-clone-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  cpSync(join(root, 'bin'), join(folder, 'bin'), { recursive: true });
  const whole = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as Lock;
  const asked = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Record<string, unknown>;
  const optional = { optionalDependencies: { [pinnedName]: whole.packages[`node_modules/${pinnedName}`]?.version } };
  const { name, version, type, scripts } = asked;
  const lock = {
    name,
    version,
    lockfileVersion: 3,
    requires: true,
    packages: {
      '': { name, version, ...optional },
      [`node_modules/${pinnedName}`]: whole.packages[`node_modules/${pinnedName}`],
    },
  };
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name, version, type, scripts, ...optional }));
  writeFileSync(join(folder, 'package-lock.json'), JSON.stringify(lock));
  mkdirSync(join(folder, 'src'));
  writeFileSync(
    join(folder, 'src/main.ts'),
    'const words: string[] = process.argv.slice(2); console.log(process.version, ...words); process.exit(3);',
  );
  return {
    folder,
    lock: lock as unknown as Lock,
    start() {
      const { status, stdout, stderr } = spawnSync('npm', ['start', '--', '--more'], { cwd: folder, encoding: 'utf8' });
      return { status, said: `${stdout}${stderr}` };
    },
  };
}

const isLinux = process.platform === 'linux' && (process.arch === 'x64' || process.arch === 'arm64');

test.runIf(isLinux)(
  'npm start on a fresh clone brings the pinned Node, runs on it, and installs nothing the second time',
  { timeout: 240_000 },
  () => {
    const { folder, start } = freshClone();
    const pinned = /"version": ?"([^"]+)"/.exec(
      readFileSync(join(root, `node_modules/${pinnedName}/package.json`), 'utf8'),
    )?.[1];
    const first = start();
    expect(first.said).toContain('Installing packages');
    expect(first.said).toContain(`v${pinned} start --more`);
    expect(first.status).toBe(3);
    expect(start().said).not.toContain('Installing');

    // A lock file that asks for another version than is installed: it is installed anew.
    const installed = join(folder, 'node_modules/.package-lock.json');
    writeFileSync(installed, readFileSync(installed, 'utf8').replace(`"version": "${pinned}"`, '"version": "24.0.0"'));
    expect(start().said).toContain('Installing packages');
  },
);
