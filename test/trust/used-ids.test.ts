/** Who knows an id, or guesses one, learns by no write whether it is in use in a record that is kept from her. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { clientAdd } from '../../src/cli/client.ts';
import { testNode, type NodeAnswer, type TestNode } from '../support/node.ts';
import { legalEntityNumber, patientOf, resourcesIn, truthOf } from './asking.ts';

let at: TestNode;
const oldMan = patientOf('oldManWithEverything');
/** Of whom none of those who attack here may see anything but, some of them, the name. */
let stranger: string;
const nobody = '018c0000-0100-7fff-8000-00000000cfff';

beforeAll(async () => {
  at = await testNode('used_ids');
  await clientAdd.run(
    ['Hospital', '--scopes', 'system/*.cruds', '--organization', await legalEntityNumber(at, 'hospitalDoctor')],
    at.command(),
  );
  const everybody = resourcesIn(await one('Patient?_count=200'));
  for (const { id } of everybody) if (stranger === undefined && (await isHidden(id))) stranger = id;
}, 120_000);
afterAll(async () => at?.stop());

const one = async (path: string): Promise<any> => (await truthOf(at, [path]))[0]?.body;
const hidden = async (type: string): Promise<any> => resourcesIn(await one(`${type}?patient=${stranger}&_count=1`))[0];

async function isHidden(patient: string): Promise<boolean> {
  const isOpen = async (as: string, type: string): Promise<boolean> => {
    const { body } = await at.ask('GET', `/fhir/${type}?patient=${patient}&_summary=count`, { as });
    return (body.total ?? 0) > 0;
  };
  const found = await Promise.all(
    Object.keys(writes).flatMap((as) => [isOpen(as, 'Observation'), isOpen(as, 'MedicationRequest')]),
  );
  const [results, medicines] = await truthOf(at, [
    `Observation?patient=${patient}&_summary=count`,
    `MedicationRequest?patient=${patient}&_summary=count`,
  ]);
  return !found.includes(true) && results?.body.total > 0 && medicines?.body.total > 0;
}

const told = ({ status, text }: NodeAnswer, id: string): [number, string] => [status, text.replaceAll(id, 'ID')];
const ref = (reference: string): object => ({ reference });

/** What everybody who attacks may write in the record that is hers to write in. */
const writes: Readonly<Record<string, (target: string) => any>> = {
  hospitalDoctor: (target) => ({
    resourceType: 'Observation',
    status: 'final',
    code: { text: 'attack' },
    subject: ref(`Patient/${oldMan}`),
    hasMember: [ref(target)],
  }),
  pharmacist: (target) => ({
    resourceType: 'MedicationDispense',
    status: 'completed',
    medicationCodeableConcept: { text: 'attack' },
    subject: ref(`Patient/${oldMan}`),
    supportingInformation: [ref(target)],
  }),
  oldManWithEverything: (target) => ({
    resourceType: 'Observation',
    meta: { tag: [{ system: 'urn:fyr:code-system:trust', code: 'own-registration' }] },
    status: 'final',
    code: { text: 'attack' },
    subject: ref(`Patient/${oldMan}`),
    performer: [ref(`Patient/${oldMan}`)],
    hasMember: [ref(target)],
  }),
  Hospital: (target) => ({
    resourceType: 'Observation',
    status: 'final',
    code: { text: 'attack' },
    subject: ref(`Patient/${oldMan}`),
    hasMember: [ref(target)],
  }),
};

