/** Sends one notification by HTTP. A 2xx answer in time is an acknowledgement; anything else, a redirect too, is a failure. */
import { lookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { checkedEndpoint, isAllowedAddress } from './endpoint-rules.ts';
import type { EndpointRules } from './endpoint-rules.ts';

export type HookMessage = {
  method: 'POST' | 'PUT' | 'DELETE';
  url: string;
  headers: readonly [string, string][];
  contentType: string | undefined;
  body: string;
  timeoutMs: number;
};

/** Resolves when the receiver acknowledged; rejects with a short reason fit for the Subscription's `error`. */
export async function sendHook(message: HookMessage, rules: EndpointRules, signal?: AbortSignal): Promise<void> {
  const url = checkedEndpoint(message.url, rules);
  const status = await statusOf(url, message, rules, signal);
  if (status < 200 || status > 299) throw new Error(`The receiver answered ${status}`);
}

function statusOf(url: URL, message: HookMessage, rules: EndpointRules, signal?: AbortSignal): Promise<number> {
  const { method, headers, contentType, body, timeoutMs } = message;
  const deadline = AbortSignal.timeout(timeoutMs);
  return new Promise((resolve, reject) => {
    const send = url.protocol === 'https:' ? requestHttps : requestHttp;
    const request = send(
      url,
      {
        method,
        // A connection each: receivers are called seldom, and a kept one would escape the address check.
        agent: false,
        lookup: allowedLookup(rules),
        signal: signal === undefined ? deadline : AbortSignal.any([deadline, signal]),
        headers: {
          ...Object.fromEntries(headers),
          ...(contentType === undefined ? {} : { 'content-type': contentType }),
          'content-length': Buffer.byteLength(body),
        },
      },
      (response) => {
        // Its status is all that counts: a receiver that talks without end is not listened to.
        response.on('error', () => {});
        resolve(response.statusCode ?? 0);
        request.destroy();
      },
    );
    request.on('error', (error) => reject(new Error(reasonOf(error, deadline.aborted, timeoutMs), { cause: error })));
    request.end(body);
  });
}

function reasonOf(error: Error, isLate: boolean, timeoutMs: number): string {
  if (isLate) return `The receiver did not answer within ${timeoutMs / 1000} s`;
  const code = (error as NodeJS.ErrnoException).code;
  return `The receiver can't be reached${code === undefined ? '' : ` (${code})`}`;
}

/** A name that resolves to an address that must not be called is refused when connecting, however often the answer changes. */
function allowedLookup(rules: EndpointRules): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error !== null) return callback(error, '', 0);
      const allowed = addresses.filter(({ address }) => isAllowedAddress(address, rules));
      const [first] = allowed;
      if (first === undefined) {
        return callback(Object.assign(new Error(`${hostname} may not be called`), { code: 'EACCES' }), '', 0);
      }
      return options.all === true ? callback(null, allowed) : callback(null, first.address, first.family);
    });
  };
}
