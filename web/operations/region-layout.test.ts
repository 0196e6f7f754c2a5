import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { NodeSeen } from '#continuity/reports/contract.ts';
import { boxHeight, layOut, nodesOf, type MapNode } from './region-layout.ts';

const node = (name: string, above?: string): MapNode => ({
  name,
  tier: 'site',
  above,
  isHere: false,
  line: { kind: 'unseen' },
});

test('no two boxes lie on each other, and every node is there once, however the tree grows', () => {
  const trees = fc
    .array(fc.nat(20), { maxLength: 20 })
    .map((aboves) => [node('n0'), ...aboves.map((above, at) => node(`n${at + 1}`, `n${above % (at + 1)}`))]);
  fc.assert(
    fc.property(trees, fc.boolean(), (nodes, isNarrow) => {
      const { nodes: placed, edges, height, boxWidth } = layOut(nodes, isNarrow);
      expect(placed.map(({ name }) => name).toSorted()).toEqual(nodes.map(({ name }) => name).toSorted());
      expect(edges.length).toBe(nodes.length - 1);
      for (const a of placed)
        for (const b of placed) {
          const isApart = Math.abs(a.y - b.y) >= boxHeight || Math.abs(a.x - b.x) >= boxWidth;
          expect(a === b || isApart, `${a.name} ${b.name}`).toBe(true);
        }
      expect(Math.max(...placed.map(({ y }) => y)) + boxHeight).toBeLessThanOrEqual(height);
    }),
  );
});

test('a site tells of the line up with its lag and what waits, and of those below', () => {
  const above = {
    node: 'region',
    isConnected: false,
    lastHeard: 1000,
    currentAt: 500,
    backlog: 7,
    refused: undefined,
  };
  const below = [{ node: 'ward', tier: 'ward', isConnected: true, connectedSince: 1, lastHeard: 1900 }];
  const found = nodesOf({ node: 'central', tier: 'site', above, below }, 2000);
  expect(found.map(({ name, above: upper, line }) => [name, upper, line.kind])).toEqual([
    ['region', undefined, 'unseen'],
    ['central', 'region', 'cut'],
    ['ward', 'central', 'connected'],
  ]);
  expect(found[1]?.line).toEqual({ kind: 'cut', heard: 1000, lagMs: 1500, backlog: 7 });
});

test('a region tells of the wards of its sites what they told, with their lag, disk and line', () => {
  const below = [{ node: 'central', tier: 'site', isConnected: true, connectedSince: 1, lastHeard: 1900 }];
  const one = { alarms: [], isHere: false, at: 1000 };
  const seen: NodeSeen[] = [
    { ...one, name: 'region', tier: 'region', isHere: true, numbers: {} },
    { ...one, name: 'central', tier: 'site', above: 'region', numbers: { feedLagSeconds: 3, backlog: 2 } },
    { ...one, name: 'ward', tier: 'ward', above: 'central', numbers: {}, line: { isConnected: false, heard: 500 } },
    { ...one, name: 'new-ward', tier: 'ward', above: 'central', numbers: {} },
  ];
  const found = nodesOf({ node: 'region', tier: 'region', above: undefined, below }, 2000, seen);
  expect(found.map(({ name, above, line }) => [name, above, line.kind])).toEqual([
    ['region', undefined, 'unseen'],
    ['central', 'region', 'connected'],
    ['ward', 'central', 'cut'],
    ['new-ward', 'central', 'unseen'],
  ]);
  expect(found[1]?.line).toEqual({ kind: 'connected', heard: 1900, lagMs: 3000, backlog: 2 });
  expect(found[0]?.seen?.isHere).toBe(true);
});
