/**
 * Norwegian identifiers: is this value one of its system, and is it synthetic? Pure; runs in a browser too.
 * The systems are in `identifier-systems.ts`, the reading of person numbers in `national-number.ts`.
 */
import { organisationControlDigit } from './control-digits.ts';
import { identifierSystems } from './identifier-systems.ts';
import { isSyntheticPersonNumber, readPersonNumber, type PersonNumberKind } from './national-number.ts';

export { identifierSystems } from './identifier-systems.ts';
export { readPersonNumber, type PersonNumber, type PersonNumberKind, type Sex } from './national-number.ts';
export { syntheticNationalNumber, syntheticOrganisationNumber } from './synthetic-numbers.ts';

export type IdentifierProblem = { problem: string };

type Check = (value: string) => string | undefined;

const checks: ReadonlyMap<string, Check> = new Map<string, Check>([
  [identifierSystems.nationalNumber, (value) => checkPersonNumber(value, 'national')],
  [identifierSystems.dNumber, (value) => checkPersonNumber(value, 'd')],
  [identifierSystems.commonAidNumber, (value) => checkPersonNumber(value, 'aid')],
  [identifierSystems.personnelNumber, digits('HPR number', 1, 9)],
  [identifierSystems.immigrationNumber, digits('DUF number', 12, 12)],
  [identifierSystems.organisationNumber, checkOrganisationNumber],
  [identifierSystems.specialistUnit, digits('RESH id', 1, 9)],
  [identifierSystems.communicationParty, digits('HER-id', 1, 9)],
]);

/**
 * Checks a value against the rules of its identifier system (a FHIR `Identifier.system`).
 * Answers undefined when the value is right or the system is not one that we know; else a problem in plain English.
 * Synthetic numbers are right here: whether they may be used is the caller's setting, see `isSynthetic`.
 */
export function checkIdentifier(system: string, value: string): IdentifierProblem | undefined {
  const problem = checks.get(system)?.(value);
  return problem === undefined ? undefined : { problem };
}

/** True for a valid person or organisation number of a test series; false for all else. */
export function isSynthetic(value: string): boolean {
  if (value.length === 9) return isSyntheticOrganisationNumber(value);
  return isSyntheticPersonNumber(value);
}

const kindNames: Record<PersonNumberKind, string> = {
  national: 'a fødselsnummer',
  d: 'a D-number',
  aid: 'a common aid number (FH)',
};

const kindSystems: Record<PersonNumberKind, string> = {
  national: identifierSystems.nationalNumber,
  d: identifierSystems.dNumber,
  aid: identifierSystems.commonAidNumber,
};

function checkPersonNumber(value: string, expected: PersonNumberKind): string | undefined {
  const number = readPersonNumber(value);
  if ('problem' in number) return `This is not ${kindNames[expected]}: ${number.problem}.`;
  if (number.kind === expected) return undefined;
  return `This is ${kindNames[number.kind]}, not ${kindNames[expected]}; its system is ${kindSystems[number.kind]}.`;
}

function checkOrganisationNumber(value: string): string | undefined {
  if (!/^\d{9}$/.test(value)) return 'This is not an organisation number: must be nine digits, without spaces.';
  if (!/^[2389]/.test(value))
    return 'This is not an organisation number: the first digit is 8 or 9 (2 or 3 for synthetic ones).';
  if (organisationControlDigit(value.slice(0, 8)) === value[8]) return undefined;
  return 'This is not an organisation number: the control digit does not match.';
}

function isSyntheticOrganisationNumber(value: string): boolean {
  return /^[23]/.test(value) && checkOrganisationNumber(value) === undefined;
}

function digits(name: string, atLeast: number, atMost: number): Check {
  const form = new RegExp(`^\\d{${atLeast},${atMost}}$`);
  const range = atLeast === atMost ? `${atLeast}` : `${atLeast} to ${atMost}`;
  return (value) => (form.test(value) ? undefined : `This is not a ${name}: must be ${range} digits, without spaces.`);
}
