/** From a condition to the test that the index can answer: exact where it can, otherwise one that misses nothing. */
import type { Condition, CodeTest } from './condition.ts';
import type { Unit, UnitUse } from './catalog.ts';
import { keepsPresence, type ExtractorParts } from './extract.ts';
import { collapse, plainFold, stems } from './fold.ts';
import { tokenOf } from './hash.ts';
import * as tests from './index-test.ts';
import type { IndexTest } from './index-test.ts';
import { comparisons } from './interval-rules.ts';
import { variantKey, variantsSought } from './measure.ts';
import { narrowDate, narrowDatesTogether } from './narrow-date.ts';
import { narrowString } from './narrow-string.ts';
import * as spell from './tokens.ts';

export type NarrowParts = Pick<ExtractorParts, 'catalog' | 'calendar' | 'cells' | 'canonical'>;

/** The index test of a resolved condition. */
export function narrow(parts: NarrowParts, condition: Condition): IndexTest {
  switch (condition.kind) {
    case 'all':
      return tests.allTests([
        ...condition.of.map((one) => narrow(parts, one)),
        ...narrowDatesTogether(parts, condition.of),
      ]);
    case 'any':
      return tests.anyTests(condition.of.map((one) => narrow(parts, one)));
    case 'not':
      return tests.notTest(narrow(parts, condition.of));
    case 'everything':
      return tests.everything;
    case 'nothing':
      return tests.nothing;
    case 'types':
      return { kind: 'types', types: condition.types, exact: true };
    case 'id':
      return condition.ids.length === 0 ? tests.nothing : { kind: 'id', ids: condition.ids, exact: true };
    case 'updated':
      return { kind: 'updated', rules: comparisons(condition.search), exact: true };
    case 'compartment':
      return narrowCompartment(parts, condition);
    case 'record':
      return narrowRecord(condition.of);
    case 'shared':
      return tests.tokensTest([spell.sharedToken], { typed: false });
    case 'labelled':
      return tests.tokensTest(condition.labels.map(spell.labelToken), { typed: false });
    case 'words':
      return narrowWords(condition.types, condition.scope, condition.stems);
    case 'composite':
      return { ...tests.allTests(condition.tests.map((one) => narrow(parts, one))), exact: false };
    case 'chain':
    case 'has':
    case 'list':
      throw new Error(`a ${condition.kind} condition must be resolved before it is narrowed`);
    default:
      return narrowUse(parts, condition);
  }
}

function narrowUse(parts: NarrowParts, condition: Condition & { uses: readonly UnitUse[] }): IndexTest {
  switch (condition.kind) {
    case 'present':
      return tests.anyTests(condition.uses.map(presence));
    case 'token':
      return tests.anyTests(condition.uses.flatMap(({ unit }) => condition.codes.map((code) => codeTest(unit, code))));
    case 'identifierType':
      return tests.tokensTest(
        condition.uses.map(({ unit }) => tokenOf(unit.seed, spell.identifierType(condition.value))),
        {
          selective: true,
        },
      );
    case 'display':
      return narrowDisplay(condition.uses, condition.text);
    case 'valueSet':
      return inexact(tests.anyTests(condition.uses.map(presence)));
    case 'reference':
      return tests.anyTests(condition.uses.map((use) => referenceTest(use, condition.literals)));
    case 'referenceIdentifier':
      return tests.anyTests(
        condition.uses.flatMap((use) => condition.codes.map((code) => referenceIdentifier(use, code))),
      );
    case 'uri':
      if (condition.mode !== 'equals') return inexact(tests.anyTests(condition.uses.map(presence)));
      return tests.tokensTest(condition.uses.map(({ unit }) => tokenOf(unit.seed, `u${condition.uri}`)));
    case 'string':
      return narrowString(condition);
    case 'date':
      return tests.anyTests(condition.uses.map(({ unit }) => narrowDate(parts, unit, condition)));
    case 'number':
      return range(
        condition.uses.map(({ unit }) => unit.rangeKey),
        comparisons(condition.search),
        condition.uses.every(({ unit }) => unit.path.single),
      );
    case 'quantity':
      return narrowQuantity(parts, condition);
    case 'near':
      return narrowNear(condition);
    default:
      throw new Error(`no index test for ${condition.kind}`);
  }
}

