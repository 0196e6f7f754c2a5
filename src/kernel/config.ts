/**
 * Reads the settings: the environment first, then the settings file (`fyr.json`, or the one that FYR_CONFIG names), then the defaults.
 * What is wrong is all told at once, and stops the start. Raw settings, the configuration derived from them and the secrets are three things.
 */
import { readFileSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';
import { securityOf, type Security } from './config-security.ts';
import { settings, type Setting, type SettingName, type Settings } from './config-settings.ts';
import { accessLogOf, type AccessLogConfig } from './config-access-log.ts';
import { lineOf, type LineConfig } from './config-line.ts';
import { operationsOf, type OperationsConfig } from './config-operations.ts';
import { documentsOf, type DocumentsConfig } from './config-documents.ts';
import { packsOf, type PacksConfig } from './config-packs.ts';
import { readIssuers, type IssuerSettings } from './config-issuers.ts';
import { Fault } from './fault.ts';

export type Config = {
  readonly host: string;
  readonly port: number;
  /** Without a slash at its end; FHIR is at `/fhir` below it. */
  readonly baseUrl: string;
  readonly dataFolder: string;
  readonly node: string;
  readonly role: 'region' | 'site' | 'ward';
  readonly sampleResidents: number;
  readonly databaseConnections: number;
  readonly tls: { readonly certificateFile: string; readonly keyFile: string } | undefined;
  readonly references: 'strict' | 'lenient';
  readonly profiles: 'strict' | 'lenient';
  readonly realPersons: 'refuse' | 'accept';
  /** Where subscriptions may call. */
  readonly subscriptions: {
    readonly hostsAllowed: readonly string[];
    readonly loopbackAllowed: boolean;
    readonly privateAllowed: boolean;
  };
  /** Where lists of revoked certificates may be fetched. */
  readonly certificates: { readonly hostsAllowed: readonly string[]; readonly loopbackAllowed: boolean };
  /** None: the embedded provider is the only one. */
  readonly issuers: readonly IssuerSettings[];
  readonly signIn: {
    /** Tokens of the embedded provider may come as Bearer on loopback. */
    readonly isTrialBearer: boolean;
    readonly clockSkewMs: number;
    readonly sessionIdleMs: number;
    readonly sessionMs: number;
    /** How long what was known goes on while an issuer can't be reached. */
    readonly outageGraceMs: number;
  };
  /** How near one must be to a patient, and for how long: the units of `trust/policy/settings.ts`. */
  readonly policy: {
    readonly careUnit: 'department' | 'organisation';
    readonly afterContactDays: number;
    readonly afterContactNamedDays: number;
    readonly beforeContactDays: number;
    readonly attestedHours: number;
    readonly breakGlassHours: number;
    readonly followUpDays: number;
  };
  readonly limits: {
    readonly bodyBytesMax: number;
    readonly bundleEntriesMax: number;
    readonly countDefault: number;
    readonly countMax: number;
    readonly statementTimeoutMs: number;
    readonly requestTimeoutMs: number;
  };
  readonly security: Security;
  readonly accessLog: AccessLogConfig;
  readonly packs: PacksConfig;
  readonly documents: DocumentsConfig;
  readonly operations: OperationsConfig;
  readonly line: LineConfig;
  /** What the embedded PostgreSQL is measured for; undefined: the machine's. */
  readonly databaseMemoryBytes: number | undefined;
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error';
};

/** Kept apart, so that a configuration can be logged or shown. `databaseUrl` undefined: the embedded PostgreSQL. */
export type Secrets = {
  readonly databaseUrl: string | undefined;
  /** FYR_NODE_KEY; undefined: the keys are in `security.nodeKeyFile`. */
  readonly nodeKey: string | undefined;
  /** FYR_CA_PASSPHRASE; undefined: it is in `security.authority.passphraseFile`, or is asked for. */
  readonly authorityPassphrase: string | undefined;
};

export type Environment = Readonly<Record<string, string | undefined>>;

type Raw = Partial<Record<SettingName, unknown>>;

/**
 * @param environment such as `process.env`
 * @param folder where a relative path, and `fyr.json`, is looked for
 * Throws a Fault('invalid') whose message names every problem, one a line.
 */
export function readConfig(environment: Environment, folder: string): { config: Config; secrets: Secrets } {
  const problems: string[] = [];
  const source = readSettingsFile(environment['FYR_CONFIG'], folder, problems);
  refuseUnknown(environment, source, problems);
  const values: Raw = {};
  for (const [name, setting] of Object.entries(settings) as [SettingName, Setting][]) {
    values[name] = valueOf(name, setting, environment, source, problems);
  }
  refuseTogether(values, problems);
  const issuers = issuersOf(values, folder, problems);
  if (problems.length > 0) {
    throw new Fault(
      'invalid',
      ['The settings have to be put right first:', ...problems.map((problem) => `  - ${problem}`)].join('\n'),
    );
  }
  return derive(values as Settings, folder, issuers);
}

type SettingsFile = { path: string; values: Record<string, unknown> };

function readSettingsFile(named: string | undefined, folder: string, problems: string[]): SettingsFile {
  const path = resolve(folder, named ?? 'fyr.json');
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (named !== undefined)
      problems.push(`FYR_CONFIG names ${path}, which cannot be read (${(error as NodeJS.ErrnoException).code}).`);
    return { path, values: {} };
  }
  try {
    const values: unknown = JSON.parse(text);
    if (typeof values === 'object' && values !== null && !Array.isArray(values)) return { path, values: { ...values } };
    problems.push(`${path} must hold one JSON object.`);
  } catch (error) {
    problems.push(`${path} is not JSON: ${(error as Error).message}`);
  }
  return { path, values: {} };
}

