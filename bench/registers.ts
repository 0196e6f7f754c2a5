/**
 * Look-ups in the registers with an index of 1,000,000 generated persons; asked for: p95 below 5 ms.
 * Run: `node bench/registers.ts [--persons N] [--keep folder]`; with a folder the index is kept there, and measured again without being filled. The index of all of them is filled by the registers' own store; every 50th person is a Patient
 * of the record as well, so that a look-up ends in the Patient's text. Prints percentiles beside the bare read of one row by its key.
 */
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import type { Resource } from '#fhir/types.ts';
import { newIdInBucket } from '#fhir/record/bucket.ts';
import { systemClock } from '#kernel/clock.ts';
import { systemIds } from '#kernel/ids.ts';
import { syntheticNationalNumber } from '#shared/identifiers.ts';
import type { Db } from '#kernel/db.ts';
import { openRecord, type Record } from '../src/app.ts';
import { identifierEntry, personEntry } from '../src/services/registers/follow.ts';
import { putIdentifiers, putPersons } from '../src/services/registers/follow-store.ts';
import { findHolders } from '../src/services/registers/identifier-store.ts';
import { identifiersOf } from '../src/services/registers/identifier-index.ts';
import {
  dirts,
  inventPerson,
  patientOf,
  randomOf,
  type Dirt,
  type InventedPerson,
  type Random,
} from '../src/services/registers/match/dirty-persons-test.ts';
import { featuresOf } from '../src/services/registers/match/features.ts';
import { findMatches, type Match } from '../src/services/registers/match/find-matches.ts';
import { findParties } from '../src/services/registers/parties/find-party.ts';
import { findAuthorisation } from '../src/services/registers/personnel/find-authorisation.ts';
import { findPerson } from '../src/services/registers/persons/find-person.ts';
import { benchConfig } from './import.ts';
import { startDatabase } from './support/processes.ts';

const { values } = parseArgs({
  options: { persons: { type: 'string', default: '1000000' }, keep: { type: 'string' } },
});
const persons = Number(values.persons);
const realEvery = 50;
const batchSize = 2000;
const asked = 3000;
const warmUps = 200;
const kinds = (Object.keys(dirts) as Dirt[]).filter((each) => !each.startsWith('nobody'));
const personnel = 2000;
const hospitals = 500;
const ids = systemIds(systemClock);
const numberSystem = 'urn:oid:2.16.578.1.12.4.1.4.1';
const volven = 'urn:oid:2.16.578.1.12.4.1.1.';
const access = { mayKnowProtectedAddress: false };

/** Numbers that were taken, and what was given instead: two persons never have the same. */
const taken = new Set<string>();
const given = new Map<number, string>();

const database = await startDatabase(values.keep);
try {
  const record = await openRecord(benchConfig(), database.url);
  try {
    if (!(await isFilled(record.db))) {
      await fill(record);
      await fillOthers(record);
    } else for (let index = 0; index < persons; index++) personWithFreeNumber(index);
    await tellSizes(record.db);
    await measure(record);
  } finally {
    await record.close();
  }
} finally {
  await database.stop();
}

/** Person `index` with a number that is his alone. */
function personAt(index: number): InventedPerson {
  const person = inventPerson(index);
  const number = given.get(index);
  return number === undefined ? person : { ...person, number };
}

function personWithFreeNumber(index: number): InventedPerson {
  const person = inventPerson(index);
  const { birthDate, sex } = person;
  for (let sequence = 0; taken.has(person.number); sequence++)
    person.number = syntheticNationalNumber({ birthDate, sex, sequence });
  taken.add(person.number);
  if (person.number !== inventPerson(index).number) given.set(index, person.number);
  return person;
}

async function isFilled(db: Db): Promise<boolean> {
  const [row] = await db<{ filled: boolean }[]>`select exists (select from register_person) as filled`;
  return row?.filled === true;
}