const inexact = (test: IndexTest): IndexTest => ({ ...test, exact: false });
const range = (keys: readonly number[], rules: ReturnType<typeof comparisons>, single: boolean): IndexTest =>
  keys.length === 0 ? tests.nothing : { kind: 'range', keys, rules, single, exact: true };

/** Has a value. Where only some targets count, more may. */
export function presence({ unit, target }: UnitUse): IndexTest {
  const ofType: IndexTest = { kind: 'types', types: [unit.type], exact: unit.path.required };
  const exact = target === undefined;
  if (keepsPresence(unit)) return tests.tokensTest([tokenOf(unit.seed, spell.presence)], { exact });
  if (unit.kind === 'string') return { kind: 'hasString', keys: [unit.stringKey], exact: true };
  if (unit.kind === 'date' || unit.kind === 'number' || unit.kind === 'quantity' || unit.kind === 'special') {
    return { kind: 'hasRange', keys: [unit.rangeKey], exact: true };
  }
  return exact ? ofType : inexact(ofType);
}

function codeTest(unit: Unit, { system, code }: CodeTest): IndexTest {
  if (code === undefined) return inexact(presence({ unit }));
  const selective = unit.path.types.includes('Identifier');
  const token = (text: string) => tokenOf(unit.seed, text);
  const bare = token(`c${code}`);
  if (system === undefined) return tests.tokensTest([bare], { selective });
  const withSystem = token(`s${system ?? ''}|${code}`);
  // A bare code has no system of its own: the one that its value set gives it counts.
  if (!hasBareCodes(unit)) return tests.tokensTest([withSystem], { selective });
  if (!unit.path.types.every(isPrimitiveName)) return tests.tokensTest([withSystem, bare], { selective, exact: false });
  return impliesSystem(unit, system, code) ? tests.tokensTest([bare], { selective }) : tests.nothing;
}

const isPrimitiveName = (type: string): boolean => /^[a-z]/.test(type);
const hasBareCodes = (unit: Unit): boolean =>
  unit.path.types.length === 0 || unit.path.types.some((type) => isPrimitiveName(type) || type === 'ContactPoint');

/** True when a bare code in this unit is of the system: by its value set, or where no list of codes says otherwise. */
export function impliesSystem(unit: Unit, system: string | null, code: string): boolean {
  return system === null || unit.codings === undefined || unit.codings.has(`${system}|${code}`);
}

function referenceTest({ unit, target }: UnitUse, literals: readonly string[]): IndexTest {
  const sought = target === undefined ? literals : literals.filter((one) => pointsAt(one, target));
  const selective = sought.length === 1 && (sought[0] as string).startsWith('Patient/');
  return tests.tokensTest(
    sought.map((literal) => tokenOf(unit.seed, `r${literal}`)),
    { selective },
  );
}

/** True when a literal reference names a resource of the type, here or elsewhere. */
export function pointsAt(literal: string, type: string): boolean {
  return literal.startsWith(`${type}/`) || literal.includes(`/${type}/`);
}

function referenceIdentifier({ unit, target }: UnitUse, { system, code }: CodeTest): IndexTest {
  const exact = target === undefined;
  if (code === undefined) return inexact(presence({ unit }));
  const text = system === undefined ? `ic${code}` : `is${system ?? ''}|${code}`;
  return tests.tokensTest([tokenOf(unit.seed, text)], { exact });
}

function narrowQuantity({ canonical }: NarrowParts, condition: Condition & { kind: 'quantity' }): IndexTest {
  return tests.anyTests(
    condition.uses.flatMap(({ unit }) =>
      variantsSought(condition.search, condition.unit, canonical).map(({ variant, search }) =>
        range([variantKey(unit, variant)], comparisons(search), unit.path.single),
      ),
    ),
  );
}

