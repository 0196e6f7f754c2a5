/**
 * CodeSystem/$validate-code and ValueSet/$validate-code, https://hl7.org/fhir/R4/codesystem-operation-validate-code.html
 * and https://hl7.org/fhir/R4/valueset-operation-validate-code.html. What can't be told is never called valid: the result is
 * false, the issue `not-found`, and the message says that it is the list that is missing.
 */
import type { Coding, OperationOutcomeIssue } from '../types.ts';
import type { CodeSystemIndex } from './code-system.ts';
import { grammarAccepts } from './grammar-systems.ts';
import type { TerminologyLibrary } from './library.ts';
import type { Parameter, Parameters } from './operation-input.ts';
import type { Membership } from './value-set.ts';

export type CodeCheck = {
  /** undefined: the node can't tell, because it doesn't have the list. */
  valid: boolean | undefined;
  coding: Coding;
  display?: string | undefined;
  issues: OperationOutcomeIssue[];
};

export type CodeCheckOptions = {
  displayLanguage?: string | undefined;
  /** False: codes that only group others are refused. */
  abstract?: boolean | undefined;
  /** A wrong display is a warning and not an error. */
  lenientDisplay?: boolean | undefined;
};

function issue(severity: 'error' | 'warning' | 'information', code: string, text: string): OperationOutcomeIssue {
  return { severity, code, details: { text } };
}

/** Is the code one of this code system, and is its display right? */
export function checkInSystem(library: TerminologyLibrary, coding: Coding, options: CodeCheckOptions): CodeCheck {
  const { system, code, version } = coding;
  if (system === undefined || code === undefined) {
    return { valid: false, coding, issues: [issue('error', 'invalid', 'A code and its system are both needed')] };
  }
  const index = library.codeSystem(system, version);
  if (index === undefined) return checkGrammar(coding, system, code);
  return checkInIndex(index, coding, options);
}

function checkGrammar(coding: Coding, system: string, code: string): CodeCheck {
  const accepted = grammarAccepts(system, code);
  if (accepted === true) return { valid: true, coding, issues: [] };
  if (accepted === false) {
    return {
      valid: false,
      coding,
      issues: [issue('error', 'code-invalid', `"${code}" is not well formed in ${system}`)],
    };
  }
  const text = `The code system ${system}${coding.version === undefined ? '' : ` version ${coding.version}`} is not here, so "${code}" can't be checked`;
  return { valid: undefined, coding, issues: [issue('error', 'not-found', text)] };
}

/** As `checkInSystem`, for a code system that the caller holds. */
export function checkInIndex(index: CodeSystemIndex, coding: Coding, options: CodeCheckOptions): CodeCheck {
  const code = coding.code ?? '';
  const row = index.row(code);
  const { url } = index.head;
  if (row < 0 && index.isComplete) {
    return { valid: false, coding, issues: [issue('error', 'code-invalid', `${url} has no code "${code}"`)] };
  }
  if (row < 0) {
    const text = `The code "${code}" is not in the part of ${url} that is here (${index.head.content}), so it can't be checked`;
    return { valid: undefined, coding, issues: [issue('error', 'not-found', text)] };
  }
  const issues: OperationOutcomeIssue[] = [];
  if (index.code(row) !== code)
    issues.push(issue('information', 'informational', `The usual spelling is "${index.code(row)}"`));
  if (index.isInactive(row)) issues.push(issue('warning', 'business-rule', `The code "${code}" is no longer in use`));
  if (options.abstract === false && index.isAbstract(row)) {
    issues.push(issue('error', 'business-rule', `The code "${code}" groups others and can't be used itself`));
  }
  const designations = index.designations(row).map((each) => each.value);
  const known = [index.display(row), index.display(row, options.displayLanguage), ...designations];
  issues.push(...displayIssues(coding, known, options));
  return {
    valid: !issues.some(({ severity }) => severity === 'error'),
    coding: { ...coding, system: coding.system ?? url },
    display: index.display(row, options.displayLanguage),
    issues,
  };
}

