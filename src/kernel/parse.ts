/** What came from outside, held to its shape. */
import type { z } from 'zod';
import { Fault } from './fault.ts';

/** The value as the shape has it; nothing counts as an empty object. Fault `invalid`, which names the first place that does not fit. */
export function parse<T extends z.ZodType>(schema: T, value: unknown): z.output<T> {
  const parsed = schema.safeParse(value ?? {});
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new Fault('invalid', `${issue?.path.join('.') || 'What was sent'}: ${issue?.message}.`);
}
