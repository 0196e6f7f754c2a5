/** `fixed[x]` and `pattern[x]` (https://hl7.org/fhir/R4/elementdefinition-definitions.html#ElementDefinition.fixed_x_). */
import { isNumeric } from '../json/decimal.ts';
import { isFields } from './checks.ts';

/** Equal in every element, whatever their order in the JSON. */
export function isEqual(value: unknown, fixed: unknown): boolean {
  if (isNumeric(value) && isNumeric(fixed)) return Number(value) === Number(fixed);
  if (Array.isArray(value) && Array.isArray(fixed)) {
    return value.length === fixed.length && value.every((one, index) => isEqual(one, fixed[index]));
  }
  if (isFields(value) && isFields(fixed)) {
    const names = Object.keys(fixed);
    return names.length === Object.keys(value).length && names.every((name) => isEqual(value[name], fixed[name]));
  }
  return value === fixed;
}

/** Everything that the pattern has is there; more may be. Of an array, each entry of the pattern is met by some entry. */
export function hasPattern(value: unknown, pattern: unknown): boolean {
  if (Array.isArray(pattern)) {
    return Array.isArray(value) && pattern.every((wanted) => value.some((one) => hasPattern(one, wanted)));
  }
  if (isFields(pattern)) {
    return isFields(value) && Object.keys(pattern).every((name) => hasPattern(value[name], pattern[name]));
  }
  return isEqual(value, pattern);
}
