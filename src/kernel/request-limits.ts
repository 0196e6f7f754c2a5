/** How much the node takes on: requests a second of an address and of a person or system, and requests at once. */
import { BlockList, isIP } from 'node:net';
import type { Clock } from './clock.ts';
import { Fault } from './fault.ts';
import { createRateLimit } from './rate-limit.ts';

export type RequestLimits = {
  /** Before anything is known of the caller. Throws a Fault('busy') that says when to come again. */
  address(address: string): void;
  /** Once it is known who asks: the key of a person or system, such as issuer and subject. Throws as `address`. */
  subject(key: string): void;
  /** Takes a place among the requests that are worked on; `leave` gives it back. Throws a Fault('unavailable'). */
  enter(): void;
  leave(): void;
};

export type RequestLimitsOptions = {
  /** Requests a second; 0 for no limit. */
  requestsPerAddress: number;
  requestsPerSubject: number;
  requestsAtOnce: number;
};

/** A bucket holds what comes back in so many seconds: a page that opens asks much at once. */
const burstSeconds = 10;

const ownMachine = new BlockList();
ownMachine.addSubnet('127.0.0.0', 8, 'ipv4');
ownMachine.addAddress('::1', 'ipv6');

export function createRequestLimits(options: RequestLimitsOptions, clock: Clock): RequestLimits {
  const addresses = limiter(options.requestsPerAddress, clock);
  const subjects = limiter(options.requestsPerSubject, clock);
  let underWay = 0;
  return {
    address(address) {
      const key = addressKey(address);
      if (key !== undefined) addresses(key);
    },
    subject: subjects,
    enter() {
      if (underWay >= options.requestsAtOnce) {
        throw new Fault('unavailable', 'The node has as much to do as it takes on. Try again in a moment.');
      }
      underWay++;
    },
    leave() {
      underWay--;
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
