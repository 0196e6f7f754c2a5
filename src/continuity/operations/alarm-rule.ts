/** What an alarm rule says: from when a number is one, what that means for care, and what to do. */
import type { NumberName } from './numbers.ts';

export type Words = { readonly nb: string; readonly nn: string; readonly en: string };

export type Rule = {
  number: NumberName;
  /** Beyond this, in the direction that is bad. */
  warning: number;
  critical?: number;
  bad: 'high' | 'low' | 'either';
  title: Words;
  care: Words;
  action: Words;
};
