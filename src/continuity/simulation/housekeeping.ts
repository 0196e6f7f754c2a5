/** What a simulated node does when nobody asks it: forgets, lets go, compares. */
import { createDraft } from '../protocol/draft.ts';
import { forgettable } from '../protocol/keeping.ts';
import type { Request } from '../protocol/messages.ts';
import { purgeUnasked } from '../protocol/purge.ts';
import { release } from '../protocol/receive.ts';
import { digestOf } from '../protocol/serve.ts';
import { leavingOf } from './leaving.ts';
import { keysOfUnit, persist, viewFrom, type SimulatedNode, type Surroundings } from './node.ts';

/** What a node does by its own clock: try again what was set aside, and let go of whom it need not ask about. */
export function housekeep(node: SimulatedNode, world: Surroundings): void {
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

/** What was sent long ago, when the node was just greeted: then it knows which epoch upstream is in, and has all sent again if it is another. */
export function forget({ disk }: SimulatedNode, world: Surroundings): void {
  const sent = [...disk.outbox.values()].map(({ operation, state, takenAt }) => ({
    operation: operation.id,
    state,
    takenAt,
  }));
  for (const operation of forgettable(sent, world.now(), world.rules)) disk.outbox.delete(operation);
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
