/** Takes the code lists of a file into the record, some at a time; each list is there whole or not at all. */
import type { ExchangeDeps } from '../exchange/register-exchange.ts';
import { planCodeLists } from './code-list.ts';
import { readListFile, type BrokenCode, type ListFileOptions } from './list-file.ts';

/** `written`: lists that are new or otherwise than they were. `broken`: what could not be read; with `stop`, nothing is written then. */
export type AddedLists = { lists: number; codes: number; written: number; broken: BrokenCode[]; stopped: boolean };

export type AddOptions = Omit<ListFileOptions, 'today'> & { broken: 'skip' | 'stop' };

const listsAtOnce = 50;

/** Adds what a file has; the same file again writes nothing. */
export async function addCodeLists(
  deps: ExchangeDeps,
  path: string,
  { broken: onBroken, ...options }: AddOptions,
): Promise<AddedLists> {
  const today = new Date(deps.clock.now()).toISOString().slice(0, 10);
  const { lists, broken } = await readListFile(path, { ...options, today });
  const codes = lists.reduce((sum, { concepts }) => sum + concepts.length, 0);
  const stopped = broken.length > 0 && onBroken === 'stop';
  let written = 0;
  for (let at = 0; at < lists.length && !stopped; at += listsAtOnce) {
    const plans = await planCodeLists(deps, lists.slice(at, at + listsAtOnce));
    const changed = plans.filter((changes) => changes.length > 0);
    if (changed.length > 0) await deps.writer.apply(deps.grant, changed.flat());
    written += changed.length;
  }
  return { lists: lists.length, codes, written, broken, stopped };
}
