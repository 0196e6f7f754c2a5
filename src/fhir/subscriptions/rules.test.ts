import fc from 'fast-check';
import { expect, test } from 'vitest';
import { deliveryPolicy, dueNow, failed, resumed, succeeded, waitAfter } from './rules.ts';
import type { Delivery } from './rules.ts';

const fresh: Delivery = {
  status: 'active',
  lastNumber: 3,
  deliveredNumber: 1,
  failures: 0,
  failingSince: null,
  nextAttempt: 0,
  lastContact: 0,
  error: null,
};
const minute = 60_000;

test.each([
  ['a handshake before anything else', { ...fresh, status: 'requested' as const }, undefined, 'handshake'],
  ['events that wait', fresh, minute, 'events'],
  ['nothing when all was told', { ...fresh, deliveredNumber: 3 }, undefined, undefined],
  ['a heartbeat after a silent period', { ...fresh, deliveredNumber: 3 }, minute, 'heartbeat'],
  ['nothing before the next attempt', { ...fresh, nextAttempt: minute + 1 }, minute, undefined],
  ['nothing in error', { ...fresh, status: 'error' as const }, minute, undefined],
  ['nothing when off', { ...fresh, status: 'off' as const }, minute, undefined],
])('due: %s', (_what, delivery, heartbeatMs, expected) => {
  expect(dueNow(delivery, heartbeatMs, minute)).toBe(expected);
});

test('waits twice as long after each failure, up to an hour', () => {
  expect([1, 2, 3, 10, 11, 1000].map((each) => waitAfter(each, deliveryPolicy) / 1000)).toEqual([
    5, 10, 20, 2560, 3600, 3600,
  ]);
});

test('a receiver that fails for three days puts the subscription in error, and no event is lost by it', () => {
  let delivery = fresh;
  let tries = 0;
  for (let now = 0; delivery.status === 'active'; now = delivery.nextAttempt) {
    delivery = failed(delivery, 'no answer', now, deliveryPolicy);
    tries += 1;
  }
  expect(delivery).toMatchObject({ status: 'error', error: 'no answer', deliveredNumber: 1, lastNumber: 3 });
  expect(delivery.nextAttempt).toBeGreaterThan(72 * 60 * minute);
  expect(tries).toBeGreaterThan(70);
  expect(dueNow(resumed(delivery, 'active', 5), undefined, 5)).toBe('events');
});

test('whatever happens, no number is acknowledged that was not told, and none is taken back', () => {
  const step = fc.oneof(
    fc.record({ what: fc.constant('told' as const), upTo: fc.nat(20) }),
    fc.record({ what: fc.constant('failed' as const), upTo: fc.nat(20) }),
    fc.record({ what: fc.constant('resumed' as const), upTo: fc.nat(20) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      let delivery = { ...fresh, lastNumber: 10 };
      let told = delivery.deliveredNumber;
      steps.forEach(({ what, upTo }, now) => {
        if (what === 'told') delivery = succeeded(delivery, upTo, now);
        else if (what === 'failed')
          delivery = failed(delivery, 'no', now, { waitFirstMs: 1, waitMaxMs: 4, giveUpAfterMs: 9 });
        else delivery = resumed(delivery, 'active', now);
        if (what === 'told') told = Math.max(told, Math.min(upTo, 10));
        expect(delivery.deliveredNumber).toBe(told);
      });
    }),
  );
});
