import { expect, test } from 'vitest';
import type { Resource } from '../types.ts';
import { builtInTopic, readTopic, triggers } from './topics.ts';
import type { Change } from './topics.ts';

const url = 'http://hl7.org/fhir/5.0/StructureDefinition/extension-SubscriptionTopic.';

const topicOf = (criteria: Record<string, unknown>[], more: object[] = []): Resource => ({
  resourceType: 'Basic',
  code: { coding: [{ code: 'SubscriptionTopic' }] },
  extension: [
    { url: `${url}url`, valueUri: 'http://example.org/topic/done' },
    {
      url: `${url}resourceTrigger`,
      extension: [
        { url: 'resource', valueUri: 'http://hl7.org/fhir/StructureDefinition/Encounter' },
        ...more,
        ...(criteria.length === 0 ? [] : [{ url: 'queryCriteria', extension: criteria }]),
      ],
    },
  ],
});

const tests = {
  matches: (_type: string, query: string, resource: Resource) => query === `status=${String(resource['status'])}`,
  holds: (expression: string) => expression === 'true',
};
const encounter = (status: string): Resource => ({ resourceType: 'Encounter', status });
const change = (before: string | undefined, after: string | undefined): Change => ({
  type: 'Encounter',
  interaction: before === undefined ? 'create' : after === undefined ? 'delete' : 'update',
  previous: before === undefined ? undefined : encounter(before),
  current: after === undefined ? undefined : encounter(after),
});

const previous = { url: 'previous', valueString: 'Encounter?status=in-progress' };
const current = { url: 'current', valueString: 'status=finished' };
const both = { url: 'requireBoth', valueBoolean: true };
const createFails = { url: 'resultForCreate', valueCode: 'test-fails' };
const deleteFails = { url: 'resultForDelete', valueCode: 'test-fails' };

test.each<[string, Record<string, unknown>[], string | undefined, string | undefined, boolean]>([
  ['both, from one state to the other', [previous, current, both], 'in-progress', 'finished', true],
  ['both, but it was so before', [previous, current, both], 'finished', 'finished', false],
  ['both, but it went elsewhere', [previous, current, both], 'in-progress', 'cancelled', false],
  ['either', [previous, current], 'planned', 'finished', true],
  ['a creation, where that passes', [previous, current, both], undefined, 'finished', true],
  ['a creation, where that fails', [previous, current, both, createFails], undefined, 'finished', false],
  ['a deletion, where that fails', [current, deleteFails], 'finished', undefined, false],
  ['a deletion, where that passes', [current], 'finished', undefined, true],
  ['no criteria', [], 'a', 'b', true],
])('a topic on state changes: %s', (_what, criteria, before, after, expected) => {
  const topic = readTopic(topicOf(criteria));
  expect(topic && triggers(topic, change(before, after), tests)).toBe(expected);
});

test('only the interactions that the topic supports, and only its type, are events', () => {
  const topic = readTopic(topicOf([], [{ url: 'supportedInteraction', valueCode: 'delete' }]));
  expect(topic && triggers(topic, change('a', 'b'), tests)).toBe(false);
  expect(topic && triggers(topic, change('a', undefined), tests)).toBe(true);
  expect(topic && triggers(topic, { ...change('a', undefined), type: 'Patient' }, tests)).toBe(false);
});

test('FHIRPath criteria must hold too', () => {
  for (const text of ['true', 'false']) {
    const topic = readTopic(topicOf([], [{ url: 'fhirPathCriteria', valueString: text }]));
    expect(topic && triggers(topic, change('a', 'b'), tests)).toBe(text === 'true');
  }
});

test('every type has a topic of its own; a Basic without the url of a topic is none', () => {
  const topic = builtInTopic('urn:fyr:topic:Encounter');
  expect(topic && triggers(topic, change('a', 'b'), tests)).toBe(true);
  expect(builtInTopic('http://example.org/topic')).toBeUndefined();
  expect(readTopic({ resourceType: 'Basic' })).toBeUndefined();
});
