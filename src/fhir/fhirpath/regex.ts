/**
 * Regular expressions that cannot hang the process. A pattern whose worst case on a text is cheap runs as is; any other runs in a
 * VM context with a time limit, paid from the evaluation's budget (backtracking over hostile input is exponential).
 */
import { createContext, runInContext, type Context } from 'node:vm';
import { Fault } from '#kernel/fault.ts';
import type { Scope } from './scope.ts';

const patternLengthMax = 2_000;
const stepsWithoutGuard = 5e6;

export class Pattern {
  readonly source: string;
  private readonly regex: RegExp;
  private readonly loops: number;
  private readonly isNested: boolean;
  private context: Context | undefined;

  constructor(source: string, flags = '') {
    if (source.length > patternLengthMax)
      throw new Fault('unprocessable', 'FHIRPath: a regular expression is too long');
    this.source = source;
    this.regex = compileRegex(source, flags);
    const { loops, isNested } = shapeOf(source);
    this.loops = loops;
    this.isNested = isNested;
  }

  test(text: string, scope: Scope): boolean {
    this.regex.lastIndex = 0;
    if (this.isCheap(text)) return this.regex.test(text);
    return this.guarded('regex.test(text)', { text }, scope) === true;
  }

  replace(text: string, by: string, scope: Scope): string {
    this.regex.lastIndex = 0;
    if (this.isCheap(text)) return text.replace(this.regex, by);
    return String(this.guarded('text.replace(regex, by)', { text, by }, scope));
  }

  /** Runs in a context of its own with what is left of the time budget. */
  private guarded(code: string, values: Record<string, string>, scope: Scope): unknown {
    const timeoutMs = Math.floor(scope.regexBudgetMs);
    if (timeoutMs < 1) throw tooCostly();
    this.context ??= createContext({ regex: this.regex });
    Object.assign(this.context, values);
    const start = performance.now();
    try {
      return runInContext(code, this.context, { timeout: timeoutMs });
    } catch {
      // The only thing that a search or a replacement can throw here is the time-out.
      throw tooCostly();
    } finally {
      scope.regexBudgetMs -= performance.now() - start;
    }
  }

  /** Unanchored search with k loops takes at most about n^(k+1) steps; nested loops double with every character. */
  private isCheap({ length }: string): boolean {
    if (this.isNested) return length <= 16;
    return (length + 1) ** (this.loops + 1) <= stepsWithoutGuard;
  }
}

function compileRegex(source: string, flags: string): RegExp {
  // `.` matches line ends (N1, matches()). With `u` some escapes that other dialects allow are errors, hence the second try.
  for (const set of [`su${flags}`, `s${flags}`]) {
    try {
      return new RegExp(source, set);
    } catch {
      // The next set, or the fault below.
    }
  }
  throw new Fault('unprocessable', 'FHIRPath: not a regular expression');
}

type Shape = { loops: number; isNested: boolean };

/** Counts quantifiers that can repeat, and finds a repeated group with a repetition or a choice inside. */
function shapeOf(source: string): Shape {
  const bare = source.replace(/\\[\s\S]/g, 'x').replace(/\[[^\]]*\]/g, 'x');
  const shape: Shape = { loops: (bare.match(/[*+]|\{\d+,?\d*\}/g) ?? []).length, isNested: /\\[1-9]|\\k/.test(source) };
  const open: boolean[] = [];
  let inner = false;
  for (let at = 0; at < bare.length; at++) {
    const character = bare[at]!;
    if (character === '(') {
      open.push(inner);
      inner = false;
    } else if (character === ')') {
      const repeats = /^(?:[*+]|\{)/.test(bare.slice(at + 1));
      if (inner && repeats) shape.isNested = true;
      inner = (open.pop() ?? false) || inner || repeats;
    } else if ('*+{|?'.includes(character)) inner = true;
  }
  return shape;
}

function tooCostly(): Fault {
  return new Fault('tooCostly', 'FHIRPath: a regular expression takes too much work');
}
