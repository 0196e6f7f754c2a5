import { expect, test } from 'vitest';
import { checkedEndpoint } from './endpoint-rules.ts';

test('an endpoint that may not be called is refused, and the Subscription told where', () => {
  const rules = { hostsAllowed: ['receiver.example.no'], loopbackAllowed: false };
  const refusal = { kind: 'unprocessable', expression: 'Subscription.channel.endpoint' };
  for (const endpoint of ['http://127.0.0.1/x', 'https://other.example.no/', 'file:///etc/passwd']) {
    expect(() => checkedEndpoint(endpoint, rules)).toThrow(expect.objectContaining(refusal));
  }
  expect(checkedEndpoint('https://receiver.example.no/hook', rules).pathname).toBe('/hook');
});
