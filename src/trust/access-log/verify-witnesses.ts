/** Who else holds seals of this log: the anchors on the node's disk, and its neighbours. They tell what was cut off at the end, and what was made anew. */
import type { Anchor } from './anchors.ts';
import type { Finding } from './finding.ts';
import { sealHash, type Seal } from './seal.ts';

/** `name`: for people, such as `the anchors in /srv/fyr/log/anchors`. `anchors` in order of their seals. */
export type Witness = { name: string; anchors: AsyncIterable<Anchor> };

export type Witnesses = {
  /** The seal as it is in the log; called in order. */
  saw(seal: Seal): Promise<void>;
  /** After the last one. `seal`, `entry`: the last that the log has now. */
  end(seal: number, entry: number): Promise<void>;
};

type Reading = { name: string; iterator: AsyncIterator<Anchor>; next: Anchor | undefined };

/** `after`: the seal that the walk begins after; what witnesses have of it and earlier ones is passed over. */
export function createWitnesses(
  witnesses: readonly Witness[],
  after: number,
  tell: (finding: Finding) => void,
): Witnesses {
  const readings: Reading[] = witnesses.map(({ name, anchors }) => ({
    name,
    iterator: anchors[Symbol.asyncIterator](),
    next: undefined,
  }));
  const take = async (reading: Reading): Promise<Anchor | undefined> => {
    for (;;) {
      const { value, done } = await reading.iterator.next();
      reading.next = done === true ? undefined : (value as Anchor);
      if (reading.next === undefined || reading.next.seal > after) return reading.next;
    }
  };
  let hasBegun = false;
  const begin = async (): Promise<void> => {
    if (hasBegun) return;
    hasBegun = true;
    for (const reading of readings) await take(reading);
  };
  return {
    async saw(seal) {
      await begin();
      let hash: string | undefined;
      for (const reading of readings) {
        while (reading.next && reading.next.seal < seal.number) await take(reading);
        for (; reading.next?.seal === seal.number; await take(reading)) {
          hash ??= sealHash(seal).toString('base64url');
          if (reading.next.hash !== hash) tell(differs(reading.name, seal));
        }
      }
    },
    async end(seal, entry) {
      await begin();
      for (const reading of readings) {
        let first: Anchor | undefined;
        let last: Anchor | undefined;
        for (; reading.next; await take(reading)) {
          if (reading.next.seal <= seal) continue;
          first ??= reading.next;
          last = reading.next;
        }
        if (first && last) tell(cutOff(reading.name, { first, last, seal, entry }));
      }
    },
  };
}

function differs(name: string, seal: Seal): Finding {
  return {
    kind: 'seal altered',
    seal: seal.number,
    at: seal.sealed,
    problem: `Seal ${seal.number} is another than the one that ${name} have: the log was made anew from here or earlier.`,
  };
}

type Cut = { first: Anchor; last: Anchor; seal: number; entry: number };

function cutOff(name: string, { first, last, seal, entry }: Cut): Finding {
  const seals = first.seal === last.seal ? `Seal ${first.seal} is` : `Seals ${first.seal} to ${last.seal} are`;
  const entries = last.last === entry + 1 ? `entry ${last.last}` : `entries ${entry + 1} to ${last.last}`;
  return {
    kind: 'cut off',
    number: entry + 1,
    at: first.sealed,
    problem: `${seals} missing, which covered ${entries}: the end of the log was cut off after seal ${seal}. Told by ${name}.`,
  };
}
