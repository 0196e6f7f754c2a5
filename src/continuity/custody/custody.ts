/** Who writes a stay: told, passed, seized at the bedside, given back. Each step is a version in the patient's record and an entry in the access log. */
import { Fault } from '#kernel/fault.ts';
import type { Clock } from '#kernel/clock.ts';
import { parseJson, writeJson } from '#fhir/json/index.ts';
import type { FhirContext, Grant } from '#fhir/index.ts';
import { readCurrent } from '#fhir/record/reading.ts';
import type { Resource } from '#fhir/types.ts';
import { taskOfVersion } from '../conflicts/tasks.ts';
import { knownVersions, type KnownVersion } from '../node/known-versions.ts';
import type { SyncNode } from '../node/sync-node.ts';
import type { CustodyRequest, CustodyShown, CustodyStep } from './contract.ts';
import { actsAt, custodyIdOf, custodyIn, custodyResource, type Custody } from './custody-resource.ts';

export type CustodyDeps = {
  context: Pick<FhirContext, 'db' | 'search'>;
  clock: Clock;
  /** The name of this node. */
  node: string;
  /** Undefined at a node that stands alone. */
  sync: Pick<SyncNode, 'write' | 'seal'> | undefined;
  /** The names of all nodes of the region. */
  nodes(): readonly string[];
};

export type Acting = { by: CustodyStep['by']; grant: Grant };

type Standing = {
  patient: string;
  heads: readonly KnownVersion[];
  custody: Custody | undefined;
  history: readonly CustodyStep[];
};

/** Faults: notFound for an encounter that the caller may not know of. */
export async function readCustody(deps: CustodyDeps, grant: Grant, encounter: string): Promise<CustodyShown> {
  return shown(deps, encounter, await standingOf(deps, grant, encounter));
}

/** Faults: notFound; conflict where the act is not possible now; invalid for a node that there is none of; forbidden as for any change of the record. */
export async function changeCustody(
  deps: CustodyDeps,
  { by, grant }: Acting,
  encounter: string,
  request: CustodyRequest,
): Promise<CustodyShown> {
  const { sync, clock } = deps;
  if (sync === undefined) throw new Fault('conflict', 'This node stands alone: nobody else writes here.');
  await sync.seal();
  const standing = await standingOf(deps, grant, encounter);
  const step = nextStep(deps, standing, request, { by, at: new Date(clock.now()).toISOString() });
  const { patient, heads } = standing;
  const resource = custodyResource(patient, encounter, step);
  const [before] = heads;
  await grant.allowWrites([
    {
      interaction: before === undefined ? 'create' : 'update',
      type: 'Basic',
      id: resource.id as string,
      patient,
      resource,
      before:
        before?.content == null
          ? undefined
          : { patient, resource: () => parseJson(before.content as string) as Resource },
    },
  ]);
  const written = await sync.write([
    {
      resource: `Basic/${resource.id}`,
      type: 'Basic',
      patient,
      content: writeJson(resource),
      parents: heads.map(({ versionId }) => versionId),
    },
  ]);
  if ('kind' in written) throw new Fault('conflict', written.words, { reason: 'custody' });
  return shown(deps, encounter, await standingOf(deps, grant, encounter));
}

async function standingOf({ context }: CustodyDeps, grant: Grant, encounter: string): Promise<Standing> {
  const found = await readCurrent({ ...context, grant }, 'Encounter', encounter);
  const patient = found?.patient ?? undefined;
  if (found?.content == null || patient === undefined)
    throw new Fault('notFound', 'There is no such encounter of a patient here.');
  const known = await knownVersions(context.db, 'Basic', custodyIdOf(encounter));
  const heads = known.filter(({ isHead }) => isHead).sort((a, b) => Number(b.isCurrent) - Number(a.isCurrent));
  const steps = known.toReversed().flatMap(({ content }) => stepsIn(content));
  const current = heads[0]?.content;
  return {
    patient,
    heads,
    custody: current == null ? undefined : custodyIn(parseJson(current) as Resource),
    history: steps,
  };
}

function stepsIn(content: string | null | undefined): CustodyStep[] {
  const custody = content == null ? undefined : custodyIn(parseJson(content) as Resource);
  return custody === undefined ? [] : [custody.step];
}

function nextStep(
  deps: CustodyDeps,
  { custody, heads }: Standing,
  { act, to, reason }: CustodyRequest,
  { by, at }: Pick<CustodyStep, 'by' | 'at'>,
): CustodyStep {
  const { node: here } = deps;
  if (heads.length > 1)
    throw new Fault('conflict', 'Two nodes hold this stay. Decide which of them goes on, as for any conflict.', {
      reason: 'custody-conflict',
    });
  if (!actsAt(here, custody).includes(act)) throw new Fault('conflict', whyNot(here, custody), { reason: 'custody' });
  const before = custody?.step;
  const holder = act === 'pass' ? (to as string) : act === 'return' ? (before?.from as string) : here;
  if (!deps.nodes().includes(holder)) throw new Fault('invalid', `There is no node ${holder} in this region.`);
  if (act === 'pass' && holder === here) throw new Fault('invalid', 'This node has it already.');
  return { act, holder, from: before?.holder, at, by, reason };
}

function whyNot(here: string, custody: Custody | undefined): string {
  if (custody === undefined) return 'Nobody was named to write this stay: take it first.';
  const { holder, from } = custody.step;
  if (holder !== here) return heldElsewhere(custody);
  return from === undefined ? 'This node has it, and nobody had it before.' : 'This node has it already.';
}

/** What is told to who would write a stay that another node writes. */
export function heldElsewhere({ encounter, step, isSeized }: Custody): string {
  const { holder, at, by } = step;
  const how = isSeized ? 'seized at the bedside' : 'taken';
  const act = `POST /api/continuity/encounters/${encounter}/custody`;
  return (
    `The node ${holder} writes this stay: ${how} ${at} by ${by.name}. Ask them there to pass it on. ` +
    `Where they can't be reached and the patient is here, seize it, with the reason: ${act} {"act":"seize","reason":"…"}.`
  );
}

function shown(deps: CustodyDeps, encounter: string, { custody, heads, history }: Standing): CustodyShown {
  const { node: here } = deps;
  const holder = custody?.step.holder;
  const beside = heads.find(({ isCurrent }) => !isCurrent);
  return {
    encounter,
    holder,
    here,
    mayWriteHere: holder === undefined || holder === here,
    isSeized: custody?.isSeized === true,
    last: custody?.step,
    acts: deps.sync === undefined || heads.length > 1 ? [] : actsAt(here, custody),
    nodes: deps.nodes().filter((name) => name !== here),
    conflict:
      beside === undefined
        ? undefined
        : taskOfVersion(`Basic/${custodyIdOf(encounter)}`, beside.versionId).slice('Task/'.length),
    history,
  };
}