/** A box around the place; the distance is left to memory. */
function narrowNear({ uses, latitude, longitude, kilometres }: Condition & { kind: 'near' }): IndexTest {
  const degrees = kilometres / 110.5;
  const shrink = Math.cos((Math.min(89, Math.abs(latitude) + degrees) * Math.PI) / 180);
  const wide = degrees / Math.max(shrink, 0.001);
  const within = (key: number, centre: number, reach: number): IndexTest => ({
    kind: 'range',
    single: false,
    keys: [key],
    rules: [
      [
        { bound: 'low', operator: '>=', than: centre - reach },
        { bound: 'high', operator: '<=', than: centre + reach },
      ],
    ],
    exact: true,
  });
  const crossesDateLine = Math.abs(longitude) + wide > 180;
  return inexact(
    tests.anyTests(
      uses.map(({ unit }) =>
        tests.allTests([
          within(unit.rangeKey, latitude, degrees),
          crossesDateLine ? tests.unknown : within(unit.writtenKey, longitude, wide),
        ]),
      ),
    ),
  );
}

function narrowCompartment(
  { catalog }: NarrowParts,
  { code, id, types }: Condition & { kind: 'compartment' },
): IndexTest {
  if (code === 'Patient')
    return tests.tokensTest([spell.patientCompartmentToken(id)], { typed: false, selective: true });
  return tests.anyTests(
    types.flatMap((type) => {
      const compartment = catalog.compartment(code, type);
      const itself: IndexTest[] = compartment?.isItself
        ? [
            tests.allTests([
              { kind: 'types', types: [type], exact: true },
              { kind: 'id', ids: [id], exact: true },
            ]),
          ]
        : [];
      return [...itself, ...(compartment?.uses ?? []).map((use) => referenceTest(use, [`${code}/${id}`]))];
    }),
  );
}

function narrowRecord(of: readonly string[] | 'none' | 'some'): IndexTest {
  if (typeof of === 'string') return { kind: 'record', of, exact: true };
  return of.length === 0 ? tests.nothing : { kind: 'record', of: new tests.PatientSet(of), exact: true };
}

/** So few patients' resources are looked up by their tokens; of more, the rows that something else finds are asked whose they are. */
const lookedUpMax = 50;

/**
 * The test of what is asked and may be seen. Where nothing that is asked leads into the index, a few patients do.
 * @param reach what may be seen (`../grant.ts`)
 */
export function narrowWithin(parts: NarrowParts, asked: Condition, reach: Condition): IndexTest {
  const test = narrow(parts, asked);
  const within = tests.allTests([test, tests.beside(narrow(parts, reach))]);
  if (tests.isSelective(test)) return within;
  const clauses = reach.kind === 'all' ? reach.of : [reach];
  const few = clauses.find((one) => one.kind === 'record' && Array.isArray(one.of) && one.of.length <= lookedUpMax);
  if (few?.kind !== 'record' || typeof few.of === 'string') return within;
  const tokens = few.of.map(spell.patientCompartmentToken);
  return tests.allTests([tests.tokensTest(tokens, { typed: false, selective: true }), within]);
}

function narrowWords(types: readonly string[], scope: 'text' | 'content', sought: readonly string[]): IndexTest {
  return tests.allTests(sought.map((stem) => tests.anyTests(types.map((type) => wordTest(type, scope, stem)))));
}

function wordTest(type: string, scope: 'text' | 'content', stem: string): IndexTest {
  const scopes = scope === 'text' ? (['text'] as const) : (['text', 'content'] as const);
  const found = scopes.map((one) => tokenOf(spell.wordSeed(type, one), spell.wordText(stem)));
  const many = scopes.map((one) => tokenOf(spell.wordSeed(type, one), spell.manyWords));
  return tests.anyTests([tests.tokensTest(found), tests.tokensTest(many, { exact: false })]);
}

/** Words that stand whole in the searched text are words of the resource's readable text; the last may be the start of one. */
function narrowDisplay(uses: readonly UnitUse[], text: string): IndexTest {
  const whole = plainFold(text).split(' ').slice(0, -1).join(' ');
  const present = tests.anyTests(uses.map(presence));
  const types = [...new Set(uses.map(({ unit }) => unit.type))];
  const isReference = uses.some(({ unit }) => unit.kind === 'reference');
  const wordTests = isReference
    ? []
    : stems(collapse(whole)).map((stem) => tests.anyTests(types.map((type) => wordTest(type, 'content', stem))));
  return inexact(tests.allTests([present, ...wordTests]));
}
