/** A FHIR request and its answer, apart from the wire: what HTTP and the entries of a batch have in common. */
import type { Readable } from 'node:stream';
import type { FaultIssue } from '#kernel/fault.ts';
import type { Resource } from '../types.ts';

export type Method = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export type FhirRequest = {
  method: Method;
  /** The path below the base, split at `/`, decoded: `['Patient', '1', '_history']`. */
  segments: readonly string[];
  /** Query parameters in order, decoded; those of a POSTed search form after those of the address. */
  parameters: readonly (readonly [string, string])[];
  /** Lower-case names: if-match, if-none-match, if-modified-since, if-none-exist, prefer, content-type. */
  headers: Readonly<Record<string, string | undefined>>;
  /** The parsed body: a resource, or a JSON Patch (an array). */
  body?: unknown;
};

export type FhirAnswer = {
  status: number;
  /** The resource as JSON text, straight from the record; or as an object that is written on the way out. */
  text?: string | undefined;
  /** The same as UTF-8, where it need not become text on its way. */
  bytes?: Buffer | undefined;
  resource?: object | undefined;
  /** Not FHIR at all: a Binary's own bytes, or NDJSON. */
  raw?: { contentType: string; body: Buffer | string | Readable };
  versionId?: string | undefined;
  /** Milliseconds since 1970. */
  lastModified?: number | undefined;
  /** Relative to the base: `Patient/1/_history/2`. */
  location?: string | undefined;
  headers?: Record<string, string>;
  /** Told in an OperationOutcome when `Prefer: return=OperationOutcome` asks for it. */
  warnings?: FaultIssue[];
};

/** The first value of a parameter. */
export function parameter(request: Pick<FhirRequest, 'parameters'>, name: string): string | undefined {
  return request.parameters.find(([key]) => key === name)?.[1];
}

/** One preference of the Prefer header (RFC 7240): `preference(request, 'return')` → `minimal`. */
export function preference(request: Pick<FhirRequest, 'headers'>, name: string): string | undefined {
  const match = new RegExp(`(?:^|[,;\\s])${name}\\s*=\\s*"?([\\w-]+)`, 'i').exec(request.headers['prefer'] ?? '');
  return match?.[1];
}

/** The version ids that an If-Match or If-None-Match names: `W/"2-region"` → `2-region`; `*` stands for itself. */
export function entityTags(header: string): string[] {
  if (header.trim() === '*') return ['*'];
  return [...header.matchAll(/(?:W\/)?"([^"]*)"/g)].map((match) => match[1] as string);
}

/** A resource out of a body, or undefined when it is none. */
export function asResource(body: unknown): Resource | undefined {
  const candidate = body as Resource | null | undefined;
  return typeof candidate === 'object' && candidate !== null && typeof candidate.resourceType === 'string'
    ? candidate
    : undefined;
}