test('a reference to what is kept back is refused in the words of a reference to nothing, in every form', async () => {
  const { id } = await hidden('Observation');
  for (const [as, make] of Object.entries(writes)) {
    for (const prefix of ['', `${at.url}/fhir/`]) {
      const post = (to: string): Promise<NodeAnswer> => {
        const body = make(`${prefix}Observation/${to}`);
        return at.ask('POST', `/fhir/${body.resourceType}`, { as, body });
      };
      const [used, unused] = [await post(id), await post(nobody)];
      expect([as, told(used, id)]).toEqual([as, told(unused, nobody)]);
      expect([as, used.status, used.text]).toEqual([as, 422, expect.stringContaining('leads to nothing')]);
    }
    // Beside another that leads to nothing, which is told first.
    const both = async (to: string): Promise<[number, string]> => {
      const body = make(`Observation/${to}`);
      const entry = [make(`Observation/${nobody.replace('c', 'd')}`), body].map((resource) => ({
        resource,
        request: { method: 'POST', url: resource.resourceType },
      }));
      return told(
        await at.ask('POST', '/fhir', { as, body: { resourceType: 'Bundle', type: 'transaction', entry } }),
        to,
      );
    };
    expect([as, await both(id)]).toEqual([as, await both(nobody)]);
  }
});

test('an id that is chosen tells nothing, whether it is free or in use in a record that is kept back', async () => {
  for (const [as, make] of Object.entries(writes)) {
    const { resourceType } = make('Observation/x');
    const { id } = await hidden(resourceType === 'MedicationDispense' ? 'MedicationRequest' : 'Observation');
    const type = resourceType === 'MedicationDispense' ? 'MedicationRequest' : 'Observation';
    const { hasMember: _member, supportingInformation: _information, ...rest } = make('Observation/x');
    const body = (to: string): object => ({
      ...rest,
      resourceType: type,
      id: to,
      intent: type === 'Observation' ? undefined : 'order',
    });
    for (const headers of [{}, { 'if-none-match': '*' }] as { [name: string]: string }[]) {
      const put = (to: string): Promise<NodeAnswer> =>
        at.ask('PUT', `/fhir/${type}/${to}`, { as, body: body(to), headers });
      const [used, unused] = [await put(id), await put(nobody)];
      expect([as, told(used, id)]).toEqual([as, told(unused, nobody)]);
      expect([as, used.status]).toEqual([as, 404]);
    }
    const inBundle = async (to: string): Promise<[number, string]> => {
      const entry = [{ resource: body(to), request: { method: 'PUT', url: `${type}/${to}` } }];
      return told(
        await at.ask('POST', '/fhir', { as, body: { resourceType: 'Bundle', type: 'transaction', entry } }),
        to,
      );
    };
    expect([as, await inBundle(id)]).toEqual([as, await inBundle(nobody)]);
    for (const [method, more] of [
      [
        'PATCH',
        { body: [{ op: 'add', path: '/note', value: [] }], headers: { 'content-type': 'application/json-patch+json' } },
      ],
      ['DELETE', {}],
      ['GET', {}],
    ] as const) {
      const ask = (to: string): Promise<NodeAnswer> => at.ask(method, `/fhir/${type}/${to}`, { as, ...more });
      expect([as, method, told(await ask(id), id)]).toEqual([as, method, told(await ask(nobody), nobody)]);
    }
  }
  expect((await truthOf(at, [`Observation/${(await hidden('Observation')).id}`]))[0]?.status).toBe(200);
});

test('the attempt is in the log of whose record it was, and a reference that stood before goes on to stand', async () => {
  const { id } = await hidden('Observation');
  const as = 'hospitalDoctor';
  await at.ask('POST', '/fhir/Observation', { as, body: writes[as]?.(`Observation/${id}`) });
  const events = await at.ask('GET', `/fhir/AuditEvent?patient=${stranger}&_count=5`, { as: 'privacyOfficer' });
  const [last] = resourcesIn(events.body);
  expect([last.outcome, JSON.stringify(last)]).toEqual(['4', expect.stringContaining(`Observation/${id}`)]);
  const own = resourcesIn(await one(`Observation?patient=${oldMan}&_count=1`))[0];
  await at.node.fhir.importResources([{ ...own, hasMember: [ref(`Observation/${id}`)] }]);
  const held = await at.ask('GET', `/fhir/Observation/${own.id}`, { as });
  const again = await at.ask('PUT', `/fhir/Observation/${own.id}`, {
    as,
    body: { ...held.body, note: [{ text: 'seen' }] },
  });
  expect([again.status, again.text]).toEqual([200, expect.stringContaining(id)]);
});