async function fill(record: Record): Promise<void> {
  const begun = performance.now();
  for (let at = 0; at < persons; at += batchSize) {
    const people = Array.from({ length: Math.min(batchSize, persons - at) }, (_, i) => at + i).map((index) => {
      const bucket = ids.below(1024);
      const id = newIdInBucket(ids, bucket);
      return { index, bucket, id, resource: { ...patientOf(personWithFreeNumber(index)), id } as Resource };
    });
    const real = people.filter(({ index }) => index % realEvery === 0);
    if (real.length > 0) await record.fhir.importResources(real.map(({ resource }) => resource));
    const indexed = people.filter(({ index }) => index % realEvery !== 0);
    await record.db.begin(async (transaction) => {
      await putPersons(transaction, indexed.map(personEntry));
      await putIdentifiers(
        transaction,
        indexed.flatMap(({ bucket, id, resource }) =>
          identifiersOf(resource).map((each) => identifierEntry(each, { bucket, type: 'Patient', id })),
        ),
      );
    });
  }
  await record.registers.catchUp();
  await record.db.unsafe('vacuum analyze register_person, register_identifier, resource, version');
  const seconds = (performance.now() - begun) / 1000;
  console.log(`index of ${persons.toLocaleString('en')} persons filled in ${seconds.toFixed(0)} s`);
}

async function tellSizes(db: Db): Promise<void> {
  for (const table of ['register_person', 'register_identifier']) {
    const [row] = await db<
      { size: string }[]
    >`select pg_size_pretty(pg_total_relation_size(${table}::regclass)) as size`;
    console.log(`  ${table}: ${row?.size}`);
  }
  console.log(
    `  load of the machine: ${loadavg()
      .map((load) => load.toFixed(1))
      .join(', ')} (1, 5, 15 minutes)`,
  );
}

/** Personnel, and hospitals with a lab each that is a party. */
async function fillOthers(record: Record): Promise<void> {
  for (let i = 0; i < personnel; i += 500) {
    await record.fhir.importResources(Array.from({ length: 500 }, (_, j) => practitioner(i + j)));
  }
  for (let i = 0; i < hospitals; i += 50)
    await record.fhir.importResources(Array.from({ length: 50 }, (_, j) => hospital(i + j)).flat());
  await record.registers.catchUp();
}

function practitioner(index: number): Resource {
  const coding = [
    { system: `${volven}9060`, code: 'SP' },
    { system: `${volven}7704`, code: '1' },
  ];
  return {
    resourceType: 'Practitioner',
    identifier: [{ system: 'urn:oid:2.16.578.1.12.4.1.4.4', value: String(980_000_000 + index) }],
    qualification: [{ code: { coding }, period: { start: '2010-01-01' } }],
  };
}

function hospital(index: number): Resource[] {
  const [owner, lab, endpoint] = [0, 1, 2].map(() => ids.uuid());
  return [
    {
      resourceType: 'Organization',
      id: owner!,
      name: `Sykehus ${index}`,
      identifier: [{ system: 'urn:oid:2.16.578.1.12.4.1.4.102', value: String(700_000 + index) }],
    },
    {
      resourceType: 'Endpoint',
      id: endpoint!,
      status: 'active',
      connectionType: { system: 'http://hl7.no/fhir/CodeSystem/no-basis-connection-type', code: 'no-ebxml-2' },
      payloadType: [
        {
          coding: [
            { system: `${volven}8279`, code: 'REQ_LAB' },
            { system: 'urn:fyr:code-system:message-version', code: '1.5' },
          ],
        },
      ],
      address: 'mailto:lab@example.org',
      extension: [{ url: 'urn:fyr:extension:endpoint-certificate', extension: [{ url: 'use', valueCode: 'encrypt' }] }],
    },
    {
      resourceType: 'HealthcareService',
      id: lab!,
      name: `Laboratorium ${index}`,
      identifier: [{ system: 'urn:oid:2.16.578.1.12.4.1.2', value: String(7_000_000 + index) }],
      providedBy: { reference: `Organization/${owner}` },
      specialty: [{ coding: [{ system: `${volven}8654`, code: 'L03' }] }],
      endpoint: [{ reference: `Endpoint/${endpoint}` }],
    },
  ];
}

