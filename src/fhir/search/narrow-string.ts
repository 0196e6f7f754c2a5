/** String searches: a prefix or trigrams find candidates by token, the normalised text beside them decides. */
import type { Unit } from './catalog.ts';
import type { Condition } from './condition.ts';
import { collapse, plainFold } from './fold.ts';
import { tokenOf } from './hash.ts';
import * as tests from './index-test.ts';
import type { IndexTest } from './index-test.ts';
import * as spell from './tokens.ts';

/** Keys of one unit's texts: the fold that all spellings share, and the plain fold where it differs. */
const bothKeys = (unit: Unit): string[] => [unit.stringKey, `${unit.stringKey}~`];

export function narrowString({ uses, mode, text }: Condition & { kind: 'string' }): IndexTest {
  const units = uses.map(({ unit }) => unit);
  if (mode === 'exact') return tests.tokensTest(units.map((unit) => tokenOf(unit.seed, spell.exactText(text))));
  const plain = plainFold(text);
  const collapsed = collapse(plain);
  if (mode === 'starts') return startsWith(units, collapsed);
  const sought = mode === 'equals' ? [collapsed] : [...new Set([collapsed, plain])];
  const decide = tests.anyTests(
    sought.map((one): IndexTest => {
      const keys = units.flatMap((unit) => (mode === 'equals' ? [unit.stringKey] : bothKeys(unit)));
      return { kind: 'string', keys, mode, text: one, exact: true };
    }),
  );
  return tests.allTests([mode === 'equals' ? prefixOf(units, collapsed) : trigramsOf(units, sought), decide]);
}

function startsWith(units: readonly Unit[], collapsed: string): IndexTest {
  const decide: IndexTest = {
    kind: 'string',
    keys: units.map((unit) => unit.stringKey),
    mode: 'starts',
    text: collapsed,
    exact: true,
  };
  const isToken = spell.prefixLengths.includes(collapsed.length);
  return isToken ? prefixOf(units, collapsed) : tests.allTests([prefixOf(units, collapsed), decide]);
}

/** The longest kept prefix; exact by itself only for a text of that very length, which `startsWith` looks at. */
function prefixOf(units: readonly Unit[], collapsed: string): IndexTest {
  const length = spell.prefixLengths.find((one) => one <= collapsed.length);
  if (length === undefined) return tests.everything;
  return tests.tokensTest(units.map((unit) => tokenOf(unit.seed, spell.prefixText(collapsed.slice(0, length)))));
}

function trigramsOf(units: readonly Unit[], sought: readonly string[]): IndexTest {
  return tests.anyTests(
    units.flatMap((unit) => [
      tests.tokensTest([tokenOf(unit.seed, spell.manyTrigrams)]),
      ...sought.map((text) =>
        tests.allTests(spell.trigrams(text).map((one) => tests.tokensTest([tokenOf(unit.seed, one)]))),
      ),
    ]),
  );
}
