/**
 * The one way out by HTTP to addresses that others had a say in: only where the rules allow, to an address that was checked when connecting (a name that resolves
 * otherwise a moment later gains nothing), without following redirects, within limits of time and size.
 */
import { lookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { request as requestHttp, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';
import { checkedUrl, hostOf, isAllowedAddress, type OutgoingRules } from './outgoing-rules.ts';

export type OutgoingRequest = {
  method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE';
  url: string;
  headers: Readonly<Record<string, string>>;
  body?: string | Uint8Array;
  /** For the whole exchange. */
  timeoutMs: number;
  /** Bytes of the answer's body that are read, at most; 0: its status is all that counts, and the body is not waited for. */
  bytesMax: number;
  signal?: AbortSignal | undefined;
};

export type OutgoingAnswer = { status: number; headers: IncomingHttpHeaders; body: Buffer };

/** Why there is no answer, in a few words that may be shown: no address, no internals. */
export class OutgoingFailure extends Error {
  constructor(message: string, detail: { cause?: unknown } = {}) {
    super(message, detail);
    this.name = 'OutgoingFailure';
  }
}

/** Rejects with an OutgoingFailure; with a Fault('unprocessable') where the rules refuse the URL. A redirect is an answer like others: its status tells. */
export async function sendOutgoing(request: OutgoingRequest, rules: OutgoingRules): Promise<OutgoingAnswer> {
  const url = checkedUrl(request.url, rules);
  const { timeoutMs, signal } = request;
  const deadline = AbortSignal.timeout(timeoutMs);
  try {
    return await exchange(url, request, rules, signal === undefined ? deadline : AbortSignal.any([deadline, signal]));
  } catch (error) {
    if (error instanceof OutgoingFailure) throw error;
    throw new OutgoingFailure(reasonOf(error as Error, deadline.aborted, timeoutMs), { cause: error });
  }
}

function exchange(
  url: URL,
  asked: OutgoingRequest,
  rules: OutgoingRules,
  signal: AbortSignal,
): Promise<OutgoingAnswer> {
  const { method, headers, body, bytesMax } = asked;
  return new Promise((resolve, reject) => {
    const send = url.protocol === 'https:' ? requestHttps : requestHttp;
    const request = send(
      url,
      {
        method,
        // A connection each: a kept one would escape the check of its address.
        agent: false,
        lookup: allowedLookup(hostOf(url), rules),
        signal,
        headers: {
          'accept-encoding': 'identity',
          ...headers,
          ...(body === undefined && (method === 'GET' || method === 'HEAD')
            ? {}
            : { 'content-length': lengthOf(body) }),
        },
      },
      (response) => {
        response.on('error', reject);
        read(response, bytesMax)
          .then(resolve, reject)
          .finally(() => request.destroy());
      },
    );
    request.on('error', reject);
    request.end(body);
  });
}

function lengthOf(body: string | Uint8Array | undefined): number {
  return body === undefined ? 0 : Buffer.byteLength(body);
}

async function read(response: IncomingMessage, bytesMax: number): Promise<OutgoingAnswer> {
  const { statusCode: status = 0, headers } = response;
  const pieces: Buffer[] = [];
  let bytes = 0;
  if (bytesMax > 0) {
    for await (const piece of response as AsyncIterable<Buffer>) {
      bytes += piece.length;
      if (bytes > bytesMax) throw new OutgoingFailure(`The receiver answered with more than ${bytesMax} bytes`);
      pieces.push(piece);
    }
  }
  return { status, headers, body: Buffer.concat(pieces) };
}

function reasonOf(error: Error, isLate: boolean, timeoutMs: number): string {
  if (isLate) return `The receiver did not answer within ${timeoutMs / 1000} s`;
  const { code } = error as NodeJS.ErrnoException;
  return `The receiver can't be reached${code === undefined ? '' : ` (${code})`}`;
}

/** A name that resolves to an address that must not be called is refused when connecting, however often the answer changes. */
function allowedLookup(host: string, rules: OutgoingRules): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error !== null) return callback(error, '', 0);
      const allowed = addresses.filter(({ address }) => isAllowedAddress(address, host, rules));
      const [first] = allowed;
      if (first === undefined) {
        return callback(Object.assign(new Error(`${hostname} may not be called`), { code: 'EACCES' }), '', 0);
      }
      return options.all === true ? callback(null, allowed) : callback(null, first.address, first.family);
    });
  };
}
