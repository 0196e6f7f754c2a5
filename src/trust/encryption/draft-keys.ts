/**
 * The keys by which a browser keeps what somebody began to write. They are made from the node keys and the person, so there is nothing to store or
 * lose: who signs in again gets the same, and what lies in the browser says nothing to anybody else.
 */
import { hkdfSync } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { Fault } from '#kernel/fault.ts';
import type { HttpServer } from '#kernel/http.ts';
import type { Caller } from '../caller.ts';
import type { DraftKeys } from './contract.ts';
import type { Keyring } from './keyring.ts';
import type { SealingKey } from './sealed-stream.ts';

export type DraftKeyDeps = {
  require(request: FastifyRequest): Promise<Caller>;
  keyring: Pick<Keyring, 'keys'>;
};

/** `GET /api/session/draft-keys`, for people in our own pages. Faults: unauthenticated; forbidden, for applications and systems. */
export function registerDraftKeys(server: HttpServer, { require, keyring }: DraftKeyDeps): void {
  server.get('/api/session/draft-keys', async (request, reply) => {
    const { subject } = await require(request);
    if ((subject.kind !== 'citizen' && subject.kind !== 'personnel') || subject.scopes !== undefined)
      throw new Fault('forbidden', 'These keys are for the pages of this node.', { reason: 'pages-only' });
    const person = subject.kind === 'citizen' ? `Patient/${subject.patient}` : `Practitioner/${subject.practitioner}`;
    const answer: DraftKeys = { keys: draftKeysOf(keyring.keys(), person) };
    return reply.type('application/json; charset=utf-8').header('cache-control', 'no-store').send(answer);
  });
}

/** RFC 5869, with SHA-256: 32 bytes for each node key, the current one first. @param person reference of the patient or practitioner */
export function draftKeysOf(nodeKeys: readonly SealingKey[], person: string): DraftKeys['keys'] {
  return nodeKeys.map(({ id, key }) => {
    const made = hkdfSync('sha256', key, Buffer.alloc(0), `fyr-draft-key-1 ${person}`, 32);
    return { id, key: Buffer.from(made).toString('base64') };
  });
}
