import { Fault } from '#kernel/fault.ts';

/** A refusal of an expression that names the place: line and column count from 1. */
export function syntaxFault(expression: string, at: number, message: string): Fault {
  const before = expression.slice(0, at);
  const line = before.split('\n').length;
  const column = at - before.lastIndexOf('\n');
  return new Fault('invalid', `FHIRPath, line ${line}, column ${column}: ${message}`);
}
