/**
 * What may happen once, asked of every change that people and programs bring: refused where it was done, as far as this node knows, and where another node
 * decides. Two who do it at one node at the same time are told apart by a row that only one of them gets.
 */
import type { Clock } from '#kernel/clock.ts';
import type { Db } from '#kernel/db.ts';
import { Fault } from '#kernel/fault.ts';
import type { WriteFacts } from '#fhir/index.ts';
import { parseJson } from '#fhir/json/index.ts';
import { findMany } from '#fhir/record/store.ts';
import { readNodes } from '../line/nodes-store.ts';
import type { RegionNode } from '../line/nodes.ts';
import { claimOf, claimTypes, type ClaimOptions } from '../node/claims.ts';
import { readClaims, reserveClaim, takeOver } from '../node/claim-store.ts';
import { keysOf, type Claim } from '../protocol/vocabulary.ts';

export type ClaimGuardDeps = { db: Db; node: string; clock: Clock };

/** How long somebody who has taken a key may need to write what takes it. */
const underWayMs = 60_000;

/** Resolves where all may be written here. Faults: conflict, with the reason `taken-already` or `decided-elsewhere` and what to do instead. */
export async function refuseWhatIsTaken(deps: ClaimGuardDeps, changes: readonly WriteFacts[]): Promise<void> {
  const concerned = changes.filter(({ type, resource }) => resource !== undefined && claimTypes.includes(type));
  if (concerned.length === 0) return;
  const options = optionsOf(await readNodes(deps.db));
  for (const { type, id, resource } of concerned) {
    const claim = claimOf(type, resource as object as { [element: string]: unknown }, options);
    if (claim?.status !== 'effective') continue;
    const isDose = type === 'MedicationAdministration';
    // A dose that was given twice was given twice: who says so is heard, and an alert follows.
    if (!isDose) refuseElsewhere(deps, claim);
    if (isDose && claim.isEmergency) continue;
    // In one order for all, so that two who want several do not each get some.
    const keys = [...keysOf(claim)].sort();
    // Looked at before any of them is reserved: who is refused one keeps nobody from the others.
    if (keys.length > 1) for (const key of keys) await refuseHeld(deps, key, `${type}/${id}`, options);
    for (const key of keys) await refuseTaken(deps, key, `${type}/${id}`, options);
  }
}

function optionsOf(nodes: readonly RegionNode[]): ClaimOptions {
  const byPlace = new Map(nodes.flatMap(({ name, places }) => places.map((place) => [place, name] as const)));
  const region = nodes.find(({ tier }) => tier === 'region')?.name;
  return { nodeOfPlace: (place) => byPlace.get(place), region: () => region };
}

function refuseElsewhere({ node }: ClaimGuardDeps, { home, isEmergency }: Claim): void {
  if (home === '' || home === node || isEmergency) return;
  throw new Fault(
    'conflict',
    `${home} decides this. Ask it, with the tag claim-request; when it can't be reached, record what is done with the tag emergency.`,
    { reason: 'decided-elsewhere' },
  );
}

const taken = (): Fault =>
  new Fault('conflict', 'This may be done once, and has been done.', { reason: 'taken-already' });

async function refuseHeld({ db }: ClaimGuardDeps, key: string, resource: string, options: ClaimOptions): Promise<void> {
  const others = (await readClaims(db, key)).filter((other) => other !== resource);
  const found = others.length === 0 ? [] : await findMany(db, others.map(keyOf));
  if (found.some(({ type, content }) => content !== null && isHeld(type, content, key, options))) throw taken();
}

async function refuseTaken(
  { db, clock }: ClaimGuardDeps,
  key: string,
  resource: string,
  options: ClaimOptions,
): Promise<void> {
  const now = clock.now();
  const reserved = await reserveClaim(db, key, resource, now, now - underWayMs);
  const others = new Set([...(await readClaims(db, key)), reserved].filter((other) => other !== resource));
  if (others.size === 0) return;
  const found = await findMany(db, [...others].map(keyOf));
  const isTaken =
    found.some(({ type, content }) => content !== null && isHeld(type, content, key, options)) ||
    // It is being written, or was refused a moment ago.
    (reserved !== resource && !found.some(({ type, id }) => `${type}/${id}` === reserved));
  if (isTaken || (reserved !== resource && !(await takeOver(db, { key, from: reserved, to: resource }, now))))
    throw taken();
}

function isHeld(type: string, content: string, key: string, options: ClaimOptions): boolean {
  const claim = claimOf(type, parseJson(content) as { [element: string]: unknown }, options);
  return claim?.status === 'effective' && keysOf(claim).includes(key);
}

function keyOf(resource: string): { type: string; id: string } {
  const at = resource.indexOf('/');
  return { type: resource.slice(0, at), id: resource.slice(at + 1) };
}
