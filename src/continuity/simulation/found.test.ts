/** What the hunts have found, told in the steps that matter, so that it stays mended whatever the seeds mean next year. */
import { expect, test } from 'vitest';
import { rules, type Rules } from '../protocol/rules.ts';
import { headsOf } from '../protocol/version.ts';
import { createRandom } from './random.ts';
import { begin, end, prepare, settleDown } from './run.ts';
import type { Content } from './small-vocabulary.ts';
import { attempt } from './workload.ts';
import { copyOf } from './disk.ts';
import { housekeep } from './housekeeping.ts';
import { nodeNamed, restore, type World } from './world.ts';

const start = prepare();

function newWorld(chosen: Partial<Rules> = {}): World {
  return begin({ rules: { ...rules, ...chosen }, faulty: {}, start });
}

/** Writes on top of all that the node knows of the resource, or anew. */
function put(world: World, at: string, patient: string, resource: string, content: Content): void {
  const node = nodeNamed(world, at);
  const parents = [node.disk.resources.get(resource)?.tip ?? []].flat();
  const type = resource.slice(0, resource.indexOf('/'));
  expect(attempt(world, node, [{ resource, type, patient, content: JSON.stringify(content), parents }])).toBe(true);
}

function talk(world: World, ...absent: string[]): void {
  for (const { facts, ...node } of world.nodes) expect(node.isUp || absent.includes(facts.name)).toBe(true);
  for (const node of world.nodes) node.isUp = !absent.includes(node.facts.name);
  settleDown(world, createRandom(1));
  for (const node of world.nodes) node.isUp = true;
}

function brokenAtTheEnd(world: World): unknown {
  end(world, createRandom(1), false);
  return Object.fromEntries(world.history.broken);
}

function threeMoveOneReason(world: World): void {
  const stay = 'Reason/p1-ward';
  put(world, 'region', 'p1', stay, { reason: { node: 'ward', active: false } });
  put(world, 'siteA', 'p1', stay, { reason: { node: 'siteB', active: true } });
  put(world, 'ward', 'p1', stay, { reason: { node: 'siteB', active: true } });
  talk(world, 'region');
}

test('three nodes that move one stay at the same time agree, also the ward that it concerns by one of the versions only', () => {
  const world = newWorld();
  threeMoveOneReason(world);
  expect(brokenAtTheEnd(world)).toEqual({});
  const without = newWorld({ bringsWhatWasPassedOver: false });
  threeMoveOneReason(without);
  expect(brokenAtTheEnd(without)).toHaveProperty('I4');
});

function moveResult(world: World): void {
  put(world, 'region', 'p1', 'Observation/wrong', { text: 'potassium 6.9' });
  talk(world);
  put(world, 'region', 'p2', 'Observation/wrong', { text: 'potassium 6.9' });
  talk(world);
}

test('a result that is moved to another patient is shown as the first one’s no longer at a ward that holds the first alone', () => {
  const world = newWorld();
  moveResult(world);
  const shown = headsOf(nodeNamed(world, 'ward').disk.resources.get('Observation/wrong')!);
  expect(shown.map(({ patient }) => patient)).toEqual(['p2']);
  expect(brokenAtTheEnd(world)).toEqual({});
  const without = newWorld({ tellsWhatMovedAway: false });
  moveResult(without);
  expect(brokenAtTheEnd(without)).toHaveProperty('I4');
});

test('a stay that is moved to another patient keeps the first one no longer, and the other instead', () => {
  const world = newWorld();
  for (const stay of ['Reason/p1-ward', 'Reason/p1-siteA'])
    put(world, 'region', 'p3', stay, { reason: { node: 'ward', active: true } });
  expect(brokenAtTheEnd(world)).toEqual({});
  const { holdings } = nodeNamed(world, 'ward').disk;
  expect([holdings.get('p1'), holdings.get('p3')?.state]).toEqual([undefined, 'whole']);
});

test('a conflict about whose a resource is goes to the ward with all that was written meanwhile', () => {
  const world = newWorld();
  const allergy = 'AllergyIntolerance/p1';
  put(world, 'region', 'p2', allergy, { text: 'latex' });
  put(world, 'siteB', 'p1', allergy, { text: 'nuts' });
  talk(world, 'siteB');
  put(world, 'region', 'p2', allergy, { text: 'latex gloves' });
  put(world, 'region', 'p2', allergy, { text: 'latex, all' });
  talk(world, 'siteB');
  expect(brokenAtTheEnd(world)).toEqual({});
});

function wardIsTheLastToHave(world: World): void {
  const [site, ward] = [nodeNamed(world, 'siteA'), nodeNamed(world, 'ward')];
  const backup = copyOf(site.disk);
  put(world, 'siteA', 'p1', 'Observation/1', { text: 'potassium 6.9' });
  talk(world, 'region');
  put(world, 'ward', 'p1', 'Reason/p1-ward', { reason: { node: 'ward', active: false } });
  talk(world, 'region');
  restore(world, site, backup, false);
  world.clock += 10 * world.graceMs;
  housekeep(ward, world);
}

test('a ward that alone has what its hospital wrote and lost hands it back before the patient is purged there', () => {
  const world = newWorld();
  wardIsTheLastToHave(world);
  expect(brokenAtTheEnd(world)).toEqual({});
  expect(nodeNamed(world, 'region').disk.resources.has('Observation/1')).toBe(true);
  expect(nodeNamed(world, 'ward').disk.resources.has('Observation/1')).toBe(false);
  const without = newWorld({ asksBeforePurge: false });
  wardIsTheLastToHave(without);
  expect(brokenAtTheEnd(without)).toHaveProperty('I1');
});

test('who is purged above first is purged below without being sent up again', () => {
  const world = newWorld();
  put(world, 'siteA', 'p1', 'Reason/p1-siteA', { reason: { node: 'siteA', active: false } });
  put(world, 'siteA', 'p1', 'Reason/p1-ward', { reason: { node: 'ward', active: false } });
  const site = nodeNamed(world, 'siteA');
  talk(world, 'ward');
  world.clock += 10 * world.graceMs;
  talk(world, 'ward');
  expect(site.disk.holdings.get('p1')).toBeUndefined();
  const sent = site.disk.outbox.size;
  expect(brokenAtTheEnd(world)).toEqual({});
  expect([site.disk.outbox.size, nodeNamed(world, 'ward').disk.holdings.get('p1')]).toEqual([sent, undefined]);
});

test('a ward that was away while its hospital let a patient go hears, when it is back, that the stay went elsewhere', () => {
  const world = newWorld();
  put(world, 'siteA', 'p1', 'Reason/p1-siteA', { reason: { node: 'siteB', active: true } });
  put(world, 'siteA', 'p1', 'Reason/p1-ward', { reason: { node: 'siteB', active: true } });
  talk(world, 'ward');
  world.clock += 10 * world.graceMs;
  talk(world, 'ward');
  const site = nodeNamed(world, 'siteA');
  expect([...(site.disk.keysOfPatient.get('p1') ?? [])]).toContain('Reason/p1-ward');
  expect(site.disk.resources.has('Encounter/p1')).toBe(false);
  expect(brokenAtTheEnd(world)).toEqual({});
  expect(site.disk.resources.has('Reason/p1-ward')).toBe(false);
});
