/** What a simulated node does when nobody asks it: forgets, purges, compares. */
import { createDraft } from '../protocol/draft.ts';
import { forgettable } from '../protocol/keeping.ts';
import type { Request } from '../protocol/messages.ts';
import { purgeUnasked } from '../protocol/purge.ts';
import { release } from '../protocol/receive.ts';
import { digestOf } from '../protocol/serve.ts';
import { leavingOf } from './leaving.ts';
import { keysOfUnit, persist, viewFrom, type SimulatedNode, type Surroundings } from './node.ts';

/** What a node does by its own clock: forget what it sent long ago, and try again what was set aside. */
export function housekeep(node: SimulatedNode, world: Surroundings): void {
  forget(node, world);
  for (const [unit, { state }] of node.disk.holdings) {
    if (state !== 'leaving' || world.rules.asksBeforePurge) continue;
    const draft = createDraft(viewFrom(node, world));
    purgeUnasked(draft, leavingOf(node, unit), world.graceMs, world.rules);
    persist(node, draft.effects, world);
  }
  for (const { operation } of node.disk.setAside.values()) {
    const released = release(viewFrom(node, world), operation, world.rules);
    if (released) persist(node, released.effects, world);
  }
}

function forget({ disk, session, facts }: SimulatedNode, world: Surroundings): void {
  const upstreamNow = session.isWelcome && facts.upstream !== undefined ? world.now() : undefined;
  const sent = [...disk.outbox.values()].map(({ operation, state, takenAt }) => ({
    operation: operation.id,
    state,
    takenAt,
  }));
  for (const operation of forgettable(sent, upstreamNow, world.rules)) disk.outbox.delete(operation);
}

/** What a node compares with its upstream, after an outage and every night. */
export function compareRequest(node: SimulatedNode, world: Surroundings): Request {
  const view = viewFrom(node, world);
  const whole = [...node.disk.holdings]
    .filter(([, { state, isStuck }]) => state === 'whole' || isStuck)
    .map(([unit]) => unit);
  const digests = new Map(whole.map((unit) => [unit, digestOf(view, keysOfUnit(node, view, unit, node.facts))]));
  return { kind: 'compare', token: node.disk.line.contact.confirmed, digests };
}
