/**
 * UCUM units (https://ucum.org/ucum): quantities in base units, so that 1 g/L and 100 mg/dL compare as equal.
 * The library's figures come from binary floats; values are rounded to twelve digits, which no measurement exceeds.
 */
import { parseUnit, toCanonicalForm, ucum as library } from '@atomic-ehr/ucum';

export type CanonicalQuantity = { value: number; unit: string };

export interface Ucum {
  /**
   * The quantity in base units (`g`, `m`, `s`, `K`, `C`, `cd`, `rad`; unit text such as `g.m-3`, `1` when none). Arbitrary units
   * (`[IU]`) stay units of their own. Undefined when the unit is not UCUM, or is a logarithm or the like (`[pH]`).
   */
  canonicalQuantity(value: number, unit: string): CanonicalQuantity | undefined;
  /** The value in another unit; undefined when one is not UCUM or the dimensions differ. */
  convert(value: number, from: string, to: string): number | undefined;
  /** How many base units one unit is; undefined as above. For choosing the coarser of two units. */
  factor(unit: string): number | undefined;
}

/** canonical = value × factor + offset. */
type UnitForm = { factor: number; offset: number; unit: string };

const cacheMax = 5_000;
const unitLengthMax = 200;
const baseUnits: ReadonlySet<string> = new Set(['m', 'g', 's', 'rad', 'K', 'C', 'cd']);
/** Temperature scales are straight lines with a zero of their own: kelvin = degrees × factor + offset. */
const temperatures: ReadonlyMap<string, UnitForm> = new Map([
  ['Cel', { factor: 1, offset: 273.15, unit: 'K' }],
  ['[degF]', { factor: 5 / 9, offset: (459.67 * 5) / 9, unit: 'K' }],
  ['[degRe]', { factor: 1.25, offset: 273.15, unit: 'K' }],
]);
/** UCUM "arbitrary units" (table 26): each is its own dimension, comparable with nothing else. */
const arbitrary =
  /^\[(?:.*'U|iU|IU|USP'U|CCID_50|TCID_50|EID_50|PFU|FFU|CFU|IR|BAU|AU|Amb'a'1'U|PNU|Lf|D'ag'U|FEU|ELU|EU)\]$/;

/** Units with a cache of their own, bounded. */
export function createUcum(): Ucum {
  const forms = new Map<string, UnitForm | null>();
  const formOf = (unit: string): UnitForm | null => {
    const known = forms.get(unit);
    if (known !== undefined) return known;
    const made = readUnit(unit) ?? null;
    if (forms.size >= cacheMax) forms.clear();
    forms.set(unit, made);
    return made;
  };
  return {
    canonicalQuantity(value, unit) {
      const form = formOf(unit);
      return form ? { value: rounded(value * form.factor + form.offset), unit: form.unit } : undefined;
    },
    convert(value, from, to) {
      const source = formOf(from);
      const target = formOf(to);
      if (!source || !target || source.unit !== target.unit) return undefined;
      return rounded((value * source.factor + source.offset - target.offset) / target.factor);
    },
    factor: (unit) => formOf(unit)?.factor,
  };
}

/** As `Ucum.canonicalQuantity`, without a cache: about 80 µs. Whoever converts many uses `createUcum()`. */
export function canonicalQuantity(value: number, unit: string): CanonicalQuantity | undefined {
  return createUcum().canonicalQuantity(value, unit);
}

function rounded(value: number): number {
  return Number(value.toPrecision(12));
}

function readUnit(unit: string): UnitForm | undefined {
  if (unit === '' || unit.length > unitLengthMax) return undefined;
  const temperature = temperatures.get(unit.replace(/\{[^{}]*\}$/, ''));
  if (temperature) return temperature;
  // Annotations never change a unit (UCUM §12); some hold characters that the library's lexer refuses.
  const plain = unit.replace(/\{[^{}]*\}/g, '{x}');
  try {
    return readPlainUnit(plain);
  } catch {
    // The library says "not UCUM" by throwing; that is an answer here, not a fault.
    return undefined;
  }
}

function readPlainUnit(unit: string): UnitForm | undefined {
  const { ast, errors } = parseUnit(unit);
  if (!ast || errors.length > 0) return undefined;
  const exponents = new Map<string, number>();
  if (!collectArbitrary(ast, 1, exponents)) return undefined;
  const { magnitude, units } = toCanonicalForm(unit);
  if (!Number.isFinite(magnitude) || magnitude <= 0) return undefined;
  for (const { unit: base, exponent } of units) {
    if (!baseUnits.has(base)) return undefined;
    exponents.set(base, (exponents.get(base) ?? 0) + exponent);
  }
  return { factor: rounded(magnitude), offset: 0, unit: unitText(exponents) };
}

type UnitAst = NonNullable<ReturnType<typeof parseUnit>['ast']>;

/** Notes each arbitrary unit with its exponent; false when a special (non-linear) unit is met. */
function collectArbitrary(ast: UnitAst, sign: number, exponents: Map<string, number>): boolean {
  switch (ast.type) {
    case 'binary':
      return (
        collectArbitrary(ast.left, sign, exponents) &&
        collectArbitrary(ast.right, ast.operator === '/' ? -sign : sign, exponents)
      );
    case 'unary':
      return collectArbitrary(ast.operand, -sign, exponents);
    case 'group':
      return collectArbitrary(ast.expression, sign, exponents);
    case 'factor':
      return true;
    case 'unit':
      if (library.isSpecialUnit(ast.atom)) return false;
      if (arbitrary.test(ast.atom)) {
        const atom = ast.atom === '[iU]' ? '[IU]' : ast.atom;
        exponents.set(atom, (exponents.get(atom) ?? 0) + sign * (ast.exponent ?? 1));
      }
      return true;
    default:
      return false;
  }
}

function unitText(exponents: ReadonlyMap<string, number>): string {
  const terms = [...exponents].filter(([, exponent]) => exponent !== 0);
  if (terms.length === 0) return '1';
  terms.sort(([a], [b]) => (a < b ? -1 : 1));
  return terms.map(([unit, exponent]) => (exponent === 1 ? unit : `${unit}${exponent}`)).join('.');
}
