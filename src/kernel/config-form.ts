/** What a setting is, and the forms that its value may have. */
import { z } from 'zod';

export type Setting = {
  /** Name in the environment. */
  environment: string;
  schema: z.ZodType;
  /** What a right value looks like, in plain words: `FYR_PORT is "x". It must be …`. */
  expects: string;
  /** As an operator would write it; undefined where leaving it out means something that `about` explains. */
  default: string | number | undefined;
  about: string;
  /** Never shown, logged or kept in the configuration. */
  secret?: true;
};

export function whole(least: number, most: number): { schema: z.ZodType<number>; expects: string } {
  return {
    schema: z.coerce.number().int().min(least).max(most),
    expects: `a whole number from ${least} to ${most}`,
  };
}

export function oneOf<const T extends string>(...words: [T, ...T[]]): { schema: z.ZodType<T>; expects: string } {
  return { schema: z.literal(words), expects: `one of ${words.join(', ')}` };
}

export function text(pattern: RegExp, expects: string): { schema: z.ZodType<string>; expects: string } {
  return { schema: z.string().regex(pattern), expects };
}

export const file = text(/\S/, 'the path of a file');