function valueOf(
  name: SettingName,
  setting: Setting,
  environment: Environment,
  source: SettingsFile,
  problems: string[],
): unknown {
  // An empty variable is what `FYR_X= npm start` and many service files leave: it counts as not given.
  const fromEnvironment = environment[setting.environment] || undefined;
  const given = fromEnvironment ?? source.values[name];
  if (given === undefined) return setting.default;
  const parsed = setting.schema.safeParse(given);
  if (parsed.success && (typeof given === 'string' || typeof given === 'number')) return parsed.data;
  const where = fromEnvironment === undefined ? `"${name}" in ${source.path}` : setting.environment;
  const shown = setting.secret ? 'not right' : JSON.stringify(given);
  problems.push(`${where} is ${shown}. It must be ${setting.expects}.`);
  return setting.default;
}

/** A misspelt setting would silently leave the default in force. */
function refuseUnknown(environment: Environment, source: SettingsFile, problems: string[]): void {
  const known = new Set<string>(['FYR_CONFIG', ...Object.values(settings).map((setting) => setting.environment)]);
  for (const name of Object.keys(environment)) {
    if (name.startsWith('FYR_') && !name.startsWith('FYR_TEST_') && !known.has(name))
      problems.push(`${name} is not a setting of Fyr.`);
  }
  for (const name of Object.keys(source.values)) {
    if (!Object.hasOwn(settings, name)) problems.push(`"${name}" in ${source.path} is not a setting of Fyr.`);
  }
}

function refuseTogether(values: Raw, problems: string[]): void {
  if ((values.tlsCertificate === undefined) !== (values.tlsKey === undefined)) {
    problems.push('FYR_TLS_CERT and FYR_TLS_KEY must be given together.');
  }
  if (values.role === 'region' && values.upstream !== undefined) {
    problems.push('FYR_UPSTREAM must not be given where FYR_ROLE is region: nobody is above a region.');
  }
  if (Number(values.countDefault) > Number(values.countMax)) {
    problems.push('FYR_COUNT_DEFAULT must not be more than FYR_COUNT_MAX.');
  }
}

