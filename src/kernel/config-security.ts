/** Settings of encryption, the region's certificate authority, and what the node takes from and says to the network. */
import { join } from 'node:path';
import { file, oneOf, text, whole, type Setting } from './config-form.ts';

/** By their names in the settings file. */
export const securitySettings = {
  nodeKey: {
    environment: 'FYR_NODE_KEY',
    ...text(/^[A-Za-z0-9+/=_-]+(,[A-Za-z0-9+/=_-]+)*$/, 'keys of 32 bytes in base64, between commas'),
    default: undefined,
    about: 'The node key, which wraps the keys that content is encrypted with. Older ones after it, between commas.',
    secret: true,
  },
  nodeKeyFile: {
    environment: 'FYR_NODE_KEY_FILE',
    ...file,
    default: undefined,
    about:
      'File with the node key, when it is not in the environment. Without it: `keys/node.key` in the data folder, made at the first start.',
  },
  authorityFolder: {
    environment: 'FYR_CA_FOLDER',
    ...text(/\S/, 'the path of a folder'),
    default: undefined,
    about:
      "Where the region's certificate authority has its certificate and its encrypted key. Without it: `authority` in the data folder.",
  },
  authorityPassphrase: {
    environment: 'FYR_CA_PASSPHRASE',
    ...text(/^.{12,}$/, 'at least 12 characters'),
    default: undefined,
    about: "Passphrase of the certificate authority's key, for `fyr ca` and for a node that lets others join.",
    secret: true,
  },
  authorityPassphraseFile: {
    environment: 'FYR_CA_PASSPHRASE_FILE',
    ...file,
    default: undefined,
    about: 'File with that passphrase, when it is not in the environment.',
  },
  plainHttpBehindProxy: {
    environment: 'FYR_PLAIN_HTTP_BEHIND_PROXY',
    ...oneOf('0', '1'),
    default: '0',
    about:
      '`1` where a proxy in front speaks HTTPS and the line to it is guarded: without it, a node that has no certificate listens on this machine only.',
  },
  proxies: {
    environment: 'FYR_PROXIES',
    ...text(
      /^[0-9A-Fa-f.:/]+(,[0-9A-Fa-f.:/]+)*$/,
      'addresses or networks between commas, such as `10.0.0.5,10.1.0.0/16`',
    ),
    default: undefined,
    about: 'Proxies that are believed when they tell the address of a client (`X-Forwarded-For`).',
  },
  origins: {
    environment: 'FYR_ORIGINS',
    ...text(/^https?:\/\/[^\s,/]+(,https?:\/\/[^\s,/]+)*$/, 'origins between commas, such as `https://app.example.no`'),
    default: undefined,
    about: 'Origins of SMART apps that may call the API from a browser (CORS). Without it: none.',
  },
  requestsPerAddress: {
    environment: 'FYR_REQUESTS_PER_ADDRESS',
    ...whole(0, 1_000_000),
    default: 500,
    about:
      'Requests a second that an address may send, after a start of ten times as many; `0` for no limit. This very machine is not limited.',
  },
  requestsPerSubject: {
    environment: 'FYR_REQUESTS_PER_SUBJECT',
    ...whole(0, 1_000_000),
    default: 200,
    about:
      'Requests a second that a person may send, after a start of ten times as many; a system ten times that. `0` for no limit.',
  },
  requestsAtOncePerSubject: {
    environment: 'FYR_REQUESTS_AT_ONCE_PER_SUBJECT',
    ...whole(0, 1_000_000),
    default: 8,
    about:
      'Requests of one person or system that the node works on at once; more wait for their turn, up to ten seconds. `0` for no limit. Half of `FYR_DATABASE_CONNECTIONS` leaves room for the others.',
  },
  requestsAtOnce: {
    environment: 'FYR_REQUESTS_AT_ONCE',
    ...whole(1, 1_000_000),
    default: 1000,
    about: 'Requests that the node works on at once; more are told to come again.',
  },
  outgoingPrivate: {
    environment: 'FYR_OUTGOING_PRIVATE',
    ...oneOf('refuse', 'accept'),
    default: 'refuse',
    about:
      'Whether hosts that only `*` allows may have addresses of private networks. Hosts that a setting names always may.',
  },
} satisfies Record<string, Setting>;

export type Security = {
  readonly nodeKeyFile: string;
  readonly authority: { readonly folder: string; readonly passphraseFile: string | undefined };
  readonly isPlainHttpBehindProxy: boolean;
  readonly proxies: readonly string[];
  readonly origins: readonly string[];
  readonly requestsPerAddress: number;
  readonly requestsPerSubject: number;
  readonly requestsAtOnce: number;
  readonly requestsAtOncePerSubject: number;
};

type Values = {
  data: string;
  nodeKeyFile?: string | undefined;
  authorityFolder?: string | undefined;
  authorityPassphraseFile?: string | undefined;
  plainHttpBehindProxy: '0' | '1';
  proxies?: string | undefined;
  origins?: string | undefined;
  requestsPerAddress: number;
  requestsPerSubject: number;
  requestsAtOnce: number;
  requestsAtOncePerSubject: number;
};

/** @param absolute makes a path absolute */
export function securityOf(values: Values, absolute: (path: string) => string): Security {
  const inData = (...names: string[]): string => join(absolute(values.data), ...names);
  const { nodeKeyFile, authorityFolder, authorityPassphraseFile } = values;
  return Object.freeze({
    nodeKeyFile: nodeKeyFile === undefined ? inData('keys', 'node.key') : absolute(nodeKeyFile),
    authority: Object.freeze({
      folder: authorityFolder === undefined ? inData('authority') : absolute(authorityFolder),
      passphraseFile: authorityPassphraseFile === undefined ? undefined : absolute(authorityPassphraseFile),
    }),
    isPlainHttpBehindProxy: values.plainHttpBehindProxy === '1',
    proxies: values.proxies?.split(',') ?? [],
    origins: values.origins?.split(',').map((origin) => origin.toLowerCase()) ?? [],
    requestsPerAddress: values.requestsPerAddress,
    requestsPerSubject: values.requestsPerSubject,
    requestsAtOnce: values.requestsAtOnce,
    requestsAtOncePerSubject: values.requestsAtOncePerSubject,
  });
}
