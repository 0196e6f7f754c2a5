/**
 * What a person types on a new node: `7KQ2-M8VX-…`, twice 80 bits in Crockford's base 32. The first half is the secret that the authority knows by its hash and takes
 * once; the second the beginning of the SHA-256 of the authority's certificate, so that the new node knows that it talks to the right region.
 */
import { createHash } from 'node:crypto';
import type { Randomness } from '#kernel/ids.ts';
import { fingerprintBytes } from './authority-key.ts';

const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const halfBytes = 10;
const halfLetters = 16;

export type EnrolmentCode = {
  secret: string;
  /** Does this PEM hold the certificate that the code was made for? */
  fits(authorityCertificate: string): boolean;
};

/** A new code, as it is shown to a person. */
export function newEnrolmentCode(authorityCertificate: string, randomness: Randomness): string {
  const letters = lettersOf(randomness.bytes(halfBytes)) + fingerprintLetters(authorityCertificate);
  return (letters.match(/.{4}/g) ?? []).join('-');
}

/** Undefined for what is no code. Case, blanks and dashes do not matter, nor O for 0 and I or L for 1. */
export function readEnrolmentCode(typed: string): EnrolmentCode | undefined {
  const letters = typed.toUpperCase().replace(/[\s-]/g, '').replaceAll('O', '0').replace(/[IL]/g, '1');
  if (letters.length !== 2 * halfLetters || [...letters].some((letter) => !alphabet.includes(letter))) return undefined;
  return {
    secret: letters.slice(0, halfLetters),
    fits: (certificate) => fingerprintLetters(certificate) === letters.slice(halfLetters),
  };
}

/** What the authority keeps of a secret. 80 random bits need no slow hash. */
export function secretHash(secret: string): string {
  return createHash('sha256').update(`fyr-enrolment-1:${secret}`).digest('hex');
}

function fingerprintLetters(certificate: string): string {
  return lettersOf(fingerprintBytes(certificate).subarray(0, halfBytes));
}

function lettersOf(bytes: Buffer): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  return (bits.match(/.{5}/g) ?? []).map((five) => alphabet[Number.parseInt(five, 2)]).join('');
}
