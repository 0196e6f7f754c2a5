import { describe, expect, test } from 'vitest';
import { clinicalAnalysis } from './index.ts';
import { indexRow, passagesIn } from './index-document.ts';
import { loadRows } from './loaded.ts';
import { matchRows } from './match.ts';
import { understand } from './query.ts';

const analysis = clinicalAnalysis();

/** Whether a text answers a question: denied, or as it stands. */
function answers(text: string, question: string): boolean | 'denied' {
  const base = { kind: 'document', title: 'x', at: undefined, author: undefined, site: undefined } as const;
  const row = indexRow(analysis, { ...base, content: text, codes: [] });
  const { passages } = row;
  const loaded = loadRows([
    { type: 'X', id: '1', patient: 'p', kind: 'document', title: 'x', at: null, author: null, site: null, passages },
  ]);
  const [found] = matchRows(loaded, understand(analysis, question));
  return found === undefined ? false : found.isDenied ? 'denied' : true;
}

describe('A question', () => {
  test.each([
    ['hjerteinfarkt', 'Brudd i håndledd.'],
    ['slag', 'Spist godt, ingen plager.'],
    ['hjerteinfarkt', 'Hjertet er normalt.'],
    ['hyperkalemi', 'Kjent hypokalemi.'],
  ])('%s is not answered by: %s', (question, text) => expect(answers(text, question)).toBe(false));

  test.each([
    ['hjerteinfarkt', 'Innlagt med STEMI.'],
    ['heart attack', 'Infarkt i bakvegg i 2014.'],
    ['kols', 'Kronisk obstruktiv lungesykdom grad 3.'],
    ['sjukdom i lunge', 'Lungesykdom.'],
    ['pneumnoi', 'Pneumoni basalt.'],
    ['blodtrykk høyt', 'Har lenge hatt høyt blodtrykk.'],
    ['I21', 'Diagnose I21.4.'],
    ['lårhalsbrot', 'Operert for lårhalsbrudd.'],
    ['spiseforstyrrelse', 'Diagnose F50.0.'],
    ['hypokalemi', 'Lavt kalium ved innkomst.'],
    ['betennelse i bukspyttkjertelen', 'Akutt pankreatitt.'],
    ['kolecystektomi', 'Gjennomgått cholecystectomi.'],
    ['antiepileptika', 'Står på Keppra.'],
  ])('%s is answered by: %s', (question, text) => expect(answers(text, question)).toBe(true));

  test.each([
    ['pneumoni', 'Ingen tegn til pneumoni.'],
    ['brystsmerter', 'Pasienten benekter brystsmerter.'],
    ['feber', 'Utan feber.'],
    ['pacemaker', 'Pacemaker: Nei. Smittefare: Ja.'],
    ['pulmonary embolism', 'No evidence of pulmonary embolism.'],
  ])('%s is denied by: %s', (question, text) => expect(answers(text, question)).toBe('denied'));
});

test('passages make up the whole text', () => {
  const text = 'En setning som er nokså lang og sier litt. '.repeat(60);
  expect(
    passagesIn(text)
      .map(([from, to]) => text.slice(from, to))
      .join(''),
  ).toBe(text);
});
