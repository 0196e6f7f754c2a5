import { expect, test } from 'vitest';
import type { Resource } from '../types.ts';
import {
  clock,
  backport,
  receiver,
  node,
  round,
  encounter,
  topicSubscription,
  statusIn,
} from './subscriptions-for-test.ts';

test('backport: a handshake, then numbered notifications with the content that was asked for, then heartbeats', async () => {
  const [made, hook] = [await node('subscriptions_topic'), await receiver()];
  await made.put(
    topicSubscription(
      { endpoint: hook.url, extension: [{ url: `${backport}backport-heartbeat-period`, valueUnsignedInt: 60 }] },
      'full-resource',
      {
        _criteria: {
          extension: [{ url: `${backport}backport-filter-criteria`, valueString: 'Encounter?status=finished' }],
        },
      },
    ),
  );
  await round(made);
  const told = () => hook.received.map(({ body }) => JSON.parse(body) as Resource);
  expect(statusIn(told()[0] as Resource)).toMatchObject({
    type: 'handshake',
    status: 'requested',
    'events-since-subscription-start': '0',
    topic: 'urn:fyr:topic:Encounter',
  });
  await made.put(encounter('e1', 'finished'));
  await made.put(encounter('e2', 'planned'));
  await made.put(encounter('e1', 'finished'));
  await made.remove('Encounter', 'e1');
  await round(made);
  const last = told().at(-1) as Resource;
  expect(statusIn(last)).toMatchObject({
    type: 'event-notification',
    status: 'active',
    'events-since-subscription-start': '3',
  });
  const entries = (last['entry'] as { resource?: Resource; request: { method: string }; fullUrl: string }[]).slice(1);
  expect(entries.map(({ request, resource }) => `${request.method} ${resource?.resourceType ?? 'none'}`)).toEqual([
    'POST Encounter',
    'PUT Encounter',
    'DELETE none',
  ]);
  expect(entries[0]?.fullUrl).toBe('http://node.test/fhir/Encounter/e1');
  clock.value += 61_000;
  await round(made);
  expect(statusIn(told().at(-1) as Resource)).toMatchObject({
    type: 'heartbeat',
    'events-since-subscription-start': '3',
  });
});

test.each([
  ['empty', 1],
  ['id-only', 2],
])('backport: a payload of %s holds no resource', async (content, entries) => {
  const [made, hook] = [await node(`subscriptions_content_${entries}`), await receiver()];
  await made.put(topicSubscription({ endpoint: hook.url }, content));
  await round(made);
  await made.put(encounter('e1', 'finished'));
  await round(made);
  const bundle = JSON.parse(hook.received.at(-1)?.body ?? '') as Resource & { entry: { resource?: Resource }[] };
  expect(bundle.entry).toHaveLength(entries);
  expect(bundle.entry.slice(1).every(({ resource }) => resource === undefined)).toBe(true);
  expect(JSON.stringify(bundle).includes('Encounter/e1')).toBe(content === 'id-only');
});

test('backport: a stored topic on a change of state tells the change and not the state', async () => {
  const [made, hook] = [await node('subscriptions_state'), await receiver()];
  const url = 'http://hl7.org/fhir/5.0/StructureDefinition/extension-SubscriptionTopic.';
  await made.put({
    resourceType: 'Basic',
    id: 'topic',
    code: { coding: [{ code: 'SubscriptionTopic' }] },
    extension: [
      { url: `${url}url`, valueUri: 'http://example.org/topic/discharged' },
      {
        url: `${url}resourceTrigger`,
        extension: [
          { url: 'resource', valueUri: 'Encounter' },
          {
            url: 'queryCriteria',
            extension: [
              { url: 'previous', valueString: 'status=in-progress' },
              { url: 'current', valueString: 'status=finished' },
              { url: 'resultForCreate', valueCode: 'test-fails' },
              { url: 'requireBoth', valueBoolean: true },
            ],
          },
        ],
      },
    ],
  });
  await made.put(
    topicSubscription({ endpoint: hook.url }, 'id-only', { criteria: 'http://example.org/topic/discharged' }),
  );
  await round(made);
  for (const status of ['in-progress', 'finished', 'finished']) await made.put(encounter('e1', status));
  await made.put(encounter('e2', 'finished'));
  await round(made);
  const events = await made.subscriptions.events('s1', {});
  expect(statusIn(events)).toMatchObject({ type: 'query-event', 'events-since-subscription-start': '1' });
  expect(events['entry']).toHaveLength(2);
  expect(JSON.stringify(await made.subscriptions.events('s1', { since: 2 }))).not.toContain('Encounter/e1');
});
