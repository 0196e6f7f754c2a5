/** The one place that turns refusals into OperationOutcomes (R4 operationoutcome.html). */
import { Fault, type FaultIssue, type FaultKind } from '#kernel/fault.ts';
import type { OperationOutcome, OperationOutcomeIssue } from './types.ts';

const issueCodes: Record<FaultKind, string> = {
  invalid: 'invalid',
  unauthenticated: 'login',
  forbidden: 'forbidden',
  notFound: 'not-found',
  methodNotAllowed: 'not-supported',
  notAcceptable: 'not-supported',
  conflict: 'conflict',
  gone: 'deleted',
  preconditionFailed: 'conflict',
  tooLarge: 'too-long',
  unsupportedMediaType: 'not-supported',
  unprocessable: 'processing',
  tooCostly: 'too-costly',
  busy: 'throttled',
  notSupported: 'not-supported',
  unavailable: 'transient',
  full: 'no-store',
};

/** The outcome that a caller gets for a Fault. */
export function outcomeOf(fault: Fault): OperationOutcome {
  if (fault.issues !== undefined && fault.issues.length > 0) return outcome(fault.issues);
  const told = outcome([
    {
      severity: 'error',
      code: issueCodes[fault.kind],
      diagnostics: fault.message,
      ...(fault.expression === undefined ? {} : { expression: fault.expression }),
    },
  ]);
  // Only of what may be known of: a reason beside "not here" would tell that it is.
  const [issue] = told.issue;
  if (issue !== undefined && fault.kind === 'forbidden' && fault.reason !== undefined)
    issue.details = { coding: [{ system: reasonSystem, code: fault.reason }] };
  return told;
}

/** Codes of why something is refused, for pages and applications. */
const reasonSystem = 'urn:fyr:code-system:refusal';

/** The same refusal, told of an entry of a bundle: `Patient.gender` becomes `Bundle.entry[3].resource.gender`. Anything but a Fault stays as it is. */
export function faultInEntry(error: unknown, entry: string): unknown {
  if (!(error instanceof Fault)) return error;
  const inEntry = (expression: string | undefined): string => {
    if (expression === undefined) return entry;
    const path = /^[A-Z][A-Za-z]*(.*)$/.exec(expression)?.[1] ?? `.${expression}`;
    return `${entry}.resource${path}`;
  };
  const issues = error.issues?.map((issue) => ({ ...issue, expression: inEntry(issue.expression) }));
  return new Fault(error.kind, error.message, {
    expression: inEntry(error.expression),
    ...(issues === undefined ? {} : { issues }),
    cause: error,
  });
}

/** What a caller gets for a bug of ours: a number to find it by in the log, and no detail. */
export function outcomeOfBug(requestId: string): OperationOutcome {
  return outcome([
    {
      severity: 'error',
      code: 'exception',
      diagnostics: `Something is wrong at our side. Request number ${requestId}.`,
    },
  ]);
}

export function outcome(issues: readonly FaultIssue[]): OperationOutcome {
  return { resourceType: 'OperationOutcome', issue: issues.map(asIssue) };
}

function asIssue({ severity, code, diagnostics, expression }: FaultIssue): OperationOutcomeIssue {
  return { severity, code, diagnostics, ...(expression === undefined ? {} : { expression: [expression] }) };
}

/** The warnings among a validator's issues, as a Fault's issues are told. */
export function warningsOf(issues: readonly OperationOutcomeIssue[]): FaultIssue[] {
  return issues.map((issue) => {
    const expression = issue.expression?.[0];
    return {
      severity: issue.severity === 'fatal' ? 'error' : issue.severity,
      code: issue.code,
      diagnostics: issue.diagnostics ?? issue.details?.text ?? issue.code,
      ...(expression === undefined ? {} : { expression }),
    };
  });
}
