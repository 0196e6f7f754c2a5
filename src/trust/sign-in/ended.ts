/** Signing out everywhere ends what applications were given too: tokens that rest on a sign-in of before are taken no more, whoever issued them. */
import type { Clock } from '#kernel/clock.ts';
import type { Db } from '#kernel/db.ts';
import { bounded } from '../tokens/bounded.ts';
import { refused } from '../tokens/index.ts';
import { findEnd, keepEnd } from './ended-store.ts';
import type { Identity } from './identity.ts';
import { personOf } from './sessions.ts';

export type EndedSignIns = {
  /** From now on, in this process; in the others within seconds. */
  end(person: Buffer): Promise<void>;
  /** Throws a Fault `unauthenticated` for a token whose sign-in is over. A promise only where it has to be looked up. */
  refuseEnded(identity: Identity): Promise<void> | undefined;
};

/** For how long another process may still take what was ended. */
const askedMs = 5000;

export function createEndedSignIns({ db, clock }: { db: Db; clock: Clock }): EndedSignIns {
  const known = bounded<{ at: number | undefined; until: number }>(20_000);
  // A token's identity is the same object each time (`identify.ts`).
  const keys = new WeakMap<Identity, { person: Buffer; key: string }>();
  const keyOf = (identity: Identity): { person: Buffer; key: string } => {
    const earlier = keys.get(identity);
    if (earlier !== undefined) return earlier;
    const person = personOf(identity);
    const made = { person, key: person.toString('base64') };
    keys.set(identity, made);
    return made;
  };
  const refuse = ({ signedInAt }: Identity, at: number | undefined): void => {
    // A token says whole seconds: one of the very second is of before.
    if (at === undefined || signedInAt > at) return;
    throw refused('invalid_token', 'The person has signed out everywhere since. Sign in again.');
  };
  return {
    async end(person) {
      const at = clock.now();
      await keepEnd(db, person, at);
      known.set(person.toString('base64'), { at, until: at + askedMs });
    },
    refuseEnded(identity) {
      if (identity.kind === 'system') return undefined;
      const { person, key } = keyOf(identity);
      const found = known.get(key);
      if (found !== undefined && clock.now() < found.until) {
        refuse(identity, found.at);
        return undefined;
      }
      return findEnd(db, person).then((at) => {
        known.set(key, { at, until: clock.now() + askedMs });
        refuse(identity, at);
      });
    },
  };
}
