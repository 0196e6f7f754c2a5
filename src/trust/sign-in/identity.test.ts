import { expect, test } from 'vitest';
import type { Fault } from '#kernel/fault.ts';
import type { TrustedIssuer } from '../tokens/index.ts';
import { claimNames, identityOf, mergeClaims } from './identity.ts';

const issuer = (kind: TrustedIssuer['kind']): TrustedIssuer => ({
  name: kind,
  kind,
  url: `https://${kind}.test`,
  audience: 'x',
  regionClients: ['feed'],
});
const pid = '05898597468';
const level = { [claimNames.securityLevel]: '4' };
const doctor = {
  sub: 's',
  client_id: 'epr',
  [claimNames.personNumber]: pid,
  [claimNames.hprNumber]: '990000001',
  ...level,
};

function refusalOf(kind: TrustedIssuer['kind'], claims: object): Fault {
  try {
    identityOf(issuer(kind), claims as never);
  } catch (error) {
    return error as Fault;
  }
  throw new Error('was taken');
}

test.each<[string, TrustedIssuer['kind'], object, RegExp]>([
  ['HelseID at level 3', 'helseid', { ...doctor, [claimNames.securityLevel]: '3' }, /level 4.*at level 3/],
  ['HelseID without a level', 'helseid', { ...doctor, [claimNames.securityLevel]: undefined }, /level 4.*unknown/],
  ['a level in words', 'helseid', { ...doctor, [claimNames.securityLevel]: 'high' }, /level 4/],
  ['ID-porten at substantial', 'idporten', { sub: 's', pid, acr: 'idporten-loa-substantial' }, /level 4/],
  ['ID-porten without acr', 'idporten', { sub: 's', pid }, /level 4/],
  [
    'HelseID with an acr of ID-porten only',
    'helseid',
    { ...doctor, [claimNames.securityLevel]: undefined, acr: 'idporten-loa-high' },
    /level 4/,
  ],
  ['a subject without any number', 'helseid', { sub: 'somebody', client_id: 'epr', ...level }, /does not say who/],
  ['ID-porten without pid', 'idporten', { sub: 'x', client_id: 'x', acr: 'idporten-loa-high' }, /does not say who/],
  ['nothing', 'openid', {}, /does not say who/],
  ['a system that names no organisation', 'helseid', { client_id: 'lab', scope: 'system/*.rs' }, /which organisation/],
])('refuses %s', (_what, kind, claims, why) => {
  const fault = refusalOf(kind, claims);
  expect(fault.kind).toBe('unauthenticated');
  expect(fault.message).toMatch(why);
});

test('tells a client that the person can sign in better (RFC 9470)', () => {
  const { challenge } = refusalOf('helseid', { ...doctor, [claimNames.securityLevel]: '3' });
  expect(challenge).toContain('error="insufficient_user_authentication"');
  expect(challenge).toContain('acr_values="Level4 idporten-loa-high"');
});

test('another issuer than the embedded one has no say in which record it is, nor in duties', () => {
  const claims = {
    ...doctor,
    [claimNames.practitionerRole]: 'r',
    [claimNames.patient]: 'p',
    [claimNames.duty]: 'operator',
  };
  for (const kind of ['helseid', 'openid'] as const) {
    const identity = identityOf(issuer(kind), claims);
    expect(identity.kind).toBe('personnel');
    expect(identity).not.toHaveProperty('practitionerRole');
    expect(identity).not.toHaveProperty('patient');
    expect(identity).not.toHaveProperty('duty');
  }
});

test('a duty that nobody knows is none', () => {
  const claims = { sub: 's', ...level, [claimNames.practitionerRole]: 'r', [claimNames.duty]: 'chief' };
  expect(identityOf(issuer('embedded'), claims)).not.toHaveProperty('duty');
});

test.each<[string, TrustedIssuer['kind'], object, object]>([
  [
    'a doctor by HelseID',
    'helseid',
    doctor,
    { kind: 'personnel', hprNumber: '990000001', personNumber: pid, client: 'epr' },
  ],
  [
    'a secretary by HelseID, without HPR number',
    'helseid',
    { ...doctor, [claimNames.hprNumber]: undefined },
    { kind: 'personnel' },
  ],
  [
    'a citizen by ID-porten',
    'idporten',
    { sub: 's', pid, acr: 'idporten-loa-high' },
    { kind: 'citizen', personNumber: pid, securityLevel: 4 },
  ],
  [
    'a system by HelseID',
    'helseid',
    {
      client_id: 'lab',
      [claimNames.clientName]: 'The laboratory',
      [claimNames.parent]: '999999999',
      scope: ['system/Observation.c'],
    },
    { kind: 'system', subject: 'lab', name: 'The laboratory', parent: '999999999', scopes: ['system/Observation.c'] },
  ],
  [
    'a system of the region, which the settings name',
    'helseid',
    { client_id: 'feed', scope: 'system/*.rs' },
    { kind: 'system', subject: 'feed', scopes: ['system/*.rs'] },
  ],
  [
    'a system whose subject it is',
    'embedded',
    { sub: 'lab', client_id: 'lab', scope: 'a b' },
    { kind: 'system', scopes: ['a', 'b'] },
  ],
  [
    'a persona at work',
    'embedded',
    { sub: 'nurse', ...level, [claimNames.practitionerRole]: 'r', [claimNames.duty]: 'care' },
    { kind: 'personnel', practitionerRole: 'r', duty: 'care' },
  ],
  [
    'a persona at home',
    'embedded',
    { sub: 'mother', ...level, [claimNames.patient]: 'p' },
    { kind: 'citizen', patient: 'p' },
  ],
  ['personnel at another provider', 'openid', doctor, { kind: 'personnel' }],
  [
    'a citizen at another provider',
    'openid',
    { sub: 's', [claimNames.personNumber]: pid, ...level },
    { kind: 'citizen' },
  ],
])('understands %s', (_what, kind, claims, expected) => {
  expect(identityOf(issuer(kind), claims as never)).toMatchObject(expected);
});

test('two answers about one sign-in must be of one person', () => {
  expect(() => mergeClaims({ sub: 'a' }, { sub: 'b', pid })).toThrow(/two different/);
  expect(mergeClaims({ sub: 'a', name: 'x' }, { sub: 'a', name: 'y', pid })).toEqual({ sub: 'a', name: 'x', pid });
});

test('a token of a real issuer without scopes allows its application nothing; pages are bounded by the person alone', () => {
  expect(identityOf(issuer('helseid'), doctor).scopes).toEqual([]);
  expect(identityOf(issuer('helseid'), { ...doctor, scope: 'openid' }, 'fyr').scopes).toBeUndefined();
  const persona = { sub: 'nurse', ...level, [claimNames.practitionerRole]: 'r' };
  expect(identityOf(issuer('embedded'), persona).scopes).toBeUndefined();
});

test('an issuer’s own scopes mean what the settings say, and nothing by their names alone', () => {
  const meaning = { ...issuer('helseid'), scopeMeanings: { 'example:fyr/journal': 'user/*.rs user/Task.c' } };
  const scopes = (scope: unknown) => identityOf(meaning, { ...doctor, scope }).scopes;
  expect(scopes(['openid', 'example:fyr/journal'])).toEqual([
    'openid',
    'example:fyr/journal',
    'user/*.rs',
    'user/Task.c',
  ]);
  expect(scopes('constructor example:fyr/other')).toEqual(['constructor', 'example:fyr/other']);
});
