/** Nodes as they run, each with a record and a database of its own, for tests: they talk through the codec, and lines can be cut. */
import { systemClock } from '#kernel/clock.ts';
import { systemIds } from '#kernel/ids.ts';
import { newSession, type Session } from '../protocol/exchange.ts';
import type { Answer, Request } from '../protocol/messages.ts';
import type { NodeFacts } from '../protocol/view.ts';
import { decode, encode } from '../wire/codec.ts';
import { testApi, type TestApi } from '../../../test/support/fhir.ts';
import { ownDatabaseUrl } from '../../../test/support/database.ts';
import { createFhirVocabulary } from './fhir-vocabulary.ts';
import { protocols } from '../protocol/serve.ts';
import { createSyncNode, type SyncNode } from './sync-node.ts';

/** `ahead`: how far its clock is ahead, milliseconds, so that days can pass. `protocols`: those that it speaks, of an older program. */
export type NodeForTest = {
  facts: NodeFacts;
  api: TestApi;
  sync: SyncNode;
  session: Session;
  ahead: number;
  protocols: Spoken;
};

type Spoken = { oldest: number; newest: number };

/** A place of care lies at the node that its id begins with. */
const nodeOfPlace = (reference: string): string | undefined =>
  /^(?:Organization|Location)\/(site-[a-z]|ward-[a-z])-/.exec(reference)?.[1];

export async function startNode(
  facts: NodeFacts,
  databaseName: string,
  messageBytes = 16_000_000,
): Promise<NodeForTest> {
  const api = await testApi(
    { FYR_NODE: facts.name, FYR_REFERENCES: 'lenient' },
    await ownDatabaseUrl(`sync_${databaseName}_${facts.name.replace('-', '_')}`),
  );
  const { db, fhir } = api.record;
  const node = { ahead: 0, protocols: { ...protocols } as Spoken };
  const sync = createSyncNode({
    protocols: () => node.protocols,
    messageBytes,
    db,
    clock: { ...systemClock, now: () => systemClock.now() + node.ahead },
    ids: systemIds(systemClock),
    facts,
    vocabulary: createFhirVocabulary({ nodeOfPlace, region: () => 'region' }),
    extract: (resource) => fhir.context.search.extract(resource),
    onApplied: () => {},
  });
  return Object.assign(node, { facts, api, sync, session: newSession() });
}

/** One request and its answer, as bytes both ways. `loses`: the answer never comes, though what was asked was done. */
export async function exchange(lower: NodeForTest, upper: NodeForTest, loses = false): Promise<Answer | undefined> {
  const request = await lower.sync.ask(lower.session);
  if (!request) return undefined;
  const asked = (await decode(encode(request, 2))) as Request;
  const answer = (await decode(encode(await upper.sync.serve(lower.facts.name, asked), 2))) as Answer;
  if (loses) {
    lower.session = newSession();
    return undefined;
  }
  await lower.sync.take(lower.session, request, answer);
  return answer;
}

/** Talks until there is nothing left to say. */
export async function agree(lower: NodeForTest, upper: NodeForTest): Promise<number> {
  for (let requests = 1; requests < 5000; requests++) {
    const answer = await exchange(lower, upper);
    const isIdle = answer?.kind === 'page' && answer.spans.length === 0;
    if (isIdle && (await nothingIsLeft(lower))) return requests;
  }
  throw new Error('They did not come to an end.');
}

async function nothingIsLeft({ sync, session }: NodeForTest): Promise<boolean> {
  const next = [await sync.ask(session), await sync.ask(session), await sync.ask(session)];
  return next.every((request) => request?.kind === 'pull');
}
