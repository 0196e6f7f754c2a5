/**
 * The program with one protection taken away, or with another clock: what the checks must notice (`CHAOS_WITHOUT`), and what a wrong clock does
 * (`CHAOS_CLOCK_OFFSET_MS`). Only the trial starts it; `fyr` knows neither word.
 */
import { alter } from './alterations.ts';

const { CHAOS_WITHOUT: without, CHAOS_CLOCK_OFFSET_MS: offset } = process.env;
if (without !== undefined) alter(without);
if (offset !== undefined) {
  const now = Date.now;
  Date.now = () => now() + Number(offset);
}
await import('../src/main.ts');
