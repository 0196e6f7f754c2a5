import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { settings, type Setting } from './config-settings.ts';
import { readConfig, type Config, type Environment } from './config.ts';

const folder = mkdtempSync(join(tmpdir(), 'fyr-config-'));

function configOf(environment: Environment): Config {
  return readConfig(environment, folder).config;
}

test('with no settings it is a region on this machine, with a sample and an embedded database', () => {
  const { config, secrets } = readConfig({}, folder);
  expect(config).toMatchObject({
    host: '127.0.0.1',
    port: 8080,
    baseUrl: 'http://127.0.0.1:8080',
    dataFolder: join(folder, 'var'),
    node: 'region',
    role: 'region',
    sampleResidents: 300,
    realPersons: 'refuse',
  });
  expect(secrets.databaseUrl).toBeUndefined();
  expect(Object.isFrozen(config) && Object.isFrozen(config.limits)).toBe(true);
});

test('tells all problems at once, in plain words, without the secret', () => {
  const environment = {
    FYR_PORT: '80000',
    FYR_NODE: 'Min Node',
    FYR_ROLE: 'hospital',
    FYR_TLS_CERT: 'chain.pem',
    FYR_PROT: '1',
    DATABASE_URL: 'mysql://someone:hunter2@there',
  };
  const problems = (() => {
    try {
      configOf(environment);
    } catch (error) {
      return (error as Error).message;
    }
    return '';
  })();
  expect(problems.split('\n')).toEqual([
    'The settings have to be put right first:',
    '  - FYR_PROT is not a setting of Fyr.',
    '  - FYR_PORT is "80000". It must be a whole number from 1 to 65535.',
    '  - DATABASE_URL is not right. It must be a URL that begins with postgres://.',
    '  - FYR_NODE is "Min Node". It must be a name of a-z, 0-9 and -, at most 32 characters.',
    '  - FYR_ROLE is "hospital". It must be one of region, site, ward.',
    '  - FYR_TLS_CERT and FYR_TLS_KEY must be given together.',
  ]);
});

test('the environment goes before the settings file, and the file before the defaults', () => {
  const path = join(folder, 'other.json');
  writeFileSync(path, JSON.stringify({ port: 9000, node: 'from-file' }));
  expect(configOf({ FYR_CONFIG: path, FYR_PORT: '9001' })).toMatchObject({ port: 9001, node: 'from-file' });
});

test.each([
  ['that is not there', 'absent.json', undefined, 'cannot be read (ENOENT)'],
  ['that is not JSON', 'broken.json', '{', 'is not JSON'],
  ['that is not an object', 'list.json', '[]', 'must hold one JSON object'],
  ['with a name that is none of ours', 'unknown.json', '{"prot": 1}', '"prot" in'],
  ['with a value of the wrong kind', 'kind.json', '{"port": [1]}', 'must be a whole number'],
  ['with a key that every object has', 'proto.json', '{"constructor": 1}', '"constructor" in'],
])('refuses a settings file %s', (_, name, content, words) => {
  const path = join(folder, name);
  if (content !== undefined) writeFileSync(path, content);
  expect(() => configOf({ FYR_CONFIG: path })).toThrow(words);
});

test.each([
  [{}, 'refuse'],
  [{ FYR_SAMPLE: '0' }, 'accept'],
  [{ FYR_SAMPLE: '0', FYR_REAL_PERSONS: 'refuse' }, 'refuse'],
  [{ FYR_REAL_PERSONS: 'accept' }, 'accept'],
])('with %j, national numbers of real people: %s', (environment, expected) => {
  expect(configOf(environment).realPersons).toBe(expected);
});

test.each([
  [{ FYR_HOST: '0.0.0.0', FYR_PORT: '81' }, 'http://localhost:81'],
  [{ FYR_HOST: '::1' }, 'http://[::1]:8080'],
  [{ FYR_TLS_CERT: 'a', FYR_TLS_KEY: 'b' }, 'https://127.0.0.1:8080'],
  [{ FYR_BASE_URL: 'https://fyr.example.no' }, 'https://fyr.example.no'],
])('with %j, clients reach it at %s', (environment, expected) => {
  expect(configOf(environment).baseUrl).toBe(expected);
});

test('docs/configuration.md has every setting as it is in the code, and no other', () => {
  const page = readFileSync(join(import.meta.dirname, '../../docs/configuration.md'), 'utf8');
  const rows = page.split('\n').filter((line) => line.startsWith('| `'));
  expect(rows).toEqual(Object.entries(settings).map(([name, setting]) => documentedRow(name, setting)));
});

function documentedRow(name: string, setting: Setting): string {
  const value = setting.default === undefined ? '' : `\`${setting.default}\``;
  return `| \`${setting.environment}\` | \`${name}\` | ${value} | ${setting.about} It is ${setting.expects}. |`;
}
