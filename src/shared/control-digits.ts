/** The two modulus-11 rules of Norwegian numbers (HIS 1001:2010; Brønnøysund registers). */

const firstWeights = [3, 7, 6, 1, 8, 9, 4, 5, 2];
const secondWeights = [5, 4, 3, 2, 7, 6, 5, 4, 3, 2];
const organisationWeights = [3, 2, 7, 6, 5, 4, 3, 2];

/**
 * The two control digits that follow nine digits in a national, D-, aid or synthetic number.
 * Answers undefined when the nine digits give none (a control digit would be 10): such a number is never issued.
 */
export function personControlDigits(nineDigits: string): string | undefined {
  const first = modulus11(nineDigits, firstWeights);
  if (first === undefined) return undefined;
  const second = modulus11(nineDigits + first, secondWeights);
  return second === undefined ? undefined : `${first}${second}`;
}

/** The ninth digit of an organisation number, by its first eight; undefined when there is none. */
export function organisationControlDigit(eightDigits: string): string | undefined {
  const digit = modulus11(eightDigits, organisationWeights);
  return digit === undefined ? undefined : String(digit);
}

function modulus11(digits: string, weights: number[]): number | undefined {
  let sum = 0;
  for (let at = 0; at < weights.length; at++) sum += (digits.charCodeAt(at) - 48) * weights[at]!;
  const control = (11 - (sum % 11)) % 11;
  return control === 10 ? undefined : control;
}
