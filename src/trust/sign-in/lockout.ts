/** Who fails to sign in again and again has to wait, longer each time: by address and by credential. */
import { hash } from 'node:crypto';
import { isIPv6 } from 'node:net';
import type { Clock } from '#kernel/clock.ts';
import type { Db } from '#kernel/db.ts';
import { Fault } from '#kernel/fault.ts';
import { countFailure, findLocked, forgetFailures, pruneFailures } from './lockout-store.ts';

/** From where, and with which credential (its id, or the issuer's subject). */
export type Attempting = { address: string; credential?: string };

export type Lockout = {
  /** Throws a Fault `busy` while the address or the credential is locked. */
  refuseLocked(who: Attempting): Promise<void>;
  failed(who: Attempting): Promise<void>;
  /** The credential is forgiven, the address is not: it may be trying others. */
  succeeded(who: Attempting): Promise<void>;
  prune(): Promise<void>;
};

const windowMs = 15 * 60_000;
const lockMs = 15 * 60_000;
/** A whole hospital may share one address. */
const addressFailuresMax = 100;
const credentialFailuresMax = 5;
const dayMs = 86_400_000;

export function createLockout(db: Db, clock: Clock): Lockout {
  const rule = { windowMs, lockMs };
  return {
    async refuseLocked(who) {
      const [locked] = await findLocked(db, subjectsOf(who), clock.now());
      if (locked === undefined) return;
      const minutes = Math.ceil(((locked.lockedUntil ?? 0) - clock.now()) / 60_000);
      throw new Fault('busy', `Too many sign-ins failed. Try again in ${minutes} minutes.`);
    },
    async failed(who) {
      const now = clock.now();
      const { address, credential } = who;
      await countFailure(db, addressOf(address), { ...rule, now, failuresMax: addressFailuresMax });
      if (credential !== undefined)
        await countFailure(db, credentialOf(credential), { ...rule, now, failuresMax: credentialFailuresMax });
    },
    async succeeded({ credential }) {
      if (credential !== undefined) await forgetFailures(db, [credentialOf(credential)]);
    },
    prune: () => pruneFailures(db, clock.now() - dayMs),
  };
}

function subjectsOf({ address, credential }: Attempting): string[] {
  return [addressOf(address), ...(credential === undefined ? [] : [credentialOf(credential)])];
}

/** One who has an IPv6 network has all addresses of its /64. */
function addressOf(address: string): string {
  if (!isIPv6(address) || address.includes('.')) return `address ${address.replace(/^::ffff:/i, '')}`;
  const [head = '', tail = ''] = address.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === '' ? [] : tail.split(':');
  const groups = address.includes('::')
    ? [...left, ...Array<string>(Math.max(0, 8 - left.length - right.length)).fill('0'), ...right]
    : left;
  return `address ${groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`;
}

/** What a stranger sends is kept in a length of ours. */
function credentialOf(credential: string): string {
  return `credential ${hash('sha256', credential, 'base64url')}`;
}
