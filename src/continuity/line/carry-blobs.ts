/**
 * Documents and images over the line: each is copied to the node above, which reads it back before it says that it has it, and only then does it count as safe below.
 * What is damaged on either side is healed from the other: the lower one fetches, and looks what the upper one misses.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { Fault } from '#kernel/fault.ts';
import type { BlobPlace, KeptBlobs } from '../blobs/index.ts';
import type { SyncNode } from '../node/sync-node.ts';
import { isMember } from '../protocol/membership.ts';
import type { Child } from '../protocol/view.ts';
import { paths } from './contract.ts';
import type { Transport } from './transport.ts';

/** What of the node's blobs the line needs. */
export type LineBlobs = Pick<
  KeptBlobs,
  'put' | 'open' | 'has' | 'fileOf' | 'verify' | 'remove' | 'acknowledge' | 'lacking' | 'missing'
>;

const placeShape = z.strictObject({
  patient: z
    .string()
    .regex(/^[A-Za-z0-9.-]{1,64}$/)
    .optional(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});
const missingShape = z.strictObject({ blobs: z.array(placeShape).max(1000) });

/** The header that says which blob it is: the place as JSON. It is of a patient, so it stands in no address. */
export const placeHeader = 'fyr-blob';
const missingMost = 100;

export function placeIn(header: string | string[] | undefined): BlobPlace {
  try {
    const { patient, sha256 } = placeShape.parse(JSON.parse(String(header ?? '')));
    return { patient, sha256 };
  } catch (error) {
    throw new Fault('invalid', `The header ${placeHeader} does not say which blob.`, { cause: error });
  }
}

type Below = { blobs: LineBlobs; sync: Pick<SyncNode, 'change'>; child: Child };

/** A blob of a patient whom the child has no reason to hold is not its business, neither to have nor to send. */
async function mustHold({ sync, child }: Below, { patient }: BlobPlace): Promise<void> {
  if (patient === undefined) return;
  let isHeld = false;
  await sync.change([patient], (view) => {
    isHeld = isMember(view, patient, child.subtree);
    return [];
  });
  if (!isHeld) throw new Fault('forbidden', `${child.name} has no reason to hold this patient.`);
}

/** Kept, and read back before it is acknowledged. Faults: forbidden; invalid, where it is not what it is called; full. */
export async function takeBlob(below: Below, place: BlobPlace, content: IncomingMessage): Promise<void> {
  const { blobs, child } = below;
  await mustHold(below, place);
  const address = await blobs.put(place.patient, content);
  if (address.sha256 !== place.sha256) {
    await blobs.remove(place.patient, address.sha256);
    throw new Fault('invalid', 'The content is not what it is called.');
  }
  const file = await blobs.fileOf(place.patient, place.sha256);
  if (file === undefined || (await blobs.verify(file)) !== 'good')
    throw new Fault('unavailable', 'The content does not read back as it was written.');
  await blobs.acknowledge(place.patient, place.sha256, child.name);
}

/** Faults: forbidden; notFound. */
export async function giveBlob(below: Below, place: BlobPlace, response: ServerResponse): Promise<void> {
  await mustHold(below, place);
  const content = await below.blobs.open(place.patient, place.sha256);
  response.writeHead(200, { 'content-type': 'application/octet-stream', 'cache-control': 'no-store' });
  await pipeline(content, response);
}

/** What this node knows of and has no good copy of, that the child may have. */
export async function missingFor(below: Below): Promise<z.output<typeof missingShape>> {
  const found: BlobPlace[] = [];
  for (const { patient, sha256, copies } of await below.blobs.missing(missingMost))
    if (copies.includes(below.child.name)) found.push({ patient, sha256 });
  return { blobs: found.map(({ patient, sha256 }) => (patient === undefined ? { sha256 } : { patient, sha256 })) };
}

export type SendingBlobs = {
  blobs: LineBlobs;
  /** The name of the node above. */
  above: string;
  transport: Pick<Transport, 'ask' | 'put'>;
  /** Those that the node above does not take, until then: milliseconds since 1970. */
  refused: Map<string, number>;
  now: number;
  signal: AbortSignal;
};

const atOnce = 50;
const refusedForMs = 3_600_000;

/** Sends what the node above misses, then what it has never had. Gives how many went. */
export async function sendBlobs(sending: SendingBlobs): Promise<number> {
  const { blobs, above, transport, refused, now, signal } = sending;
  const { blobs: missing } = missingShape.parse(
    JSON.parse(await transport.ask('GET', paths.blobsMissing, undefined, signal)),
  );
  let sent = 0;
  for (const { patient, sha256 } of missing)
    if (await blobs.has(patient, sha256)) sent += await sendOne(sending, { patient, sha256 });
  for (const [sha256, until] of refused) if (until <= now) refused.delete(sha256);
  for (const { patient, sha256 } of await blobs.lacking(above, atOnce + refused.size)) {
    signal.throwIfAborted();
    if (!refused.has(sha256)) sent += await sendOne(sending, { patient, sha256 });
  }
  return sent;
}

async function sendOne(
  { blobs, above, transport, refused, now, signal }: SendingBlobs,
  place: BlobPlace,
): Promise<number> {
  const { patient, sha256 } = place;
  try {
    const header = JSON.stringify(patient === undefined ? { sha256 } : { patient, sha256 });
    await transport.put(paths.blob, { [placeHeader]: header }, await blobs.open(patient, sha256), signal);
  } catch (error) {
    if (!(error instanceof Fault) || !['forbidden', 'invalid'].includes(error.kind)) throw error;
    refused.set(sha256, now + refusedForMs);
    return 0;
  }
  await blobs.acknowledge(patient, sha256, above);
  return 1;
}

/** The node above's copy; undefined: it has none for us. What comes is checked by whoever keeps it. */
export async function fetchBlob(
  transport: Pick<Transport, 'fetch'>,
  { patient, sha256 }: BlobPlace,
  signal: AbortSignal,
): Promise<AsyncIterable<Uint8Array> | undefined> {
  const header = JSON.stringify(patient === undefined ? { sha256 } : { patient, sha256 });
  try {
    return await transport.fetch(paths.blob, { [placeHeader]: header }, signal);
  } catch (error) {
    if (error instanceof Fault && (error.kind === 'notFound' || error.kind === 'forbidden')) return undefined;
    throw error;
  }
}
