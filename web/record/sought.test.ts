import { expect, test } from 'vitest';
import { soughtIn } from './sought.ts';

const said = (typed: string): string | undefined => soughtIn(typed)?.toString();

test('nothing, or a single letter, is too little to search by', () => {
  expect(said('')).toBeUndefined();
  expect(said('   ')).toBeUndefined();
  expect(said('å')).toBeUndefined();
});

test('eleven digits are a number, with or without the space', () => {
  expect(said('23914249996')).toBe('identifier=23914249996');
  expect(said(' 239142 49996 ')).toBe('identifier=23914249996');
});

test('words are parts of the name, and a date is when the person was born', () => {
  expect(said('Nordmo, Ås')).toBe(
    new URLSearchParams([
      ['name', 'Nordmo'],
      ['name', 'Ås'],
    ]).toString(),
  );
  expect(said('nordmo 12.4.1948')).toBe('name=nordmo&birthdate=1948-04-12');
  expect(said('12041948')).toBe('birthdate=1948-04-12');
  expect(said('1948-04-12')).toBe('birthdate=1948-04-12');
});

test('what only looks like a date is a name that nobody has', () => {
  expect(said('99.99.1948')).toBe('name=99.99.1948');
});
