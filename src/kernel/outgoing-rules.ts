/** Where the node may call: others write addresses into subscriptions and issuers' documents, and must not make it call itself or its cloud's metadata service (SSRF). */
import { BlockList, isIP } from 'node:net';
import { Fault } from './fault.ts';

export type OutgoingRules = {
  /** Host names that may be called: `receiver.example.no`, `*.example.no`; `*` for any. */
  hostsAllowed: readonly string[];
  /** This very machine, whatever `hostsAllowed` says: for trials and tests. */
  loopbackAllowed: boolean;
  /** Hosts that only `*` allows may have addresses of private networks too. Hosts that are named always may: whoever named them knows where they are. */
  privateAllowed?: boolean;
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
never.addSubnet('2002::', 16, 'ipv6'); // the same (6to4)
never.addAddress('fd00:ec2::254', 'ipv6'); // metadata service (AWS)

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

const privateNetworks = new BlockList();
privateNetworks.addSubnet('10.0.0.0', 8, 'ipv4');
privateNetworks.addSubnet('172.16.0.0', 12, 'ipv4');
privateNetworks.addSubnet('192.168.0.0', 16, 'ipv4');
privateNetworks.addSubnet('100.64.0.0', 10, 'ipv4');
privateNetworks.addSubnet('198.18.0.0', 15, 'ipv4');
privateNetworks.addSubnet('fc00::', 7, 'ipv6');

/** The address as a URL that may be called, as far as its text tells. Faults: unprocessable, saying why it can't be called. */
export function checkedUrl(address: string, rules: OutgoingRules): URL {
  const refuse = (why: string): never => {
    throw new Fault('unprocessable', why);
  };
  const url = URL.canParse(address) ? new URL(address) : refuse('The endpoint is not a URL');
  if (url.protocol !== 'http:' && url.protocol !== 'https:') refuse('The endpoint must be http or https');
  if (url.username !== '' || url.password !== '') refuse('The endpoint must not hold a name or password: use a header');
  const host = hostOf(url);
  if (!isHostAllowed(host, rules) && !(rules.loopbackAllowed && isOwnMachine(host)))
    refuse(`This node does not call "${host}"`);
  if (isIP(host) !== 0 && !isAllowedAddress(host, host, rules)) refuse(`This node does not call "${host}"`);
  return url;
}

/** Asked of every address that a host name resolves to, at the moment of connecting. */
export function isAllowedAddress(address: string, host: string, rules: OutgoingRules): boolean {
  if (isIP(address) === 0 || isIn(never, address)) return false;
  if (isIn(loopback, address)) return rules.loopbackAllowed;
  if (!isIn(privateNetworks, address)) return true;
  return (
    rules.privateAllowed === true || rules.hostsAllowed.some((pattern) => pattern !== '*' && hostFits(host, pattern))
  );
}

/** A URL's host in lower case, without brackets or the dot at its end. */
export function hostOf({ hostname }: URL): string {
  return hostname
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '')
    .toLowerCase();
}

function isOwnMachine(host: string): boolean {
  return host === 'localhost' || (isIP(host) !== 0 && isIn(loopback, host));
}

function isIn(list: BlockList, address: string): boolean {
  return list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
}

function isHostAllowed(host: string, { hostsAllowed }: OutgoingRules): boolean {
  return hostsAllowed.some((pattern) => pattern === '*' || hostFits(host, pattern));
}

function hostFits(host: string, pattern: string): boolean {
  const [own, allowed] = [host.toLowerCase(), pattern.toLowerCase()];
  return allowed.startsWith('*.') ? own.endsWith(allowed.slice(1)) : own === allowed;
}

/** For asking the issuers that the settings name: their hosts alone, and this very machine only where an issuer is on it. */
export function issuerRules(issuerUrls: readonly string[]): OutgoingRules {
  const hosts = issuerUrls.map((url) => hostOf(new URL(url)));
  return { hostsAllowed: hosts, loopbackAllowed: hosts.some(isOwnMachine) };
}
