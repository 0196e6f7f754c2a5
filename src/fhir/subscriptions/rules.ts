/** When to deliver, when to wait, when to give up: a state machine without clock, socket or SQL. Times are milliseconds since 1970. */

export type DeliveryStatus = 'requested' | 'active' | 'error' | 'off';

export type Delivery = {
  status: DeliveryStatus;
  /** Events that the subscription has; those up to `deliveredNumber` were acknowledged. */
  lastNumber: number;
  deliveredNumber: number;
  /** Failed tries in a row, and since when. */
  failures: number;
  failingSince: number | null;
  nextAttempt: number;
  lastContact: number | null;
  error: string | null;
};

export type DeliveryPolicy = {
  /** Waiting time after the first failure; doubled at each further one, up to `waitMaxMs`. */
  waitFirstMs: number;
  waitMaxMs: number;
  /** How long a receiver may fail before the subscription becomes `error`. */
  giveUpAfterMs: number;
};

const second = 1000;
const hour = 3600 * second;

/** 5 s, 10 s, 20 s … up to an hour; three days and nights of trying. */
export const deliveryPolicy: DeliveryPolicy = {
  waitFirstMs: 5 * second,
  waitMaxMs: hour,
  giveUpAfterMs: 72 * hour,
};

/** What there is to do now, most urgent first. `handshake` before any event, `heartbeat` when nothing was sent for a period. */
export function dueNow(
  delivery: Delivery,
  heartbeatMs: number | undefined,
  now: number,
): 'handshake' | 'events' | 'heartbeat' | undefined {
  if (delivery.nextAttempt > now) return undefined;
  if (delivery.status === 'requested') return 'handshake';
  if (delivery.status !== 'active') return undefined;
  if (delivery.lastNumber > delivery.deliveredNumber) return 'events';
  const silentSince = delivery.lastContact ?? now;
  return heartbeatMs !== undefined && now - silentSince >= heartbeatMs ? 'heartbeat' : undefined;
}

/** The receiver acknowledged everything up to this number (a handshake or heartbeat: nothing new). */
export function succeeded(delivery: Delivery, upToNumber: number, now: number): Delivery {
  return {
    ...delivery,
    status: delivery.status === 'requested' ? 'active' : delivery.status,
    deliveredNumber: Math.max(delivery.deliveredNumber, Math.min(upToNumber, delivery.lastNumber)),
    failures: 0,
    failingSince: null,
    nextAttempt: now,
    lastContact: now,
    error: null,
  };
}

/** The receiver did not acknowledge: wait longer each time, and after days say so in the Subscription. No event is lost by it. */
export function failed(delivery: Delivery, reason: string, now: number, policy: DeliveryPolicy): Delivery {
  const failingSince = delivery.failingSince ?? now;
  const failures = delivery.failures + 1;
  const isGivenUp = now - failingSince >= policy.giveUpAfterMs;
  return {
    ...delivery,
    status: isGivenUp ? 'error' : delivery.status,
    failures,
    failingSince,
    nextAttempt: now + waitAfter(failures, policy),
    error: reason,
  };
}

/** Somebody asked for the subscription again: it goes on from the first event that was not acknowledged. */
export function resumed(delivery: Delivery, status: 'requested' | 'active', now: number): Delivery {
  return { ...delivery, status, failures: 0, failingSince: null, nextAttempt: now, error: null };
}

/** Waiting time after so many failures in a row. */
export function waitAfter(failures: number, { waitFirstMs, waitMaxMs }: DeliveryPolicy): number {
  return Math.min(waitMaxMs, waitFirstMs * 2 ** Math.min(failures - 1, 40));
}
