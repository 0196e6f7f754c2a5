/** The rules of the house, as a test. Each rule names its reason, so that a failure teaches. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { functionsIn } from './support/functions.ts';

const root = resolve(import.meta.dirname, '..');
const folders = ['src', 'sample', 'bench', 'chaos', 'eval', 'tools', 'test', 'e2e', 'bin', 'web'];
const files = folders.flatMap(filesIn);
const program = files.filter((file) => file.path.startsWith('src/') && !file.isTest);

type Source = {
  path: string;
  text: string;
  /** Without comments. */
  code: string;
  lines: number;
  imports: string[];
  /** Those that are there when it runs. */
  valueImports: string[];
  isTest: boolean;
};

function filesIn(folder: string): Source[] {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.(tsx?|mjs)$/.test(path))
    .map((path) => read(`${folder}/${path}`));
}

function read(path: string): Source {
  const text = readFileSync(join(root, path), 'utf8');
  return {
    path,
    text,
    code: text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, ''),
    lines: text.split('\n').length,
    imports: importsOf(path, text),
    valueImports: importsOf(path, text.replace(/^(import|export) type\s[^;]*;/gm, '')),
    isTest: /(\.test|-test|-test-store)\.ts$|^(test|e2e)\//.test(path),
  };
}

function importsOf(path: string, text: string): string[] {
  const found = text.matchAll(/^(?:import|export)\s(?:[^'";]*?\sfrom\s)?'([^']+)'|\bimport\('([^']+)'\)/gm);
  return [...found].map((match) => {
    const specifier = match[1] ?? match[2] ?? '';
    if (specifier.startsWith('#sample/')) return specifier.slice(1);
    if (specifier.startsWith('#')) return `src/${specifier.slice(1)}`;
    if (specifier.startsWith('.')) return relative(root, resolve(root, dirname(path), specifier));
    return specifier;
  });
}

function violations(rule: (source: Source, target: string) => boolean, among = program): string[] {
  return among.flatMap((file) =>
    file.imports.filter((target) => rule(file, target)).map((target) => `${file.path} -> ${target}`),
  );
}

/** The lines of a file where a pattern stands outside comments. */
function places(among: Source[], pattern: RegExp): string[] {
  return among.filter((file) => pattern.test(file.code)).map((file) => `${file.path}: ${pattern.exec(file.code)?.[0]}`);
}

test('the rules look at the code at all', () => {
  expect(program.length).toBeGreaterThan(100);
  expect(program.flatMap((file) => file.imports).length).toBeGreaterThan(300);
  expect(files.some((file) => file.path === 'src/main.ts')).toBe(true);
  expect(files.filter((file) => file.isTest).length).toBeGreaterThan(20);
  expect(program.flatMap((file) => functionsIn(file.text)).length).toBeGreaterThan(500);
});

/** From the top: each may use those after it. `shared` is everybody's. */
const layers = ['services', 'continuity', 'trust', 'fhir', 'kernel', 'shared'];

test('imports point down: app, services and continuity, trust, fhir, kernel, shared', () => {
  const rank = (path: string): number | undefined => {
    const layer = /^src\/([^/]+)\//.exec(path)?.[1];
    const found = layer === undefined ? -1 : layers.indexOf(layer);
    return found === -1 ? undefined : found;
  };
  const up = violations((file, target) => {
    const [from, to] = [rank(file.path), rank(target)];
    if (from === undefined) return false;
    return to === undefined ? /^src\/|^sample\//.test(target) : to < from;
  });
  expect(up, 'a lower layer must not know a higher one').toEqual([]);
  const sideways = violations(
    (file, target) => file.path.startsWith('src/services/') && target.startsWith('src/continuity/'),
  );
  expect(sideways, 'services know nothing of continuity, nor it of them').toEqual([]);
});

test('nothing that a node runs knows what tries and measures it', () => {
  expect(violations((_file, target) => /^(bench|chaos|eval|test|e2e|tools)\//.test(target))).toEqual([]);
});

test('shared code runs in a browser too', () => {
  expect(violations((file, target) => file.path.startsWith('src/shared/') && target.startsWith('node:'))).toEqual([]);
});

/** Inside the record: the folders that know least come last. Those that are not named stand above all. */
const recordLayers = [
  ['search', 'validation', 'terminology', 'patch', 'media', 'xml'],
  ['fhirpath'],
  ['definitions', 'json'],
];

test('a grant comes into being in trust alone, and what answers a request reads the record through one', () => {
  const makers = files.filter(
    ({ path, code }) =>
      path !== 'src/trust/grant.ts' && /\bas (unknown as )?Grant\b/.test(code) && !path.startsWith('test/tidy'),
  );
  expect(makers.map(({ path }) => path)).toEqual([]);
  const around = program.filter(
    ({ path, valueImports }) =>
      /^src\/fhir\/(interactions|operations|export|subscriptions)\//.test(path) &&
      path !== 'src/fhir/interactions/history.ts' &&
      valueImports.includes('src/fhir/record/store.ts'),
  );
  expect(around.map(({ path }) => path)).toEqual([]);
});

test('inside the record, imports point from interactions to search and validation, to FHIRPath, to definitions', () => {
  const rank = (path: string): number => {
    const folder = /^src\/fhir\/([^/]+)\//.exec(path)?.[1];
    if (folder === undefined) return path.startsWith('src/fhir/') && !isLeaf(path) ? -1 : 99;
    return recordLayers.findIndex((layer) => layer.includes(folder));
  };
  // Files at the top of src/fhir that anyone in it may use.
  const isLeaf = (path: string): boolean => /^src\/fhir\/(types|grant|outcome)\.ts$/.test(path);
  const up = violations((file, target) => {
    if (!file.path.startsWith('src/fhir/') || !target.startsWith('src/fhir/')) return false;
    // Search values are the agreed form between search, which fills it, and the record, which stores it.
    if (target === 'src/fhir/record/search-values.ts') return false;
    const [from, to] = [rank(file.path), rank(target)];
    return from >= 0 && from !== 99 && to < from;
  });
  expect(up).toEqual([]);
});

/** Of the pages: what every feature may use. The others are features, and know nothing of each other. */
const everyFeatureMayUse = ['ui', 'session', 'text', 'record'];

test('a page knows the server by its contracts and what is shared, and no other feature', () => {
  const pages = files.filter(({ path, isTest }) => path.startsWith('web/') && !isTest);
  expect(pages.length).toBeGreaterThan(40);
  const featureOf = (path: string): string | undefined => /^web\/([^/]+)\//.exec(path)?.[1];
  const sideways = violations((file, target) => {
    const [from, to] = [featureOf(file.path), featureOf(target)];
    if (to === undefined || from === undefined || to === from || everyFeatureMayUse.includes(to)) return false;
    // The words of the first load.
    return !(file.path === 'web/text/texts.ts' && target.endsWith('/texts.ts'));
  }, pages);
  expect(sideways).toEqual([]);
  const past = violations(
    (_file, target) => /^src\/(?!shared\/)/.test(target) && !target.endsWith('/contract.ts'),
    pages,
  );
  expect(past).toEqual([]);
  const running = pages.flatMap(({ path, valueImports }) =>
    valueImports.filter((target) => target.endsWith('/contract.ts')).map((target) => `${path} -> ${target}`),
  );
  expect(running, 'a contract is types for the pages').toEqual([]);
});

test('a service is entered through its index.ts or its contract.ts, and by no other service', () => {
  const serviceOf = (path: string): string | undefined => /^src\/services\/([^/]+)\//.exec(path)?.[1];
  expect(
    violations((file, target) => {
      const [from, to] = [serviceOf(file.path), serviceOf(target)];
      if (to === undefined || to === from) return false;
      return from !== undefined || !/\/(index|contract)\.ts$/.test(target);
    }),
  ).toEqual([]);
});

test('a service folder holds what the contract of services says', () => {
  const services = existsSync(join(root, 'src/services')) ? readdirSync(join(root, 'src/services')) : [];
  const lacking = services.flatMap((service) =>
    ['README.md', 'index.ts', 'contract.ts']
      .filter((name) => !existsSync(join(root, 'src/services', service, name)))
      .map((name) => `src/services/${service}/${name}`),
  );
  expect(lacking).toEqual([]);
});

test('no import cycles (types aside, which are gone when it runs)', () => {
  const graph = new Map(files.filter((file) => !file.isTest).map((file) => [file.path, file.valueImports]));
  const state = new Map<string, 'open' | 'done'>();
  const cycles: string[] = [];
  const visit = (path: string, trail: string[]): void => {
    if (state.get(path) === 'done') return;
    if (state.get(path) === 'open') {
      cycles.push([...trail.slice(trail.indexOf(path)), path].join(' -> '));
      return;
    }
    state.set(path, 'open');
    for (const next of graph.get(path) ?? []) if (graph.has(next)) visit(next, [...trail, path]);
    state.set(path, 'done');
  };
  for (const path of graph.keys()) visit(path, []);
  expect(cycles).toEqual([]);
});

test('only the stores speak SQL', () => {
  const statement =
    /[\w)\]>]`\s*(\/\*[^*]*\*\/\s*)?(select|insert into|update|delete from|with|create|drop|alter|lock|truncate)\s[^`]*\b(from|into|set|table|as|database|schema|index|pg_)/i;
  expect(
    program
      .filter((file) => statement.test(file.code) && !/(^|[/-])store\.ts$|^src\/kernel\/db/.test(file.path))
      .map(({ path }) => path),
  ).toEqual([]);
});

test('settings are read in one place, and handed on', () => {
  const allowed = /^src\/(main|kernel\/config[^/]*)\.ts$/;
  expect(
    places(
      program.filter(({ path }) => !allowed.test(path)),
      /\bprocess\.env\b/,
    ),
  ).toEqual([]);
});

test('time and chance are handed in, so that tests and simulations own them', () => {
  const allowed = /^src\/kernel\/(clock|ids)\.ts$/;
  const among = program.filter(({ path }) => !allowed.test(path));
  expect(
    places(among, /\bDate\.now\(|\bnew Date\(\)|\bMath\.random\(|\brandomUUID\(|\brandomBytes\(|\brandomFillSync\(/),
  ).toEqual([]);
});

test('nothing keeps state at module level that changes', () => {
  expect(places(program, /^(?:export )?let\s.*$/m)).toEqual([]);
});

test('no stubs, no casts to any, no silenced checks', () => {
  const among = files.filter(({ path }) => path !== 'test/tidy.test.ts');
  const unfinished = among.filter(({ text }) =>
    /@ts-ignore|@ts-nocheck|eslint-disable|\b(TODO|FIXME|XXX)\b/.test(text),
  );
  const casts = among.filter(({ code, isTest }) => !isTest && /\bas any\b/.test(code));
  expect([...unfinished, ...casts].map(({ path }) => path)).toEqual([]);
});

test('no folder or file of leftovers', () => {
  expect(
    files
      .map(({ path }) => path)
      .filter((path) => /(^|[/-])(utils?|helpers?|common|misc|manager|base)(\.ts|\/|-)/.test(path)),
  ).toEqual([]);
});

test('files stay short enough to read in one sitting', () => {
  expect(
    files.filter((file) => !file.isTest && file.lines > 401).map((file) => `${file.path}: ${file.lines} lines`),
  ).toEqual([]);
});

test('functions fit on a screen', () => {
  const long = files
    .filter((file) => !file.isTest)
    .flatMap((file) =>
      functionsIn(file.text)
        .filter(({ lines }) => lines > 70)
        .map(({ name, lines }) => `${file.path} ${name}: ${lines} lines`),
    );
  expect(long).toEqual([]);
});

test('no comment or text tells of the machine or the people it was written by', () => {
  expect(
    places(
      files.filter(({ path }) => path !== 'test/tidy.test.ts'),
      /\/work\/(main|shared|\.library)|\/tmp\/fyr\b/,
    ),
  ).toEqual([]);
});
