/** Every setting of Fyr: its name in the environment and in the settings file, what it may be, what it is when nobody says. */
import type { z } from 'zod';
import { file, oneOf, text, whole, type Setting } from './config-form.ts';
import { accessLogSettings } from './config-access-log.ts';
import { operationsSettings } from './config-operations.ts';
import { documentSettings } from './config-documents.ts';
import { packSettings } from './config-packs.ts';
import { lineSettings } from './config-line.ts';
import { securitySettings } from './config-security.ts';

export type { Setting } from './config-form.ts';

/** By their names in the settings file. */
export const settings = {
  host: {
    environment: 'FYR_HOST',
    ...text(/^[A-Za-z0-9.:_-]+$/, 'a host name or an address'),
    default: '127.0.0.1',
    about: 'Where the node listens. `0.0.0.0` for every network of the machine.',
  },
  port: { environment: 'FYR_PORT', ...whole(1, 65_535), default: 8080, about: 'The port it listens on.' },
  data: {
    environment: 'FYR_DATA',
    ...text(/\S/, 'the path of a folder'),
    default: './var',
    about: 'Folder for the embedded PostgreSQL, logs and exports. One node at a time uses it.',
  },
  databaseUrl: {
    environment: 'DATABASE_URL',
    ...text(/^postgres(ql)?:\/\/\S+$/, 'a URL that begins with postgres://'),
    default: undefined,
    about: 'A PostgreSQL of your own, 15 or later. Without it, one is started in the data folder.',
    secret: true,
  },
  databaseConnections: {
    environment: 'FYR_DATABASE_CONNECTIONS',
    ...whole(2, 1000),
    default: 16,
    about: 'Connections to PostgreSQL, at most.',
  },
  node: {
    environment: 'FYR_NODE',
    ...text(/^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$/, 'a name of a-z, 0-9 and -, at most 32 characters'),
    default: 'region',
    about:
      'Name of the node. It becomes part of the version ids that the node gives, so it never changes and no two nodes share it.',
  },
  role: {
    environment: 'FYR_ROLE',
    ...oneOf('region', 'site', 'ward'),
    default: 'region',
    about: 'What the node is for.',
  },
  sample: {
    environment: 'FYR_SAMPLE',
    ...whole(0, 1_000_000),
    default: 300,
    about: 'Residents of the synthetic sample region that the first start loads; `0` for none.',
  },
  baseUrl: {
    environment: 'FYR_BASE_URL',
    ...text(/^https?:\/\/[^\s?#]+[^\s?#/]$/, 'a URL that begins with http:// or https://, without a slash at its end'),
    default: undefined,
    about:
      'Where clients reach the node, when that is not host and port (behind a proxy, say). FHIR is at `/fhir` below it.',
  },
  tlsCertificate: {
    environment: 'FYR_TLS_CERT',
    ...file,
    default: undefined,
    about: 'Certificate chain, PEM. With the key, the node speaks HTTPS.',
  },
  tlsKey: { environment: 'FYR_TLS_KEY', ...file, default: undefined, about: 'Private key of the certificate, PEM.' },
  references: {
    environment: 'FYR_REFERENCES',
    ...oneOf('strict', 'lenient'),
    default: 'strict',
    about:
      '`lenient` takes references to resources that are not here (yet), for loading in any order. `fyr check` lists them.',
  },
  profiles: {
    environment: 'FYR_PROFILES',
    ...oneOf('lenient', 'strict'),
    default: 'lenient',
    about:
      'A resource that claims a profile which the node does not have: taken with a warning, or refused (`strict`).',
  },
  realPersons: {
    environment: 'FYR_REAL_PERSONS',
    ...oneOf('refuse', 'accept'),
    default: undefined,
    about:
      'Whether national numbers of real people are taken. Without it: refused while the sample is on, else accepted.',
  },
  subscriptionHosts: {
    environment: 'FYR_SUBSCRIPTION_HOSTS',
    ...text(
      /^[A-Za-z0-9.*-]+(,[A-Za-z0-9.*-]+)*$/,
      'host names between commas, such as `receiver.example.no,*.example.org`, or `*`',
    ),
    default: undefined,
    about:
      'Hosts that subscriptions may call, with `*` for any part of a name. Without it: none, apart from what `FYR_SUBSCRIPTION_LOOPBACK` allows.',
  },
  certificateHosts: {
    environment: 'FYR_CERTIFICATE_HOSTS',
    ...text(
      /^[A-Za-z0-9.*-]+(,[A-Za-z0-9.*-]+)*$/,
      'host names between commas, such as `crl.issuer.example.no,*.example.org`, or `*`',
    ),
    default: undefined,
    about:
      'Hosts of certificate issuers from which revocation lists of communication parties are fetched. Without it: none, and revocation stays unknown.',
  },
  subscriptionLoopback: {
    environment: 'FYR_SUBSCRIPTION_LOOPBACK',
    ...oneOf('refuse', 'accept'),
    default: 'refuse',
    about: 'Whether subscriptions may call receivers on this very machine: for trials.',
  },
  issuers: {
    environment: 'FYR_ISSUERS',
    ...file,
    default: undefined,
    about:
      'JSON file with the issuers that people and systems sign in with. Without it: the embedded provider, for trials.',
  },
  trialBearer: {
    environment: 'FYR_TRIAL_BEARER',
    ...oneOf('0', '1'),
    default: '0',
    about:
      '`1` takes tokens of the embedded provider as plain Bearer from this very machine: for trials. Refused where issuers are set.',
  },
  clockSkewSeconds: {
    environment: 'FYR_CLOCK_SKEW_SECONDS',
    ...whole(0, 300),
    default: 5,
    about: 'Seconds that the clock of an issuer or a client may differ from ours.',
  },
  sessionIdleMinutes: {
    environment: 'FYR_SESSION_IDLE_MINUTES',
    ...whole(1, 1440),
    default: 30,
    about: 'Minutes without a request after which one is signed out of the pages.',
  },
  sessionHours: {
    environment: 'FYR_SESSION_HOURS',
    ...whole(1, 24),
    default: 10,
    about: 'Hours after which one is signed out of the pages in any case.',
  },
  outageGraceMinutes: {
    environment: 'FYR_OUTAGE_GRACE_MINUTES',
    ...whole(0, 10_080),
    default: 720,
    about:
      'Minutes that sessions and tokens go on past their end while their issuer can not be reached, and that one who signs in by a key of this node stays signed in. `0`: not at all.',
  },
  careUnit: {
    environment: 'FYR_CARE_UNIT',
    ...oneOf('department', 'organisation'),
    default: 'department',
    about:
      'Who may read the record of a patient in care: whoever works in the `department` that has the patient, or in any department of the same `organisation` (place of care).',
  },
  careAfterDays: {
    environment: 'FYR_CARE_AFTER_DAYS',
    ...whole(0, 365),
    default: 30,
    about:
      'Days after a contact has ended in which the unit still reads the record; who was named in it three times as long.',
  },
  careBeforeDays: {
    environment: 'FYR_CARE_BEFORE_DAYS',
    ...whole(0, 90),
    default: 14,
    about: 'Days before a planned contact from which the record is read.',
  },
  attestedHours: {
    environment: 'FYR_ATTESTED_HOURS',
    ...whole(1, 720),
    default: 24,
    about: 'Hours that a care relationship holds which personnel have attested.',
  },
  breakGlassHours: {
    environment: 'FYR_BREAK_GLASS_HOURS',
    ...whole(1, 72),
    default: 8,
    about: 'Hours that a record stays open to one who broke the glass.',
  },
  followUpDays: {
    environment: 'FYR_FOLLOW_UP_DAYS',
    ...whole(1, 90),
    default: 7,
    about: 'Days within which the privacy officer has to follow up a broken glass, or what a citizen says is wrong.',
  },
  bodyBytesMax: {
    environment: 'FYR_BODY_BYTES_MAX',
    ...whole(1024, 1_073_741_824),
    default: 134_217_728,
    about: 'Bytes that the body of a request may have.',
  },
  bundleEntriesMax: {
    environment: 'FYR_BUNDLE_ENTRIES_MAX',
    ...whole(1, 10_000_000),
    default: 100_000,
    about: 'Entries that a batch or a transaction may have.',
  },
  countDefault: {
    environment: 'FYR_COUNT_DEFAULT',
    ...whole(1, 10_000),
    default: 50,
    about: 'Entries on a page of search results when `_count` is not given.',
  },
  countMax: {
    environment: 'FYR_COUNT_MAX',
    ...whole(1, 10_000),
    default: 1000,
    about: 'Entries on a page of search results, at most.',
  },
  statementTimeoutMs: {
    environment: 'FYR_STATEMENT_TIMEOUT_MS',
    ...whole(100, 3_600_000),
    default: 30_000,
    about: 'Milliseconds that one statement may take in PostgreSQL; a longer search is refused as too costly.',
  },
  requestTimeoutMs: {
    environment: 'FYR_REQUEST_TIMEOUT_MS',
    ...whole(1000, 3_600_000),
    default: 120_000,
    about: 'Milliseconds that a request may take to arrive.',
  },
  log: {
    environment: 'FYR_LOG',
    ...oneOf('debug', 'info', 'warn', 'error'),
    default: 'info',
    about:
      'What is logged, and all that is more serious. On a terminal to `log/fyr.log` in the data folder, else to standard error.',
  },
  ...securitySettings,
  ...accessLogSettings,
  ...packSettings,
  ...documentSettings,
  ...operationsSettings,
  ...lineSettings,
} satisfies Record<string, Setting>;

export type SettingName = keyof typeof settings;

/** The settings once each has passed its schema. */
export type Settings = {
  [Name in SettingName]:
    | z.output<(typeof settings)[Name]['schema']>
    | ((typeof settings)[Name]['default'] extends undefined ? undefined : never);
};
