/**
 * Patients that no one here made: Synthea's R4 transaction Bundles (../shared/data/synthea) go in whole and lose nothing. Skipped where the data
 * is not at hand.
 */
import { createReadStream, existsSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { createGunzip } from 'node:zlib';
import tar from 'tar-stream';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseJson } from '#fhir/json/index.ts';
import type { Resource } from '#fhir/types.ts';
import { ownNode, type OwnNode } from './own-node.ts';

const archive = new URL('../../../shared/data/synthea/synthea-r4.tar.gz', import.meta.url);
const isHere = existsSync(archive);

let api: OwnNode;
/** Each resource as it is in the files, by its Bundle and `urn:uuid:`: Bundles share urns, each for a resource of its own. */
const sent = new Map<string, any>();
const sentOfType = (type: string): any[] => [...sent.values()].filter((one) => one.resourceType === type);
let bundles = 0;
let importMs = 0;
/** Each resource as the node has it, by `Type/id`. */
const stored = new Map<string, any>();

async function* bundleTexts(): AsyncGenerator<string> {
  const source = createReadStream(archive);
  const entries = source.pipe(createGunzip()).pipe(tar.extract());
  for await (const entry of entries) {
    const chunks: Buffer[] = [];
    for await (const chunk of entry as AsyncIterable<Buffer>) chunks.push(chunk);
    if (entry.header.type === 'file' && entry.header.name.endsWith('.json'))
      yield Buffer.concat(chunks).toString('utf8');
  }
}

async function readAll(type: string): Promise<void> {
  let path: string | undefined = `${type}?_count=1000`;
  while (path !== undefined) {
    const { body } = await api.ask('GET', path);
    for (const { resource } of body.entry ?? []) stored.set(`${type}/${resource.id}`, resource);
    const next: string | undefined = body.link.find((link: any) => link.relation === 'next')?.url;
    path = next?.slice(next.indexOf('/fhir/') + '/fhir/'.length);
  }
}

beforeAll(async () => {
  if (!isHere) return;
  api = await ownNode('synthea', { FYR_REAL_PERSONS: 'accept' });
  for await (const text of bundleTexts()) {
    for (const { fullUrl, resource } of JSON.parse(text).entry) sent.set(`${bundles} ${fullUrl}`, resource);
    const start = performance.now();
    await api.record.fhir.importBundle(parseJson(text) as Resource);
    importMs += performance.now() - start;
    bundles++;
  }
  for (const type of new Set([...sent.values()].map((one) => one.resourceType))) await readAll(type);
}, 300_000);
afterAll(async () => {
  if (!isHere) return console.log(`synthea: skipped, there is no ${archive.pathname}`);
  const rate = Math.round((sent.size / importMs) * 1000);
  console.log(`synthea: ${bundles} bundles, ${sent.size} resources in ${Math.round(importMs)} ms, ${rate} resources/s`);
  await api.close();
});

const countsByType = (resources: Iterable<any>): { [type: string]: number } =>
  Object.fromEntries([...Map.groupBy(resources, (one) => one.resourceType)].map(([type, all]) => [type, all.length]));

/** A resource without what the node gives: id, version, and where references lead. */
function plain(resource: any): any {
  const { id: _id, meta, ...rest } = resource;
  const text = JSON.stringify(rest, (key, value) => (key === 'reference' ? value.replace(/.*/, '') : value));
  return { ...JSON.parse(text), profile: meta?.profile, tag: meta?.tag };
}

test.runIf(isHere)('every bundle is taken, nothing is dropped', () => {
  expect([bundles, sent.size]).toEqual([59, 18_261]);
  expect(countsByType(stored.values())).toEqual(countsByType(sent.values()));
});

test.runIf(isHere)(
  'every urn:uuid: has become a reference to the resource that it meant, whose content is what was sent',
  () => {
    const text = [...stored.values()].map((one) => JSON.stringify(one)).join('\n');
    expect(text.match(/"reference":"urn:uuid:[^"]*"/g)?.slice(0, 5) ?? []).toEqual([]);
    const { storedOf, contradictions } = pairs();
    expect(contradictions).toEqual([]);
    expect(storedOf.size).toBe(sent.size);
  },
);

/** Follows the references of both sides from the patients outwards, and pairs what they lead to. */
function pairs(): { storedOf: Map<string, string>; contradictions: string[] } {
  const storedOf = new Map<string, string>();
  const contradictions: string[] = [];
  const pair = (urn: string, address: string): void => {
    const known = storedOf.get(urn);
    if (known === address) return;
    if (known !== undefined) contradictions.push(`${urn} is ${known} and ${address}`);
    storedOf.set(urn, address);
    const before = sent.get(urn);
    const after = stored.get(address);
    if (before === undefined || after === undefined) return void contradictions.push(`${urn} or ${address} is missing`);
    if (!isDeepStrictEqual(plain(before), plain(after))) contradictions.push(`${address} is not what was sent`);
    const from = referencesIn(before);
    const to = referencesIn(after);
    for (const [i, reference] of from.entries()) {
      if (sent.has(besides(urn, reference))) pair(besides(urn, reference), to[i] as string);
      else if (reference !== to[i]) contradictions.push(`${address}: ${reference} became ${to[i]}`);
    }
  };
  const byFingerprint = Map.groupBy([...stored.keys()], (address) => fingerprint(stored.get(address)));
  for (const [urn, resource] of sent) {
    if (storedOf.has(urn)) continue;
    const same = byFingerprint.get(fingerprint(resource)) ?? [];
    if (same.length === 1) pair(urn, same[0] as string);
  }
  // What is left are twins, which nothing but their references tells apart: each has one of its own on the other side.
  const taken = new Set(storedOf.values());
  for (const [urn, resource] of sent) {
    if (storedOf.has(urn)) continue;
    const wanted = referencesIn(resource).map((reference) => storedOf.get(besides(urn, reference)) ?? reference);
    const twin = byFingerprint
      .get(fingerprint(resource))
      ?.find((address) => !taken.has(address) && isDeepStrictEqual(referencesIn(stored.get(address)), wanted));
    if (twin === undefined) continue;
    taken.add(twin);
    pair(urn, twin);
  }
  return { storedOf, contradictions };
}

/** A reference as a key of `sent`, from the key of the resource that refers. */
const besides = (urn: string, reference: string): string => `${urn.split(' ', 1)[0]} ${reference}`;

const fingerprint = (resource: any): string => JSON.stringify(sortedKeys(plain(resource)));

function sortedKeys(value: any): any {
  if (Array.isArray(value)) return value.map(sortedKeys);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.keys(value)
      .toSorted()
      .map((key) => [key, sortedKeys(value[key])]),
  );
}

