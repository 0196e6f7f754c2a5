/** What was made on this device and what became of it, without anything of a patient: by it the page says what it can not know. Pure. */
import type { KeptDevice, LedgerLine } from './store.ts';

/** `areKnown`: the node was asked, and has none of them. */
export type Lost = { lines: readonly LedgerLine[]; areKnown: boolean };

const keptMs = 31 * 86_400_000;
const linesMax = 500;

/** With a new line; settled ones are forgotten with time, unsettled ones never. */
export function withLine(ledger: readonly LedgerLine[], line: LedgerLine, now: number): LedgerLine[] {
  const open = ledger.filter(({ isSettled }) => !isSettled);
  const done = ledger.filter(({ isSettled, at }) => isSettled && now - at < keptMs).slice(-linesMax);
  return [...done, ...open, line];
}

export function settled(ledger: readonly LedgerLine[], ids: readonly string[]): LedgerLine[] {
  return ledger.map((line) => (ids.includes(line.id) ? { ...line, isSettled: true } : line));
}

/** Made here, not settled, and not here any more. */
export function lostOf(ledger: readonly LedgerLine[], here: readonly string[]): LedgerLine[] {
  return ledger.filter(({ id, isSettled }) => !isSettled && !here.includes(id));
}

/** The copy has to go: somebody signed out since it came, or its time is over. */
export function isOrderedAway({ since, until }: Pick<KeptDevice, 'since' | 'until'>, signedOutAt: number, now: number) {
  return signedOutAt > since || until < now;
}
