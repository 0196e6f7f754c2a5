import { expect, test } from 'vitest';
import { phrases, sayIn, type Phrase } from './phrases.ts';

const blanks = (text: string): string[] => (text.match(/\{\w+\}/g) ?? []).toSorted();

test('each phrase has the same blanks in bokmål, nynorsk and English, and words in each', () => {
  for (const [nb, others] of Object.entries(phrases))
    for (const other of others) {
      expect(blanks(other), nb).toEqual(blanks(nb));
      expect(other.trim(), nb).not.toBe('');
    }
});

test('what is put in is not read as a phrase, and stands as it is', () => {
  const name: Phrase = 'Ansvarlig: {name}';
  expect(sayIn('nb')(name, { name: 'Kari {id} $1' })).toBe('Ansvarlig: Kari {id} $1');
  expect(sayIn('nn')(name, { name: 'Kari' })).toBe('Ansvarleg: Kari');
  expect(sayIn('en')(name, { name: 'Kari' })).toBe('Responsible: Kari');
});