/** In the order of the names, so that both sides tell them alike. */
function referencesIn(value: any): string[] {
  const found: string[] = [];
  JSON.stringify(sortedKeys(value), (key, part) => {
    if (key === 'reference' && typeof part === 'string') found.push(part);
    return part;
  });
  return found;
}

/** Searches and what a pass over the files counts. */
const searches: [query: string, type: string, isMatch: (resource: any) => boolean][] = [
  ['gender=female', 'Patient', (p) => p.gender === 'female'],
  ['birthdate=ge1960&birthdate=lt1990', 'Patient', (p) => p.birthDate >= '1960' && p.birthDate < '1990'],
  ['deceased=true', 'Patient', (p) => p.deceasedDateTime !== undefined],
  ['code=http://loinc.org|8302-2', 'Observation', (o) => hasCode(o.code, '8302-2')],
  [
    'code-value-quantity=8302-2$gt170',
    'Observation',
    (o) => hasCode(o.code, '8302-2') && o.valueQuantity !== undefined && o.valueQuantity.value > 170,
  ],
  [
    'component-code-value-quantity=8480-6$ge140||mm[Hg]',
    'Observation',
    (o) => o.component?.some((c: any) => hasCode(c.code, '8480-6') && c.valueQuantity.value >= 140) ?? false,
  ],
  [
    'clinical-status=active&code=44054006',
    'Condition',
    (c) => hasCode(c.clinicalStatus, 'active') && hasCode(c.code, '44054006'),
  ],
  [
    'status=active&code:text=acetaminophen',
    'MedicationRequest',
    (m) => {
      const { coding = [], text = '' } = m.medicationCodeableConcept ?? {};
      return m.status === 'active' && [text, ...coding.map((c: any) => c.display ?? '')].some(hasWord('acetaminophen'));
    },
  ],
  ['class=EMER', 'Encounter', (e) => e.class.code === 'EMER'],
  ['vaccine-code=http://hl7.org/fhir/sid/cvx|140', 'Immunization', (i) => hasCode(i.vaccineCode, '140')],
  ['status=completed', 'Procedure', (p) => p.status === 'completed'],
];

const hasCode = (concept: any, code: string): boolean =>
  concept?.coding?.some((one: any) => one.code === code) ?? false;
const hasWord =
  (word: string) =>
  (text: string): boolean =>
    text
      .toLowerCase()
      .split(/[^a-z0-9]+/)
      .includes(word);

test.runIf(isHere)('clinical searches count what a pass over the files counts', async () => {
  const answers: string[] = [];
  const expected: string[] = [];
  for (const [query, type, isMatch] of searches) {
    const { body } = await api.ask('GET', `${type}?${query}&_summary=count`);
    answers.push(`${type}?${query} ${body.total}`);
    expected.push(`${type}?${query} ${sentOfType(type).filter(isMatch).length}`);
  }
  expect(answers).toEqual(expected);
  expect(expected.filter((one) => one.endsWith(' 0'))).toEqual([]);
});

test.runIf(isHere)('chains and reverse chains find who the files say', async () => {
  const women = new Set(
    [...sent].flatMap(([urn, one]) =>
      one.gender === 'female' && one.resourceType === 'Patient' ? [urn.split(' ')[1]] : [],
    ),
  );
  const diabetics = new Set(
    sentOfType('Condition').flatMap((one) => (hasCode(one.code, '15777000') ? [one.subject.reference] : [])),
  );
  const count = async (path: string): Promise<number> => (await api.ask('GET', `${path}&_summary=count`)).body.total;
  expect(await count('Condition?subject:Patient.gender=female')).toBe(
    sentOfType('Condition').filter((one) => women.has(one.subject.reference)).length,
  );
  expect(await count('Patient?_has:Condition:subject:code=15777000')).toBe(diabetics.size);
});
