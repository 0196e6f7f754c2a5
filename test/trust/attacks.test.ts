/** What an attacker who signed in tries over a whole node: to read the log of others, to hide in it, and to get in by writing. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { identifierSystems } from '#shared/identifiers.ts';
import { personaEntries } from '#sample/persona-entries.ts';
import { testNode, type TestNode } from '../support/node.ts';
import { patientOf, resourcesIn, truthOf } from './asking.ts';

let at: TestNode;
const oldMan = patientOf('oldManWithEverything');
const mother = patientOf('youngMother');

beforeAll(async () => {
  at = await testNode('attacks');
}, 120_000);
afterAll(async () => at?.stop());

/** The newest entries of somebody at work, as AuditEvents. */
async function eventsOf(persona: string): Promise<any[]> {
  const { practitioner } = personaEntries().find(({ key }) => key === persona) as { practitioner: string };
  const events = await at.ask('GET', `/fhir/AuditEvent?agent=Practitioner/${practitioner}&_count=20`, {
    as: 'privacyOfficer',
  });
  return resourcesIn(events.body);
}

const one = async (path: string): Promise<any> => (await truthOf(at, [path]))[0]?.body;

test('entries of the log that are not one’s own can not be told from numbers that are not there', async () => {
  await at.ask('GET', '/fhir/Observation?code=none', { as: 'nurse' });
  await at.ask('GET', `/fhir/Observation?patient=${mother}`, { as: 'nurse' });
  const all = await at.ask('GET', '/fhir/AuditEvent?_count=20', { as: 'privacyOfficer' });
  const newest = Number(all.body.entry[0].resource.id.split('.')[1]);
  for (const as of ['fourteenYearsOld', 'pharmacist', 'operator', 'researcher']) {
    for (let number = newest - 3; number <= newest; number++) {
      const { status, text } = await at.ask('GET', `/fhir/AuditEvent/test.${number}`, { as });
      const missing = await at.ask('GET', `/fhir/AuditEvent/test.${number + 90_000}`, { as });
      const shown = [status, text.replaceAll(`${number}`, 'N')];
      expect([as, shown]).toEqual([as, [404, missing.text.replaceAll(`${number + 90_000}`, 'N')]]);
    }
  }
});

test('who may see a part of a record does not read in the log what the other parts are', async () => {
  expect((await at.ask('GET', `/fhir/MedicationRequest?patient=${oldMan}`, { as: 'pharmacist' })).status).toBe(200);
  for (const path of [`/fhir/AuditEvent?patient=${oldMan}`, `/api/log/mine?patient=${oldMan}`]) {
    expect([path, (await at.ask('GET', path, { as: 'pharmacist' })).status]).toEqual([path, 403]);
  }
});

test('an application that the privacy officer uses reads no more of the log than it was granted', async () => {
  const asking = { as: 'privacyOfficer', scopes: 'user/Organization.rs' };
  for (const path of ['/fhir/AuditEvent', '/api/log/search', '/api/control/cases']) {
    expect([path, (await at.ask('GET', path, asking)).status]).toEqual([path, 403]);
  }
});

test('an application that may read results neither breaks the glass nor changes what the patient has closed', async () => {
  const [scopes, reason] = ['user/Observation.rs patient/Observation.rs', 'attack with a reason'];
  const broken = { as: 'nurse', scopes, body: { patient: mother, reason } };
  expect((await at.ask('POST', '/api/control/break-glass', broken)).status).toBe(403);
  expect((await at.ask('POST', '/api/control/blocks', { as: 'withBlocks', scopes, body: {} })).status).toBe(403);
});

