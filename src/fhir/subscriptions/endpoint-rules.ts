/** Where notifications may go: users write the endpoint, so a node must not be made to call itself or its cloud's metadata service (SSRF). */
import { BlockList, isIP } from 'node:net';
import { Fault } from '#kernel/fault.ts';

export type EndpointRules = {
  /** Host names that may be called: `receiver.example.no`, `*.example.no`; `*` for any. */
  hostsAllowed: readonly string[];
  /** Receivers on this very machine, whatever `hostsAllowed` says: for trials and tests. */
  loopbackAllowed: boolean;
};

const never = new BlockList();
never.addSubnet('0.0.0.0', 8, 'ipv4');
never.addSubnet('169.254.0.0', 16, 'ipv4'); // link-local, and the metadata service of most clouds
never.addAddress('100.100.100.200', 'ipv4'); // metadata service (Alibaba Cloud)
never.addSubnet('192.0.0.0', 24, 'ipv4'); // protocol assignments; metadata service (Oracle Cloud)
never.addSubnet('224.0.0.0', 3, 'ipv4'); // multicast, reserved, broadcast
never.addAddress('::', 'ipv6');
never.addSubnet('fe80::', 10, 'ipv6');
never.addSubnet('ff00::', 8, 'ipv6');
never.addSubnet('64:ff9b::', 96, 'ipv6'); // IPv4 in IPv6: would hide an address of the list above
never.addAddress('fd00:ec2::254', 'ipv6'); // metadata service (AWS)

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/** The endpoint as a URL. Faults: unprocessable, saying why it can't be called. */
export function checkedEndpoint(endpoint: string, rules: EndpointRules): URL {
  const refuse = (why: string): never => {
    throw new Fault('unprocessable', why, { expression: 'Subscription.channel.endpoint' });
  };
  const url = URL.canParse(endpoint) ? new URL(endpoint) : refuse('The endpoint is not a URL');
  if (url.protocol !== 'http:' && url.protocol !== 'https:') refuse('The endpoint must be http or https');
  if (url.username !== '' || url.password !== '') refuse('The endpoint must not hold a name or password: use a header');
  const host = url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  const isOwnMachine = host.toLowerCase() === 'localhost' || (isIP(host) !== 0 && isLoopback(host));
  const isAllowed = rules.hostsAllowed.some((pattern) => hostFits(host, pattern));
  if (!isAllowed && !(rules.loopbackAllowed && isOwnMachine)) refuse(`This node does not call "${host}"`);
  if (isIP(host) !== 0 && !isAllowedAddress(host, rules)) refuse(`This node does not call "${host}"`);
  return url;
}

/** Also asked of every address that a name resolves to, at the moment of connecting. */
export function isAllowedAddress(address: string, { loopbackAllowed }: EndpointRules): boolean {
  const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
  if (isIP(address) === 0 || never.check(address, family)) return false;
  return loopbackAllowed || !isLoopback(address);
}

function isLoopback(address: string): boolean {
  return loopback.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
}

function hostFits(host: string, pattern: string): boolean {
  if (pattern === '*') return true;
  const [own, allowed] = [host.toLowerCase(), pattern.toLowerCase()];
  return allowed.startsWith('*.') ? own.endsWith(allowed.slice(1)) : own === allowed;
}
