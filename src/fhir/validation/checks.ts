/** The shapes that compiled checks share. */
import { Decimal } from '../json/decimal.ts';
import type { Walk } from './walk.ts';

/** A JSON object. */
export type Fields = Record<string, unknown>;

export type ValueCheck = (value: unknown, walk: Walk) => void;

/** What is done with one JSON property of an object. `bit` says which element was seen, for cardinality and choices. */
export type Property = {
  bit: number;
  isChoice: boolean;
  check(value: unknown, owner: Fields, walk: Walk): void;
};

/** True for a JSON object; false for arrays and exact decimals. */
export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Decimal);

/** The value where it is text, else empty: `String()` of a hostile object (`{"toString": null}`) throws. */
export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
