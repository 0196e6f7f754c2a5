/**
 * PostgreSQL refuses to run as root. When Fyr runs as root, its PostgreSQL runs as the owner of the data, or the account `postgres`,
 * or `nobody`: no account is made on the machine.
 */
import { spawnSync } from 'node:child_process';
import { chownSync, readFileSync, statSync } from 'node:fs';
import { Fault } from './fault.ts';

export type PostgresAccount = {
  /** Options for `spawn` that make the child run as the account. */
  identity: { uid?: number; gid?: number };
  /** Words to put before the command: `setpriv …` where the account needs leave to pass closed folders, else none. */
  prefix: string[];
  /** Gives a folder to the account. */
  own(folder: string): void;
};

type Id = { uid: number; gid: number };

/**
 * Chooses the account for a cluster.
 * @param cluster folder of an earlier start, which decides, or of the first
 * @param mustReach paths that the account must be able to come to
 */
export function postgresAccount(cluster: string, mustReach: string[]): PostgresAccount {
  if (process.getuid?.() !== 0) return { identity: {}, prefix: [], own: () => {} };
  const id = ownerOf(cluster) ?? accountNamed('postgres') ?? accountNamed('nobody');
  if (id === undefined) {
    throw new Fault('notSupported', 'As root, PostgreSQL needs an account to run as: add one called "postgres".');
  }
  const own = (folder: string): void => chownSync(folder, id.uid, id.gid);
  if (reaches(id, [], mustReach)) return { identity: id, prefix: [], own };
  // The folder lies below one that is closed to others, such as /root. The account may then pass closed folders, as root may.
  const prefix = [
    'setpriv',
    `--reuid=${id.uid}`,
    `--regid=${id.gid}`,
    '--clear-groups',
    '--inh-caps=+dac_override',
    '--ambient-caps=+dac_override',
  ];
  if (reaches({}, prefix, mustReach)) return { identity: {}, prefix, own };
  throw new Fault(
    'notSupported',
    `As root, PostgreSQL runs as another account, and that one cannot come to ${mustReach.join(' or ')}. Move Fyr out of closed folders (to /opt/fyr, for example), or run it as an ordinary user.`,
  );
}

function ownerOf(folder: string): Id | undefined {
  const found = statSync(folder, { throwIfNoEntry: false });
  return found === undefined || found.uid === 0 ? undefined : { uid: found.uid, gid: found.gid };
}

function accountNamed(name: string): Id | undefined {
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((entry) => entry.startsWith(`${name}:`));
  const [, , uid, gid] = line?.split(':') ?? [];
  return uid === undefined || gid === undefined ? undefined : { uid: Number(uid), gid: Number(gid) };
}

function reaches(identity: { uid?: number; gid?: number }, prefix: string[], paths: string[]): boolean {
  return paths.every((path) => {
    const [program, ...words] = [...prefix, 'test', '-e', path];
    return spawnSync(program as string, words, { ...identity, cwd: '/', stdio: 'ignore' }).status === 0;
  });
}
