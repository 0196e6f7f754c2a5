/**
 * The program with one protection taken away (what the checks must notice: `CHAOS_WITHOUT`), with another clock (`CHAOS_CLOCK_OFFSET_MS`), or speaking one
 * version of the protocol less (`CHAOS_VERSION_BEFORE`). Only the trial starts it; `fyr` knows none of these words.
 */
import { protocols } from '#continuity/protocol/serve.ts';
import { alter } from './alterations.ts';

const { CHAOS_WITHOUT: without, CHAOS_CLOCK_OFFSET_MS: offset, CHAOS_VERSION_BEFORE: before } = process.env;
if (without !== undefined) alter(without);
if (offset !== undefined) {
  const now = Date.now;
  Date.now = () => now() + Number(offset);
}
if (before !== undefined) Object.assign(protocols, { oldest: protocols.oldest - 1, newest: protocols.newest - 1 });
await import('../src/main.ts');
