/** Where in a text something is wrong, in the words of a person: line and column, both counted from 1. */
import { Fault } from '#kernel/fault.ts';

export type Position = { line: number; column: number };

export function positionAt(text: string, offset: number): Position {
  let line = 1;
  let lineStart = 0;
  for (let at = text.indexOf('\n'); at !== -1 && at < offset; at = text.indexOf('\n', at + 1)) {
    line += 1;
    lineStart = at + 1;
  }
  return { line, column: offset - lineStart + 1 };
}

export function jsonFault(text: string, offset: number, problem: string): Fault {
  const { line, column } = positionAt(text, offset);
  return new Fault('invalid', `The JSON ${problem} (line ${line}, column ${column})`);
}
