/** What is uploaded within a resource: each Attachment and Binary is what it says it is (R4 datatypes.html#Attachment, binary.html). */
import { contentProblem } from '#kernel/content-type.ts';
import { Fault } from '#kernel/fault.ts';

/** Faults: unprocessable, for content of another kind than its `contentType`, and for programs. */
export async function checkHeldContent(body: unknown, sent: Buffer): Promise<void> {
  // Most bodies hold none, and need no walk.
  if (!sent.includes('contentType')) return;
  for (const { contentType, data } of heldContents(body)) {
    const problem = await contentProblem(contentType, Buffer.from(data, 'base64'));
    if (problem !== undefined) throw new Fault('unprocessable', problem);
  }
}

/** The same for a Binary that comes as its bytes. */
export async function checkBytes(contentType: string | undefined, bytes: Buffer): Promise<void> {
  const problem = await contentProblem(contentType, bytes);
  if (problem !== undefined) throw new Fault('unprocessable', problem);
}

function* heldContents(value: unknown): Generator<{ contentType: string; data: string }> {
  if (typeof value !== 'object' || value === null) return;
  const { contentType, data } = value as { contentType?: unknown; data?: unknown };
  if (typeof contentType === 'string' && typeof data === 'string') yield { contentType, data };
  for (const one of Object.values(value)) yield* heldContents(one);
}
