/**
 * How issuers are asked. The embedded provider is this very node, so it is asked without a socket: that works before the node listens, and whatever address
 * browsers know it by. Others are called by the one way out, only at the hosts that the settings name.
 */
import type { HttpServer } from '#kernel/http.ts';
import { sendOutgoing } from '#kernel/outgoing.ts';
import type { OutgoingRules } from '#kernel/outgoing-rules.ts';

const timeoutMs = 10_000;
const bytesMax = 2 * 1024 * 1024;

type Server = Pick<HttpServer, 'inject'>;
type Method = 'GET' | 'POST';

/** @param server known once the node has one; until then its own address can't be asked */
export function createFetch(
  baseUrl: string,
  server: () => Server | undefined,
  rules: OutgoingRules,
): typeof globalThis.fetch {
  return async (input, init) => {
    const request = new Request(input, init);
    const method = request.method as Method;
    const headers = Object.fromEntries(request.headers);
    const body = method === 'GET' ? undefined : Buffer.from(await request.arrayBuffer());
    const own = server();
    if (own !== undefined && request.url.startsWith(`${baseUrl}/`)) {
      const payload = body === undefined ? {} : { payload: body };
      const answer = await own.inject({ method, url: request.url.slice(baseUrl.length), headers, ...payload });
      return responseOf(answer.statusCode, answer.headers, answer.rawPayload);
    }
    const sent = body === undefined ? {} : { body };
    const answer = await sendOutgoing({ method, url: request.url, headers, timeoutMs, bytesMax, ...sent }, rules);
    return responseOf(answer.status, answer.headers, answer.body);
  };
}

function responseOf(status: number, headers: { readonly [name: string]: unknown }, body: Buffer): Response {
  const answer = new Headers();
  for (const [name, value] of Object.entries(headers)) {
    if (name === 'set-cookie' || name === 'content-length') continue;
    for (const one of Array.isArray(value) ? value : [value]) {
      if (typeof one === 'string' || typeof one === 'number') answer.append(name, String(one));
    }
  }
  const isEmpty = status === 204 || status === 304;
  return new Response(isEmpty ? null : new Uint8Array(body), { status, headers: answer });
}
