/** Ages, doses and the four kinds of nothing in the ward's words. Pure but for the texts. */
import type { TFunction } from 'i18next';
import type { Known, Medicine } from '#continuity/packs/contract.ts';
import type { Written } from '../text/written.ts';

export type Say = TFunction<'ward'>;

const minuteMs = 60_000;

export function ageWords(ms: number, t: Say): string {
  const minutes = Math.max(0, Math.round(ms / minuteMs));
  if (minutes < 1) return t('under-a-minute');
  return minutes < 90 ? t('minutes', { count: minutes }) : t('hours', { count: Math.round(minutes / 60) });
}

/** What is told of a list: its things, and what can not be known of it. */
export function knownWords<One>({ items, state }: Known<One>, words: (one: One) => string, t: Say): string {
  const told = items.map(words).join(', ');
  if (state === 'recorded') return told;
  if (state === 'notLoaded') return told === '' ? t('not-loaded') : `${told} (${t('not-loaded-more')})`;
  return t(state === 'noneKnown' ? 'none-known' : 'not-recorded');
}

/** When a medicine is to be given next, milliseconds since 1970: a missed one first. */
export function nextOf({ missed, due }: Medicine): number | undefined {
  return missed ?? (due.kind === 'times' ? due.times[0] : undefined);
}

/** `08.00`, `forfalt 06.00`, `ved behov`. */
export function dueWords({ missed, due }: Medicine, written: Pick<Written, 'briefly'>, t: Say): string {
  const time = (at: number): string => written.briefly(new Date(at).toISOString());
  if (missed !== undefined) return t('missed', { time: time(missed) });
  switch (due.kind) {
    case 'times':
      return due.times[0] === undefined ? t('none-due') : time(due.times[0]);
    case 'asNeeded':
      return t('as-needed');
    case 'continuous':
      return t('continuous');
    case 'unsaid':
      return t('unsaid');
  }
}
