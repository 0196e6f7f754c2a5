/** Whom an application may be opened on: real people in a real record, by the real policy, told to the log. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemClock } from '#kernel/clock.ts';
import type { AccessEntry } from '../access-log/entry.ts';
import { createPolicy } from '../policy/policy.ts';
import { defaultPolicySettings } from '../policy/settings.ts';
import { RequestGrant } from '../request-grant.ts';
import { frameOf } from '../frame.ts';
import { createPeople } from '../sign-in/people.ts';
import { recordReader } from '../sign-in/index.ts';
import { testRegion, type Region } from '../sign-in/region-test.ts';
import { wholeGrant } from '../../../test/support/grant.ts';
import type { FindPatients } from './interaction.ts';
import { createPatientChoices } from './patient-choices.ts';
import type { PersonaEntry } from './persona.ts';

let region: Region;
let findPatients: FindPatients;
let doctor: PersonaEntry;
let citizen: PersonaEntry;
let stranger: string;
const entries: AccessEntry[] = [];
const family = `Lund${Date.now().toString(36).replace(/\d/g, 'a')}`;

beforeAll(async () => {
  region = await testRegion();
  const { api, ids } = region;
  const title = { nb: '', nn: '', en: '' };
  doctor = {
    key: 'd',
    kind: 'personnel',
    name: 'Ingrid Bergvik',
    title,
    practitionerRole: ids.roles[0] ?? '',
    duty: 'care',
  };
  const make = async (given: string): Promise<string> =>
    (
      await api.make({
        resourceType: 'Patient',
        active: true,
        name: [{ family, given: [given] }],
        birthDate: '1980-02-03',
      })
    ).id;
  const known = await make('Kjent');
  stranger = await make('Fremmed');
  citizen = { key: 'c', kind: 'citizen', name: 'Kjent', title, patient: known };
  await api.make({
    resourceType: 'Encounter',
    status: 'in-progress',
    class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'IMP' },
    subject: { reference: `Patient/${known}` },
    participant: [{ individual: { reference: `Practitioner/${ids.doctor}` } }],
    serviceProvider: { reference: `Organization/${ids.department}` },
    period: { start: new Date(Date.now() - 86_400_000).toISOString() },
  });
  const { db, search } = api.record.fhir.context;
  const policy = createPolicy({
    db,
    search,
    clock: systemClock,
    settings: defaultPolicySettings,
    report: (event, error) => {
      throw new Error(event, { cause: error });
    },
  });
  const people = createPeople({ reader: recordReader({ db, search, grant: wholeGrant }), clock: systemClock });
  findPatients = createPatientChoices({
    db,
    search,
    async enter(person) {
      const subject = await people.subjectOf(
        {
          kind: person.kind,
          issuer: 'trial',
          subject: person.key,
          client: 'fyr-pages',
          name: person.name,
          personNumber: '00000000000',
          hprNumber: region.numbers.hpr,
          securityLevel: 4,
          signedInAt: Date.now(),
          ...(person.practitionerRole === undefined ? {} : { practitionerRole: person.practitionerRole }),
          ...(person.patient === undefined ? {} : { patient: person.patient }),
          ...(person.duty === undefined ? {} : { duty: person.duty }),
        },
        { isOffline: false },
      );
      const opened = new RequestGrant({
        decider: policy.of({ subject }),
        log: { append: async (more) => void entries.push(...more) },
        clock: systemClock,
        frame: frameOf({ subject, address: 'test' }, 'request'),
        action: 'search',
        query: 'launch',
        owner: undefined,
        mayChooseIds: false,
        keepOwner: async () => {},
      });
      return { grant: opened.grant, end: (outcome) => opened.end(outcome) };
    },
  });
});
afterAll(() => region.api.close());

const names = async (person: PersonaEntry, question: Parameters<FindPatients>[1]): Promise<string[]> =>
  (await findPatients(person, question)).map(({ name }) => name);

test('a doctor is not offered a patient of whom she may know the name, and no more', async () => {
  expect(await names(doctor, { id: stranger })).toEqual([]);
  expect(await names(doctor, { name: `Fremmed ${family}` })).toEqual([]);
});

test('a citizen is offered nobody else', async () => {
  expect(await names(citizen, { id: stranger })).toEqual([]);
  expect(await names(citizen, { represented: true })).toEqual([`Kjent ${family}`]);
});

test('what is written into the search field is a name, whatever signs it has', async () => {
  for (const name of ['a,b', 'x|y', 'a\\', '$', '%', 'name:exact=x', '\u0000'])
    expect(await names(doctor, { name })).toEqual([]);
});

test('a doctor finds her own patient by name and by id, and the look-up is in the log', async () => {
  entries.length = 0;
  expect(await findPatients(doctor, { name: family })).toEqual([
    { id: citizen.patient, name: `Kjent ${family}`, birthDate: '1980-02-03' },
  ]);
  expect(await names(doctor, { id: citizen.patient ?? '' })).toEqual([`Kjent ${family}`]);
  const about = entries.filter(({ patient }) => patient === citizen.patient);
  expect(about.length).toBe(2);
  expect(about[0]).toMatchObject({ action: 'search', outcome: 'allowed', who: { kind: 'personnel' } });
});