async function measure(record: Record): Promise<void> {
  const { db } = record;
  const random = randomOf(7);
  const real = (): number => random.below(Math.ceil(persons / realEvery)) * realEvery;
  const deps = { db };
  await timed('bare: one row by its key', async () => {
    await db`select id from register_person where bucket = ${random.below(1024)} limit 1`;
  });
  await timed('who has this number (index alone)', async () => {
    await findHolders(db, [{ system: numberSystem, value: personAt(random.below(persons)).number }]);
  });
  await timed('person by number, with the Patient', async () => {
    if ((await findPerson(deps, personAt(real()).number, access)) === undefined)
      throw new Error('a person is not found');
  });
  await timed('was this nurse authorised on that day', async () => {
    const number = String(980_000_000 + random.below(personnel));
    if (!(await findAuthorisation(deps, { number, category: 'SP', on: '2020-01-01' })).authorised)
      throw new Error('is not authorised');
  });
  await timed('the lab of hospital X that takes requisition 1.5', async () => {
    const organisation = `RSH:${700_000 + random.below(hospitals)}`;
    const found = await findParties(deps, {
      organisation,
      service: 'laboratory',
      message: 'REQ_LAB',
      version: '1.5',
      on: '2026-11-23',
    });
    if (found.length !== 1) throw new Error('the lab is not found');
  });
  await measureMatch(db);
  await measureOperation(record, real);
}

/** Question `at` about the person `index`, spoilt in one of twelve ways, every second without an address. */
function questionAbout(index: number, at: number, random: Random): Resource {
  const dirt = kinds[at % kinds.length]!;
  const description = dirts[dirt](personAt(index), random);
  const patient = patientOf(description) as Resource;
  if (dirt !== 'digits exchanged' && dirt !== 'wrong digit') patient['identifier'] = undefined;
  if (at % 2 === 0) patient['address'] = undefined;
  if (dirt === 'maiden name') patient['name'] = [{ given: description.given.split(' '), family: description.family }];
  return JSON.parse(JSON.stringify(patient)) as Resource;
}

async function measureMatch(db: Db): Promise<void> {
  const random = randomOf(11);
  const questions = Array.from({ length: warmUps + asked }, (_, at) => {
    const index = random.below(persons);
    return { index, patient: questionAbout(index, at, random) };
  });
  const answers: { index: number; best: Match | undefined }[] = [];
  await timed('$match by name and birth date, one in twelve ways dirty', async (at) => {
    const { index, patient } = questions[at]!;
    const [best] = await findMatches(db, featuresOf(patient), 10);
    answers.push({ index, best });
  });
  let [right, wrong] = [0, 0];
  for (const { index, best } of answers) {
    if (best === undefined || best.grade === 'possible') continue;
    const [held] = await findHolders(db, [{ system: numberSystem, value: personAt(index).number }]);
    if (best.id === held?.id) right++;
    else wrong++;
  }
  let strangers = 0;
  for (let i = 0; i < 500; i++) {
    const patient = patientOf({ ...inventPerson(i, 77), number: '' }) as Resource;
    patient['identifier'] = undefined;
    const [best] = await findMatches(db, featuresOf(patient), 10);
    if (best !== undefined && best.grade !== 'possible') strangers++;
  }
  const precision = right / (right + wrong);
  console.log(
    `$match among ${persons.toLocaleString('en')}: precision ${precision.toFixed(4)}, recall ${(right / answers.length).toFixed(4)} over ${answers.length}; taken for somebody: ${strangers} of 500 strangers`,
  );
}

/** The whole operation as HTTP asks for it, without the socket: parameters read, Patients fetched, the Bundle made. */
async function measureOperation({ fhir }: Record, real: () => number): Promise<void> {
  const random = randomOf(13);
  await timed('$match as the operation answers it, with the Patients', async (at) => {
    await fhir.dispatch(
      {
        method: 'POST',
        segments: ['Patient', '$match'],
        parameters: [],
        headers: {},
        body: questionAbout(real(), at, random),
      },
      fhir.context.grants.background('bench'),
    );
  });
}

/** Asks until it is warm, then measures. `ask` is told which question it is, from 0. */
async function timed(what: string, ask: (at: number) => Promise<void>): Promise<void> {
  for (let at = 0; at < warmUps; at++) await ask(at);
  const times: number[] = [];
  for (let at = warmUps; at < warmUps + asked; at++) {
    const begun = performance.now();
    await ask(at);
    times.push(performance.now() - begun);
  }
  times.sort((a, b) => a - b);
  const at = (share: number): string => `${(times[Math.floor(times.length * share)] ?? 0).toFixed(2)} ms`;
  console.log(
    `${what.padEnd(58)} p50 ${at(0.5).padStart(9)}  p95 ${at(0.95).padStart(9)}  p99 ${at(0.99).padStart(9)}`,
  );
}
