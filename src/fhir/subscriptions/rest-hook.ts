/** Sends one notification by HTTP. A 2xx answer in time is an acknowledgement; anything else, a redirect too, is a failure. */
import { sendOutgoing } from '#kernel/outgoing.ts';
import { checkedEndpoint, type EndpointRules } from './endpoint-rules.ts';

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
  const { method, url, headers, contentType, body, timeoutMs } = message;
  checkedEndpoint(url, rules);
  const { status } = await sendOutgoing(
    {
      method,
      url,
      headers: {
        ...Object.fromEntries(headers),
        ...(contentType === undefined ? {} : { 'content-type': contentType }),
      },
      body,
      timeoutMs,
      // A receiver that talks without end is not listened to.
      bytesMax: 0,
      signal,
    },
    rules,
  );
  if (status < 200 || status > 299) throw new Error(`The receiver answered ${status}`);
}
