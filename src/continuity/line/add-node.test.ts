/** Nodes that are named at the same time, on PostgreSQL. */
import { expect, onTestFinished, test } from 'vitest';
import type { NodeFacts } from '../protocol/view.ts';
import { startNode } from '../node/nodes-for-test.ts';
import { addNode } from './add-node.ts';
import { putPlaces, readNodes } from './nodes-store.ts';

const region: NodeFacts = {
  name: 'region',
  writer: 'region',
  tier: 'region',
  upstream: undefined,
  subtree: new Set(['region']),
  children: [],
};

test('who is named while others are named, or while places are read, stays named', async () => {
  const { api } = await startNode(region, 'add_node');
  onTestFinished(() => api.close());
  await expect(addNode(api.record.db, 'region', { name: 'a', below: 'nobody', places: [] })).rejects.toThrow(
    /no node nobody/,
  );
  const names = ['a', 'b', 'c', 'd', 'e'];
  await Promise.all(names.map((name) => addNode(api.record.db, 'region', { name, below: 'region', places: [] })));
  const before = await readNodes(api.record.db);
  expect(before.map(({ name }) => name).sort()).toEqual([...names, 'region']);
  await addNode(api.record.db, 'region', { name: 'ward', below: 'a', places: [] });
  await putPlaces(
    api.record.db,
    before.map((node) => ({ ...node, places: [`Organization/${node.name}`] })),
  );
  const after = await readNodes(api.record.db);
  expect(after.find(({ name }) => name === 'ward')).toMatchObject({ tier: 'ward', above: 'a' });
  expect(after.find(({ name }) => name === 'b')?.places).toEqual(['Organization/b']);
});
