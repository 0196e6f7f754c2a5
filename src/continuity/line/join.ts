/** How a new node becomes one of the region: it makes sure of the region by the code, gets its certificate, then takes in what it is to hold. */
import { X509Certificate } from 'node:crypto';
import type { RequestOptions } from 'node:https';
import { setTimeout as delay } from 'node:timers/promises';
import type { PeerCertificate } from 'node:tls';
import { Fault } from '#kernel/fault.ts';
import { makeRequest, writeIdentity } from '#trust/authority/index.ts';
import { readEnrolmentCode } from '#trust/authority/enrolment-code.ts';
import { readIdentity } from '#trust/authority/mutual-tls.ts';
import { authorityShape, enrolledShape, paths, type Enrolled } from './contract.ts';
import { createLower } from './lower.ts';
import { keepPeer } from './peers.ts';
import { createGate } from './gate.ts';
import { identityFolder } from './identity-folder.ts';
import type { LineDeps } from './open.ts';
import { openParts } from './parts.ts';
import { keepNodes } from './first-nodes.ts';
import { send, textOf } from './transport.ts';

const limitMs = 30_000;

/**
 * Gets this node its certificate, and keeps it in `folder`. The key is made here and never leaves.
 * Faults: invalid, for what is no code or another region's; forbidden, for a code that was used or is too old; conflict, for a code of another node.
 */
export async function enrolNode(url: string, code: string, node: string, folder: string): Promise<Enrolled> {
  const read = readEnrolmentCode(code);
  if (read === undefined)
    throw new Fault('invalid', 'This is no code of fyr node add or fyr ca code: look for a wrong letter.');
  const { hostname, port } = new URL(url);
  const place: RequestOptions = { host: hostname.replace(/^\[|\]$/g, ''), port, timeout: limitMs, agent: false };
  // Nothing is believed of this answer but what the code proves.
  const told = await ask({ ...place, path: paths.authority, rejectUnauthorized: false }, undefined);
  const { certificate, node: above } = authorityShape.parse(told);
  if (!fits(read.fits, certificate))
    throw new Fault('invalid', `The node at ${url} is not of the region that the code is for.`);
  const { key, request } = await makeRequest(node);
  const trusting: RequestOptions = { ...place, ca: certificate, servername: above, checkServerIdentity: isNode(above) };
  const enrolled = enrolledShape.parse(
    await ask({ ...trusting, method: 'POST', path: paths.enrol }, { code, request }),
  );
  if (enrolled.node !== node) {
    throw new Fault(
      'conflict',
      `The code is for the node ${enrolled.node}, and this one is ${node} (FYR_NODE). It is used up: ask for another.`,
    );
  }
  const { authority, revocationList } = enrolled;
  // First, so that whoever has a certificate knows who is above.
  keepNodes(folder, enrolled.nodes);
  writeIdentity(folder, { certificate: enrolled.certificate, key, authority, revocationList });
  return enrolled;
}

function fits(proves: (certificate: string) => boolean, certificate: string): boolean {
  try {
    return new X509Certificate(certificate).ca && proves(certificate);
  } catch {
    return false;
  }
}

const isNode =
  (name: string) =>
  (_host: string, { subjectaltname }: PeerCertificate): Error | undefined =>
    subjectaltname?.split(', ').includes(`URI:urn:fyr:node:${name}`)
      ? undefined
      : new Error(`the certificate there is not that of ${name}`);

async function ask(options: RequestOptions, body: object | undefined): Promise<unknown> {
  const text = body === undefined ? undefined : JSON.stringify(body);
  const headers = text === undefined ? {} : { 'content-type': 'application/json' };
  const response = await send({ ...options, headers }, text);
  const answer = await textOf(response);
  if (response.statusCode === 200) return JSON.parse(answer);
  const kind = response.statusCode === 403 ? 'forbidden' : 'unavailable';
  throw new Fault(kind, `The node above refuses: ${problemIn(answer)}`);
}

function problemIn(answer: string): string {
  try {
    return String((JSON.parse(answer) as { problem: unknown }).problem);
  } catch {
    return answer.slice(0, 200);
  }
}

export type FillProgress = { whole: number; filling: number };

/** Takes in all that this node is to hold, as far as it is not here yet. Cut off at any moment, it goes on where it was. */
export async function fillNode(
  deps: Omit<LineDeps, 'authorityPassphrase' | 'randomness'>,
  progress: (told: FillProgress) => void,
  signal: AbortSignal,
): Promise<'complete' | 'interrupted'> {
  const { config, db, clock, ids, report } = deps;
  const identity = readIdentity(identityFolder(config));
  const { upstream: url } = config.line;
  const { map, sync, wake, tellNodes } = await openParts(deps);
  const above = map.facts.upstream;
  if (
    identity === undefined ||
    url === undefined ||
    above === undefined ||
    !map.all().some(({ name }) => name === above)
  )
    throw new Fault('notFound', 'This node has not joined yet.');
  const met = (name: string, certificate: string): void => keepPeer(identityFolder(config), name, certificate);
  const lower = createLower(
    { db, clock, ids, sync, url, node: above, wake, tellNodes, gate: createGate(), met, report },
    identity,
  );
  lower.start();
  try {
    while (!signal.aborted) {
      const line = await lower.line();
      progress(line);
      if (line.refused !== undefined) throw new Fault('forbidden', line.problem ?? 'The node above refuses this one.');
      if (line.isConnected && line.currentAt !== undefined && line.filling === 0) return 'complete';
      await delay(progressEveryMs);
    }
    return 'interrupted';
  } finally {
    await lower.stop();
  }
}

const progressEveryMs = 250;
