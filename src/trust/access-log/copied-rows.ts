/** Rows of the log as COPY sends them: the hash of an entry is taken from the very bytes, without making text of them first. */
import { hash } from 'node:crypto';
import type { EntryRow } from './canonical.ts';

/** One entry with its hash. `patient` and `who` are 64-bit integers in decimal. */
export type WalkedEntry = EntryRow & { number: number; leaf: Buffer };

const tab = 0x09;
const newline = 0x0a;
const backslash = 0x5c;

/**
 * Takes whole rows of: time, patient, who, actor, action, outcome, number, content. The bytes of the piece are used up: the tab before a number
 * becomes the prefix of a leaf.
 */
export function parseCopiedRows(piece: Buffer): WalkedEntry[] {
  const rows: WalkedEntry[] = [];
  for (let begin = 0; begin < piece.length;) {
    const end = piece.indexOf(newline, begin);
    if (end < 0) throw new Error('a row of the log was cut in two');
    rows.push(parseRow(piece, begin, end));
    begin = end + 1;
  }
  return rows;
}

function parseRow(piece: Buffer, begin: number, end: number): WalkedEntry {
  let at = begin;
  for (let column = 0; column < 6; column++) at = piece.indexOf(tab, at) + 1;
  const [time, patient, who, actor, action, outcome] = piece.toString('latin1', begin, at - 1).split('\t');
  const startOfContent = piece.indexOf(tab, at) + 1;
  const isEscaped = hasBackslash(piece, startOfContent, end);
  const content = isEscaped
    ? unescaped(piece.toString('utf8', startOfContent, end))
    : piece.toString('utf8', startOfContent, end);
  const number = piece.toString('latin1', at, startOfContent - 1);
  piece[at - 1] = 0;
  const leaf = isEscaped
    ? hash('sha256', Buffer.from(`\0${number}\t${content}`), 'buffer')
    : hash('sha256', piece.subarray(at - 1, end), 'buffer');
  return {
    number: Number(number),
    at: Number(time),
    patient: patient === '\\N' ? null : (patient as string),
    who: who as string,
    actor: actor as string,
    action: Number(action),
    outcome: Number(outcome),
    content,
    leaf,
  };
}

function hasBackslash(piece: Buffer, from: number, to: number): boolean {
  const found = piece.indexOf(backslash, from);
  return found >= 0 && found < to;
}

const meanings: { readonly [letter: string]: string } = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };

/** COPY's text format: a backslash before one of its letters, or before the character itself. */
function unescaped(text: string): string {
  return text.replace(/\\(.)/gs, (_whole, letter: string) => meanings[letter] ?? letter);
}