/** With real issuers nothing of the trial's may be left switched on. */
function issuersOf(values: Raw, folder: string, problems: string[]): IssuerSettings[] {
  if (values.issuers === undefined) return [];
  if (values.trialBearer === '1') {
    problems.push(
      'FYR_TRIAL_BEARER must not be 1 where FYR_ISSUERS is set: it is for trials with the embedded provider.',
    );
  }
  return readIssuers(resolve(folder, String(values.issuers)), problems);
}

function derive(
  values: Settings,
  folder: string,
  issuers: readonly IssuerSettings[],
): { config: Config; secrets: Secrets } {
  const absolute = (path: string): string => (isAbsolute(path) ? path : join(folder, path));
  const { tlsCertificate, tlsKey } = values;
  const tls =
    tlsCertificate === undefined || tlsKey === undefined
      ? undefined
      : { certificateFile: absolute(tlsCertificate), keyFile: absolute(tlsKey) };
  const config: Config = {
    host: values.host,
    port: values.port,
    baseUrl: values.baseUrl ?? `${tls ? 'https' : 'http'}://${addressOf(values.host)}:${values.port}`,
    dataFolder: absolute(values.data),
    node: values.node,
    role: values.role,
    sampleResidents: values.sample,
    databaseConnections: values.databaseConnections,
    tls,
    references: values.references,
    profiles: values.profiles,
    realPersons: values.realPersons ?? (values.sample > 0 ? 'refuse' : 'accept'),
    subscriptions: Object.freeze({
      hostsAllowed: values.subscriptionHosts?.split(',') ?? [],
      loopbackAllowed: values.subscriptionLoopback === 'accept',
      privateAllowed: values.outgoingPrivate === 'accept',
    }),
    certificates: Object.freeze({ hostsAllowed: values.certificateHosts?.split(',') ?? [], loopbackAllowed: false }),
    issuers: Object.freeze(issuers),
    signIn: Object.freeze({
      isTrialBearer: values.trialBearer === '1',
      clockSkewMs: values.clockSkewSeconds * 1000,
      sessionIdleMs: values.sessionIdleMinutes * 60_000,
      sessionMs: values.sessionHours * 3_600_000,
      outageGraceMs: values.outageGraceMinutes * 60_000,
    }),
    policy: policyOf(values),
    limits: Object.freeze({
      bodyBytesMax: values.bodyBytesMax,
      bundleEntriesMax: values.bundleEntriesMax,
      countDefault: values.countDefault,
      countMax: values.countMax,
      statementTimeoutMs: values.statementTimeoutMs,
      requestTimeoutMs: values.requestTimeoutMs,
    }),
    security: securityOf(values, absolute),
    accessLog: accessLogOf(values, absolute(values.data), absolute),
    documents: documentsOf(values, absolute),
    packs: packsOf(values, absolute(values.data), absolute),
    operations: operationsOf(values, absolute(values.data), absolute),
    line: lineOf(values),
    databaseMemoryBytes: values.databaseMemory === undefined ? undefined : values.databaseMemory * 1_048_576,
    logLevel: values.log,
  };
  const { databaseUrl, nodeKey, authorityPassphrase } = values;
  return { config: Object.freeze(config), secrets: Object.freeze({ databaseUrl, nodeKey, authorityPassphrase }) };
}

function policyOf(values: Settings): Config['policy'] {
  const { careUnit, careAfterDays, careBeforeDays, attestedHours, breakGlassHours, followUpDays } = values;
  return Object.freeze({
    careUnit,
    afterContactDays: careAfterDays,
    afterContactNamedDays: 3 * careAfterDays,
    beforeContactDays: careBeforeDays,
    attestedHours,
    breakGlassHours,
    followUpDays,
  });
}

/** What a browser on this machine can open: every network is not an address, and IPv6 stands in brackets. */
function addressOf(host: string): string {
  if (host === '0.0.0.0' || host === '::') return 'localhost';
  return host.includes(':') ? `[${host}]` : host;
}
