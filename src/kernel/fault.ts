/**
 * Expected refusals. One closed table; `kernel/http` turns a kind into a status, `fhir/outcome` into an issue code.
 * A bug is not a Fault: assert, and let the edge answer 500 with a request number and no detail.
 */
export const faultKinds = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  notFound: 404,
  methodNotAllowed: 405,
  notAcceptable: 406,
  conflict: 409,
  gone: 410,
  preconditionFailed: 412,
  tooLarge: 413,
  unsupportedMediaType: 415,
  unprocessable: 422,
  tooCostly: 422,
  busy: 429,
  notSupported: 501,
  unavailable: 503,
  /** The disk: nothing was written, and reading goes on. */
  full: 507,
} as const;

export type FaultKind = keyof typeof faultKinds;

/** One problem: `code` is a FHIR issue-type code, `expression` a FHIRPath to the element it is about. */
export type FaultIssue = {
  severity: 'error' | 'warning' | 'information';
  code: string;
  diagnostics: string;
  expression?: string;
};

export type FaultDetail = {
  expression?: string;
  issues?: FaultIssue[];
  /** The methods that are possible, where one is not: RFC 9110 §15.5.6 wants them told. */
  allow?: readonly string[];
  /** How one may show who one is, where that was wrong or lacking: the value of WWW-Authenticate (RFC 9110 §11.6.1). */
  challenge?: string;
  /** When it is worth to try again, where that is known: the value of `Retry-After`. */
  retryAfterSeconds?: number;
  /** Why, as a code of the part that refused: for the access log and for pages, beside the words. */
  reason?: string;
  cause?: unknown;
};

/** An expected refusal: `throw new Fault('notFound', 'Patient/1 is not here')`. `message` is read by people: plain words, no internals. */
export class Fault extends Error {
  readonly kind: FaultKind;
  readonly expression: string | undefined;
  readonly issues: FaultIssue[] | undefined;
  readonly allow: readonly string[] | undefined;
  readonly challenge: string | undefined;
  readonly retryAfterSeconds: number | undefined;
  readonly reason: string | undefined;

  constructor(kind: FaultKind, message: string, detail: FaultDetail = {}) {
    super(message, detail.cause === undefined ? {} : { cause: detail.cause });
    this.name = 'Fault';
    this.kind = kind;
    this.expression = detail.expression;
    this.issues = detail.issues;
    this.allow = detail.allow;
    this.challenge = detail.challenge;
    this.retryAfterSeconds = detail.retryAfterSeconds;
    this.reason = detail.reason;
  }

  get status(): number {
    return faultKinds[this.kind];
  }
}
