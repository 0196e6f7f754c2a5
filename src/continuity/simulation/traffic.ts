/** Messages on their way: asked, lost, doubled, late, in another order. */
import { mayVouch } from '../protocol/exchange.ts';
import { isWholeHere, mayFill } from '../protocol/serve.ts';
import { createDraft } from '../protocol/draft.ts';
import { compareRequest, forget } from './housekeeping.ts';
import { leavingNext } from './leaving.ts';
import { ask, serve, takeAnswer, viewFrom, type SimulatedNode } from './node.ts';
import type { Request } from '../protocol/messages.ts';
import type { Random } from './random.ts';
import { lineOf, nodeNamed, type Message, type World } from './world.ts';

const patienceTurns = 4;

/** A node's turn: ask what comes next, or give up waiting. */
export function takeTurn(world: World, node: SimulatedNode): void {
  if (!node.isUp) return;
  if (node.pending) {
    if (++node.pending.waited <= patienceTurns) return;
    node.pending = undefined;
  }
  const request = ask(node, world);
  if (request) send(world, node, request);
}

/** After an outage and every night: compares what is whole, so that equality is proven and not assumed. */
export function compare(world: World, node: SimulatedNode): void {
  if (node.isUp && node.session.isWelcome && !node.pending) send(world, node, compareRequest(node, world));
}

function send(world: World, node: SimulatedNode, request: Request): void {
  const id = ++world.serial;
  node.pending = { id, request, waited: 0 };
  const to = node.facts.upstream as string;
  world.messages.push({ kind: 'request', id, from: node.instance, to, request });
}

/** One message arrives, or doesn't. */
export function deliver(world: World, random: Random, which: number): void {
  const message = world.messages[which];
  if (!message) return;
  const line = lineOf(world, message.kind === 'request' ? message.from : message.to);
  if (!random.chance(line.duplication)) world.messages.splice(which, 1);
  const isLost =
    line.isCut || (message.kind === 'request' ? line.losesRequests : line.losesAnswers) || random.chance(line.loss);
  if (isLost) return;
  if (message.kind === 'request') deliverRequest(world, message);
  else deliverAnswer(world, message);
}

function deliverRequest(world: World, message: Extract<Message, { kind: 'request' }>): void {
  const upstream = nodeNamed(world, message.to);
  const from = world.nodes.find(({ instance }) => instance === message.from);
  if (!upstream.isUp || !from) return;
  const answer = serve(upstream, from.facts.name, message.request, world);
  const { id, request } = message;
  world.messages.push({ kind: 'answer', id, from: upstream.instance, to: message.from, request, answer });
}

function deliverAnswer(world: World, message: Extract<Message, { kind: 'answer' }>): void {
  const node = world.nodes.find(({ instance }) => instance === message.to);
  if (!node?.isUp || node.pending?.id !== message.id) return;
  node.pending = undefined;
  takeAnswer(node, message.request, message.answer, world);
  if (message.answer.kind === 'welcome' || world.faulty.forgetsWhenAnswered) forget(node, world);
}

/** True when nobody has anything left to say or to ask for. */
export function isQuiet(world: World): boolean {
  return world.messages.length === 0 && world.nodes.every((node) => isUpToDate(world, node));
}

export function isUpToDate(world: World, node: SimulatedNode): boolean {
  if (node.facts.upstream === undefined) return true;
  const upstream = nodeNamed(world, node.facts.upstream);
  const { disk, session } = node;
  // A refused copy has said all when it has handed over what it has.
  if (session.refused === 'copy') return disk.waiting.size === 0;
  if (!session.isWelcome || disk.line.epoch !== upstream.disk.epoch) return false;
  if (disk.waiting.size > 0) return false;
  for (const [unit, { state, isStuck }] of disk.holdings)
    if (state === 'filling' && !isStuck && (!session.denied.has(unit) || isGiven(world, upstream, node, unit)))
      return false;
  if (mayVouch(session) && leavingNext(node, world).leaving !== undefined) return false;
  if (upstream.disk.feed.some((entries, bucket) => (disk.line.cursor.get(bucket) ?? 0) !== entries.length))
    return false;
  return !isWaitedFor(upstream) || hasToldCursor(upstream, node);
}

/** Whether the node keeps something until those below have heard of it. */
function isWaitedFor({ disk }: SimulatedNode): boolean {
  for (const { state } of disk.holdings.values()) if (state === 'leaving') return true;
  return false;
}

/** What it has read, a node tells when it asks next. */
function hasToldCursor(upstream: SimulatedNode, { facts, disk }: SimulatedNode): boolean {
  const told = upstream.readBelow.get(facts.name);
  return told !== undefined && [...disk.line.cursor].every(([bucket, n]) => told.get(bucket) === n);
}

/** Whether upstream would give it whole by now, though it did not when it was asked. */
function isGiven(world: World, upstream: SimulatedNode, node: SimulatedNode, unit: string): boolean {
  const child = upstream.facts.children.find(({ name }) => name === node.facts.name);
  const view = viewFrom(upstream, world);
  return child !== undefined && mayFill(view, child, unit) && isWholeHere(view, child, unit);
}

export function draftAt(world: World, node: SimulatedNode): ReturnType<typeof createDraft> {
  return createDraft(viewFrom(node, world));
}
