/** The entries of a batch or transaction as requests (R4 bundle.html#transaction). */
import { Fault } from '#kernel/fault.ts';
import { asResource, type FhirRequest, type Method } from '../http/request.ts';
import type { Resource } from '../types.ts';

export type BundleRequest = FhirRequest & { fullUrl?: string };

type Entry = {
  fullUrl?: unknown;
  resource?: unknown;
  request?: {
    method?: unknown;
    url?: unknown;
    ifNoneMatch?: unknown;
    ifModifiedSince?: unknown;
    ifMatch?: unknown;
    ifNoneExist?: unknown;
  };
};

const methods: readonly string[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'];

/** One request an entry; where an entry can't be read, the Fault that says why. Refused as a whole when there are too many. */
export function bundleRequests(bundle: Resource, baseUrl: string, entriesMax: number): (BundleRequest | Fault)[] {
  const entries = bundle['entry'] ?? [];
  if (!Array.isArray(entries))
    throw new Fault('invalid', 'Bundle.entry must be an array.', { expression: 'Bundle.entry' });
  if (entries.length > entriesMax) {
    throw new Fault('tooLarge', `The bundle has ${entries.length} entries; this node takes ${entriesMax} at once.`);
  }
  return entries.map((entry: Entry, i) => {
    try {
      return requestOf(entry, `Bundle.entry[${i}]`, baseUrl);
    } catch (error) {
      if (error instanceof Fault) return error;
      throw error;
    }
  });
}

function requestOf(entry: Entry | null, expression: string, baseUrl: string): BundleRequest {
  const request = entry?.request;
  const method = request?.method;
  if (!entry || !request || typeof method !== 'string' || !methods.includes(method)) {
    throw new Fault('invalid', 'Every entry needs a request with a method.', { expression: `${expression}.request` });
  }
  if (typeof request.url !== 'string') {
    throw new Fault('invalid', 'Every entry needs a request with a url.', { expression: `${expression}.request.url` });
  }
  const { segments, parameters } = splitUrl(request.url, baseUrl, `${expression}.request.url`);
  return {
    method: method as Method,
    segments,
    parameters,
    headers: headersOf(request),
    ...bodyOf(entry.resource, method, expression),
    ...(typeof entry.fullUrl === 'string' ? { fullUrl: entry.fullUrl } : {}),
  };
}

function headersOf(request: NonNullable<Entry['request']>): Record<string, string | undefined> {
  const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
  const since = text(request.ifModifiedSince);
  return {
    'if-none-match': text(request.ifNoneMatch),
    'if-modified-since': since,
    'if-match': text(request.ifMatch),
    'if-none-exist': text(request.ifNoneExist),
  };
}

/** A patch inside a bundle is a FHIRPath Patch, or a JSON Patch carried in a Binary (R4 http.html#jsonpatch). */
function bodyOf(resource: unknown, method: string, expression: string): { body?: unknown } {
  if (resource === undefined) return {};
  const found = asResource(resource);
  if (!found) throw new Fault('invalid', 'The entry holds no resource.', { expression: `${expression}.resource` });
  if (method === 'PATCH' && found.resourceType === 'Binary' && typeof found['data'] === 'string') {
    try {
      return { body: JSON.parse(Buffer.from(found['data'], 'base64').toString('utf8')) };
    } catch (cause) {
      throw new Fault('invalid', 'The Binary holds no JSON Patch.', {
        expression: `${expression}.resource.data`,
        cause,
      });
    }
  }
  return { body: found };
}

/** A url relative to the base, or absolute below it, as path segments and query parameters. */
export function splitUrl(
  url: string,
  baseUrl: string,
  expression?: string,
): { segments: string[]; parameters: [string, string][] } {
  const relative = url.startsWith(`${baseUrl}/`) ? url.slice(baseUrl.length + 1) : url.replace(/^\//, '');
  if (plainPath.test(relative)) return { segments: relative.split('/'), parameters: [] };
  if (relative.includes('%00') || relative.includes('\u0000')) throw unreadable(expression);
  const question = relative.indexOf('?');
  const path = question < 0 ? relative : relative.slice(0, question);
  try {
    return {
      segments: path.split('/').flatMap((s) => (s === '' ? [] : [decodeURIComponent(s)])),
      parameters: question < 0 ? [] : formPairs(relative.slice(question + 1)),
    };
  } catch (cause) {
    throw unreadable(expression, cause);
  }
}

/** Most addresses: nothing to decode, nothing after a question mark. */
const plainPath = /^[\w$.-]+(?:\/[\w$.-]+)*$/;

/** The pairs of a query or form, decoded strictly: bytes that are no UTF-8 throw, where `URLSearchParams` would guess. */
export function formPairs(text: string): [string, string][] {
  const decode = (part: string): string => decodeURIComponent(part.replaceAll('+', ' '));
  return text.split('&').flatMap((pair): [string, string][] => {
    if (pair === '') return [];
    const equals = pair.indexOf('=');
    return equals < 0 ? [[decode(pair), '']] : [[decode(pair.slice(0, equals)), decode(pair.slice(equals + 1))]];
  });
}

function unreadable(expression: string | undefined, cause?: unknown): Fault {
  return new Fault('invalid', 'The address can not be read: it is not percent-encoded UTF-8 without NUL.', {
    ...(expression === undefined ? {} : { expression }),
    cause,
  });
}
