/** What a line of the access log says was done: the act, and to what, where the act does not say it by itself. */
import type { LogLine } from '#trust/access-log/contract.ts';

const whole: readonly LogLine['kind'][] = ['control', 'sign-in', 'log'];

/** `åpnet prøvesvar og målinger`, `brukte nødtilgang` */
export function doneWords(
  { action, what, kind }: Pick<LogLine, 'action' | 'what' | 'kind'>,
  list: (words: readonly string[]) => string,
): string {
  return whole.includes(kind) ? action.words : `${action.words} ${list(what.words)}`.trim();
}
