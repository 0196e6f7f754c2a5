/** How much the node takes on: requests a second of an address and of a person or system, and requests at once. */
import { BlockList, isIP } from 'node:net';
import type { Clock } from './clock.ts';
import { Fault } from './fault.ts';
import { createRateLimit } from './rate-limit.ts';
import { createRequestsAtOnce } from './requests-at-once.ts';

export type RequestLimits = {
  /** Before anything is known of the caller. Throws a Fault('busy') that says when to come again. */
  address(address: string): void;
  /**
   * Once it is known who asks: the key of a person or system, such as issuer and subject, and their request. Throws as `address`. A promise: they have as
   * much under way as one may, and it resolves when the request's turn comes, or rejects with a Fault('busy').
   */
  subject(key: string, request: object, kind?: 'person' | 'system'): Promise<void> | undefined;
  /** Takes a place among the requests that are worked on; `leave` gives it back. Throws a Fault('unavailable'). */
  enter(request: object): void;
  leave(request: object): void;
};

export type RequestLimitsOptions = {
  /** Requests a second; 0 for no limit. */
  requestsPerAddress: number;
  requestsPerSubject: number;
  requestsAtOnce: number;
  /** Of one person or system; 0 for no limit. */
  requestsAtOncePerSubject: number;
};

/** A bucket holds what comes back in so many seconds: a page that opens asks much at once. */
const burstSeconds = 10;

/** A system asks for many people. */
const systemFactor = 10;

const ownMachine = new BlockList();
ownMachine.addSubnet('127.0.0.0', 8, 'ipv4');
ownMachine.addAddress('::1', 'ipv6');

export function createRequestLimits(options: RequestLimitsOptions, clock: Clock): RequestLimits {
  const addresses = limiter(options.requestsPerAddress, clock);
  const people = limiter(options.requestsPerSubject, clock);
  const systems = limiter(options.requestsPerSubject * systemFactor, clock);
  const atOnce = createRequestsAtOnce({ placesMax: options.requestsAtOncePerSubject });
  const underWay = new Set<object>();
  return {
    address(address) {
      const key = addressKey(address);
      if (key !== undefined) addresses(key);
    },
    subject(key, request, kind = 'person') {
      if (kind === 'system') systems(key);
      else people(key);
      // A WebSocket is no request under way: it would keep its place.
      return underWay.has(request) ? atOnce.take(key, request) : undefined;
    },
    enter(request) {
      if (underWay.size >= options.requestsAtOnce) {
        throw new Fault('unavailable', 'The node has as much to do as it takes on. Try again in a moment.');
      }
      underWay.add(request);
    },
    leave(request) {
      underWay.delete(request);
      atOnce.leave(request);
    },
  };
}

function limiter(perSecond: number, clock: Clock): (key: string) => void {
  if (perSecond === 0) return () => {};
  const limit = createRateLimit({ perSecond, burst: perSecond * burstSeconds, clock });
  return (key) => {
    const waitMs = limit.take(key);
    if (waitMs === 0) return;
    const seconds = Math.ceil(waitMs / 1000);
    throw new Fault('busy', `Too many requests. Try again in ${seconds} s.`, { retryAfterSeconds: seconds });
  };
}

/** As a socket tells most addresses: no need to look closer. */
const plainIpv4 = /^\d{1,3}(\.\d{1,3}){3}$/;

/** Whoever has an IPv6 address has 2⁶⁴ of them: the network counts. Undefined: this very machine. */
function addressKey(address: string): string | undefined {
  if (address === '127.0.0.1' || address === '::1') return undefined;
  if (plainIpv4.test(address) && !address.startsWith('127.')) return address;
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '');
  const family = isIP(plain);
  if (family === 0) return plain;
  if (ownMachine.check(plain, family === 6 ? 'ipv6' : 'ipv4')) return undefined;
  return family === 6 ? networkOf(plain) : plain;
}

function networkOf(address: string): string {
  const [front = '', back] = address.toLowerCase().split('::');
  const head = front === '' ? [] : front.split(':');
  const tail = back === undefined || back === '' ? [] : back.split(':');
  const groups =
    back === undefined ? head : [...head, ...Array<string>(8 - head.length - tail.length).fill('0'), ...tail];
  return groups
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':');
}
