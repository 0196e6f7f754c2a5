/** A trial from its beginning to its end: the nodes in a folder of their own, those who work let in, patients admitted; all taken away afterwards. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openTopology, type NodeName, type Topology } from './topology.ts';
import { Trial } from './trial.ts';

export type SessionOptions = {
  seed: number;
  names: readonly NodeName[];
  say(line: string): void;
  patients?: number;
  paceMs?: number;
  residents?: number;
  /** The ward's data lie on a small file system of their own, where that can be mounted. */
  hasOwnDisk?: boolean;
  /** The protection that every node lacks. */
  without?: string;
  /** When a node answers, before the next one joins. */
  onReady?(name: NodeName, topology: Topology): Promise<void>;
  /** The folder stays, with the logs. */
  isKept?: boolean;
};

const agreeLimitMs = 120_000;

/** `hasDisk`: whether the ward has a file system of its own. */
export async function withTrial<T>(
  options: SessionOptions,
  work: (trial: Trial, hasDisk: boolean) => Promise<T>,
): Promise<T> {
  const { seed, names, say, patients = 8, paceMs = 200, residents = 20, without, onReady } = options;
  const folder = mkdtempSync(join(tmpdir(), 'fyr-chaos-'));
  const disk = options.hasOwnDisk ? mountDisk(folder) : undefined;
  const clear = (): void => {
    if (disk !== undefined) execFileSync('umount', ['--lazy', disk]);
    if (!options.isKept) rmSync(folder, { recursive: true, force: true });
  };
  process.on('exit', clear);
  const folderOf = (name: NodeName): string | undefined => (name === 'ward' ? disk : undefined);
  try {
    const altered = { ...(without === undefined ? {} : { without }), ...(onReady === undefined ? {} : { onReady }) };
    const topology = await openTopology({ folder, names, residents, say, folderOf, ...altered });
    try {
      const trial = new Trial({ topology, seed, patients, paceMs, say });
      await trial.prepare();
      const { obstacle } = await trial.agreed(agreeLimitMs);
      if (obstacle !== undefined) throw new Error(`The nodes do not agree before anything happened: ${obstacle}`);
      return await work(trial, disk !== undefined);
    } finally {
      await topology.stop();
    }
  } finally {
    process.off('exit', clear);
    clear();
    if (options.isKept) say(`The nodes' folders are in ${folder}`);
  }
}

/** A small file system in memory, which can be filled without filling the machine's. Undefined: only root may mount it. */
function mountDisk(folder: string): string | undefined {
  const disk = join(folder, 'ward-disk');
  mkdirSync(disk);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1g', 'tmpfs', disk], { stdio: 'ignore' });
    return disk;
  } catch {
    return undefined;
  }
}