function displayIssues(
  { display, code }: Coding,
  known: readonly (string | undefined)[],
  { lenientDisplay }: CodeCheckOptions,
): OperationOutcomeIssue[] {
  const texts = [...new Set(known.filter((each) => each !== undefined))];
  if (display === undefined || texts.length === 0 || texts.some((text) => sameWords(text, display))) return [];
  const text = `"${display}" is not a display of "${code}"; it is "${texts.join('" or "')}"`;
  return [issue(lenientDisplay === true ? 'warning' : 'error', 'invalid', text)];
}

function sameWords(one: string, other: string): boolean {
  const plain = (text: string): string => text.normalize('NFC').trim().replace(/\s+/g, ' ').toLowerCase();
  return plain(one) === plain(other);
}

/** Is the code in the value set, and right in its code system where that is here? */
export function checkInValueSet(
  library: TerminologyLibrary,
  name: string,
  membership: Membership,
  coding: Coding,
  options: CodeCheckOptions,
): CodeCheck {
  const { system, code } = coding;
  if (system === undefined || code === undefined) return checkInSystem(library, coding, options);
  const isMember = memberOf(library, membership, system, code);
  if (isMember === false) {
    const text = `The value set ${name} does not hold "${code}" of ${system}`;
    return { valid: false, coding, issues: [issue('error', 'code-invalid', text)] };
  }
  const check = checkInSystem(library, coding, options);
  if (isMember === undefined) {
    const text = `Whether the value set ${name} holds "${code}" of ${system} can't be told: the code system is not here, or only in part`;
    const wrong = check.issues.filter((each) => each.code !== 'not-found');
    return {
      ...check,
      valid: check.valid === false ? false : undefined,
      issues: [issue('error', 'not-found', text), ...wrong],
    };
  }
  if (check.valid === undefined) return listedOnly(membership, coding, options);
  return check;
}

export function memberOf(
  library: TerminologyLibrary,
  membership: Membership,
  system: string,
  code: string,
): boolean | undefined {
  const isMember = membership.has(system, code);
  if (isMember !== true || membership.inactive) return isMember;
  const index = library.codeSystem(system);
  const row = index?.row(code) ?? -1;
  return index?.isInactive(row) !== true;
}

/** The value set lists the code by name, and its code system is not here: the list is what decides. */
function listedOnly(membership: Membership, coding: Coding, options: CodeCheckOptions): CodeCheck {
  const display = membership.displayOf(coding.system ?? '', coding.code ?? '');
  const issues = displayIssues(coding, [display], options);
  return { valid: !issues.some(({ severity }) => severity === 'error'), coding, display, issues };
}

/** The answer of the operation. Of several codings (a CodeableConcept) one that is valid is enough. */
export function checkedParameters(checks: readonly CodeCheck[]): Parameters {
  const best =
    checks.find((check) => check.valid === true) ?? checks.find((check) => check.valid === undefined) ?? checks[0];
  const result = best?.valid === true;
  const issues = checks.flatMap((check) =>
    result && check !== best ? check.issues.map((each) => ({ ...each, severity: 'warning' as const })) : check.issues,
  );
  const parameter: Parameter[] = [{ name: 'result', valueBoolean: result }];
  const told = issues.filter(({ severity }) => severity !== 'information');
  if (told.length > 0) {
    parameter.push({ name: 'message', valueString: told.map((each) => each.details?.text ?? '').join('; ') });
  }
  const display = best?.display;
  if (display !== undefined) parameter.push({ name: 'display', valueString: display });
  if (best?.coding.code !== undefined) parameter.push({ name: 'code', valueCode: best.coding.code });
  if (best?.coding.system !== undefined) parameter.push({ name: 'system', valueUri: best.coding.system });
  if (issues.length > 0)
    parameter.push({ name: 'issues', resource: { resourceType: 'OperationOutcome', issue: issues } });
  return { resourceType: 'Parameters', parameter };
}
