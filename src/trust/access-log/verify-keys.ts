/** The keys of a log: each after the first must have the word of the one before, and the one that is known from elsewhere must be among them. */
import { createPublicKey, type KeyObject } from 'node:crypto';
import type { Finding } from './finding.ts';
import { fingerprintOf, hasWordOf, isSignedBy, type LogKey, type Seal } from './seal.ts';

export type KeyRing = {
  /** True when one of the node's keys signed this seal, and it was that key's time. */
  isSigned(seal: Seal): boolean;
};

type Checked = { key: LogKey; publicKey: KeyObject };

/** Tells what is wrong with the keys themselves, and gives those that may seal. */
export function checkKeys(
  keys: readonly LogKey[],
  node: string,
  trusted: KeyObject | undefined,
  tell: (finding: Finding) => void,
): KeyRing {
  const checked = keys.flatMap((key) => readable(key, tell));
  const isKnown = trusted !== undefined && checked.some(({ key }) => key.fingerprint.equals(fingerprintOf(trusted)));
  if (trusted !== undefined && !isKnown) {
    tell({
      kind: 'key',
      problem:
        checked.length === 0
          ? 'Nothing was sealed with the key that is known to be the node\u2019s.'
          : 'The log is sealed with other keys than the one that is known to be the node\u2019s: all of it may have been made anew.',
    });
  }
  for (let i = 1; i < checked.length; i++) {
    const { key } = checked[i] as Checked;
    if (!hasWordOf(key, (checked[i - 1] as Checked).publicKey, node))
      tell({
        kind: 'key',
        seal: key.firstSeal,
        at: key.since,
        problem: `From here the log is sealed with a key that the earlier one has not vouched for (${key.fingerprint.toString('base64url')}): the earlier key was lost, or somebody else sealed.`,
      });
  }
  const byFingerprint = new Map(checked.map((each, i) => [each.key.fingerprint.toString('hex'), { ...each, i }]));
  return {
    isSigned(seal) {
      const found = byFingerprint.get(seal.key.toString('hex'));
      if (found === undefined || seal.number < found.key.firstSeal) return false;
      const next = checked[found.i + 1]?.key;
      // A key that has handed over seals nothing more.
      if (next !== undefined && next.word !== null && seal.number >= next.firstSeal) return false;
      return isSignedBy(seal, found.publicKey);
    },
  };
}

function readable(key: LogKey, tell: (finding: Finding) => void): Checked[] {
  try {
    const publicKey = createPublicKey(key.publicKey);
    if (fingerprintOf(publicKey).equals(key.fingerprint)) return [{ key, publicKey }];
  } catch {
    // Told below, with what else makes a key useless.
  }
  tell({ kind: 'key', seal: key.firstSeal, at: key.since, problem: `Key ${key.number} of the log was altered.` });
  return [];
}