test('what is read in the same batch as something is written is in the log too', async () => {
  const [observation] = resourcesIn(await one(`Observation?patient=${oldMan}&_count=1`));
  const entry = [
    { request: { method: 'PUT', url: `Observation/${observation.id}` }, resource: observation },
    { request: { method: 'GET', url: `Condition?patient=${oldMan}` } },
  ];
  const body = { resourceType: 'Bundle', type: 'batch', entry };
  expect((await at.ask('POST', '/fhir', { as: 'hospitalDoctor', body })).status).toBe(200);
  const told = JSON.stringify((await eventsOf('hospitalDoctor')).slice(0, 2));
  expect(told).toContain(`Observation/${observation.id}`);
  expect(told).toContain('Condition/');
});

test('who gives somebody an authorisation or a role is in the log', async () => {
  const { practitioner } = personaEntries().find(({ key }) => key === 'nurse') as { practitioner: string };
  const person = await one(`Practitioner/${practitioner}`);
  expect((await at.ask('PUT', `/fhir/Practitioner/${practitioner}`, { as: 'operator', body: person })).status).toBe(
    200,
  );
  expect(JSON.stringify((await eventsOf('operator'))[0])).toContain(`Practitioner/${practitioner}`);
});

test('a search by POST is a search in the log', async () => {
  const asking = {
    as: 'hospitalDoctor',
    body: `patient=${oldMan}`,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  };
  expect((await at.ask('POST', '/fhir/Condition/_search', asking)).status).toBe(200);
  const [event] = await eventsOf('hospitalDoctor');
  expect(event.subtype[0].code).toBe('search');
});

test('nobody makes oneself somebody else by the national number in a record', async () => {
  const number = { system: identifierSystems.nationalNumber, value: '15867313718' };
  const person = await one(`Patient/${oldMan}`);
  const as = 'hospitalDoctor';
  const changed = { ...person, identifier: [number] };
  expect((await at.ask('PUT', `/fhir/Patient/${oldMan}`, { as, body: changed })).status).toBe(403);
  const kin = {
    resourceType: 'RelatedPerson',
    patient: { reference: `Patient/${oldMan}` },
    identifier: [number],
    relationship: [{ coding: [{ system: 'http://hl7.no/fhir/CodeSystem/no-basis-family-relation', code: 'barn' }] }],
  };
  expect((await at.ask('POST', '/fhir/RelatedPerson', { as, body: kin })).status).toBe(403);
});

test('who treats nobody can not tell who is a patient here', async () => {
  const nobody = '018c0000-0100-7fff-8000-00000000cfff';
  for (const as of ['operator', 'researcher']) {
    for (const path of [
      'Observation?patient=ID',
      'Patient/ID/Condition',
      'Patient/ID/$everything',
      'AuditEvent?patient=ID',
    ]) {
      const [is, isNot] = await Promise.all(
        [mother, nobody].map(async (id) => {
          const { status, text } = await at.ask('GET', `/fhir/${path.replace('ID', id)}`, { as });
          return [as, path, status, text.replaceAll(id, 'ID')];
        }),
      );
      expect(is).toEqual(isNot);
    }
  }
});

test('what is not here is an attempt in the log like what is kept back: neither answers sooner; a number is not kept', async () => {
  for (const id of ['15867313718', 'never']) {
    expect((await at.ask('GET', `/fhir/Condition/${id}`, { as: 'hospitalDoctor' })).status).toBe(404);
  }
  const [event, before] = (await eventsOf('hospitalDoctor')).map((one) => JSON.stringify(one));
  expect(event).toContain('"outcome":"4"');
  expect(before).toContain('"outcome":"4"');
  expect(before).not.toContain('15867313718');
});

test('however much is tried in one batch, the log has one entry for each whose record it is', async () => {
  const found = resourcesIn(await one(`Observation?patient=${mother}&_count=30`));
  const entry = found.map(({ id }) => ({ request: { method: 'GET', url: `Observation/${id}` } }));
  const body = { resourceType: 'Bundle', type: 'batch', entry };
  expect((await at.ask('POST', '/fhir', { as: 'nurse', body })).status).toBe(200);
  const tried = (await eventsOf('nurse')).filter((event) => found.some(({ id }) => JSON.stringify(event).includes(id)));
  expect(tried).toHaveLength(1);
});
