import { expect, test } from 'vitest';
import { isEnglish, wordsFor } from './said.ts';

test('sentences of the node are told from those in Norwegian', () => {
  for (const sentence of [
    'There is a downtime already: add to that one.',
    'This was decided in the meantime.',
    'Somebody else changed this form just now. Look at it again.',
    'Conflicts are decided by personnel who treat patients.',
  ])
    expect(isEnglish(sentence), sentence).toBe(true);
  for (const sentence of [
    'Dette finnes ikke.',
    'Du kan lese, men ikke skrive, i denne journalen.',
    'Denne tenesta er ikkje for deg.',
    'Pasienten har sperret dette. Det kan bare åpnes når det er nødvendig for øyeblikkelig hjelp.',
  ])
    expect(isEnglish(sentence), sentence).toBe(false);
});

test('every status has words', () => {
  expect([409, 418, 502].map(wordsFor)).toEqual([409, 400, 500]);
});
