/** The code by which a summary is opened: sixteen letters that nobody guesses (80 bits) and that can be read out loud. The record keeps its hash only. Pure. */
import { hash } from 'node:crypto';

/** Crockford's base 32: no I, L, O or U. */
const letters = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
export const codeLetters = 16;

/** `7KQ2-M4XD-90RT-WB3H`. @param bytes one for each letter, that nobody can foresee */
export function shareCodeOf(bytes: Uint8Array): string {
  const all = [...bytes.subarray(0, codeLetters)].map((byte) => letters[byte % letters.length]).join('');
  return (all.match(/.{4}/g) ?? []).join('-');
}

/** As people type it: in small letters, with spaces, an O for a nought. Undefined for what is no code. */
export function readShareCode(typed: string): string | undefined {
  const plain = typed
    .toUpperCase()
    .replace(/[\s–-]/g, '')
    .replaceAll('O', '0')
    .replace(/[IL]/g, '1');
  if (plain.length !== codeLetters || [...plain].some((one) => !letters.includes(one))) return undefined;
  return (plain.match(/.{4}/g) ?? []).join('-');
}

/** What the record keeps of a code. */
export const hashOfCode = (code: string): string => hash('sha256', `fyr share ${code}`, 'base64url');
