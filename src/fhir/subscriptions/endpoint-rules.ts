/** Where notifications may go: by the node's rules for calling others, told in terms of the Subscription. */
import { Fault } from '#kernel/fault.ts';
import { checkedUrl, type OutgoingRules } from '#kernel/outgoing-rules.ts';

export type EndpointRules = OutgoingRules;

/** The endpoint as a URL. Faults: unprocessable, saying why it can't be called. */
export function checkedEndpoint(endpoint: string, rules: EndpointRules): URL {
  try {
    return checkedUrl(endpoint, rules);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    throw new Fault(error.kind, error.message, { expression: 'Subscription.channel.endpoint', cause: error });
  }
}
