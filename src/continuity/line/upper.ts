/** The upper side of a line: a port of its own, where nodes below ask. Only nodes of the region are answered, but for enrolling. */
import { X509Certificate } from 'node:crypto';
import { createServer, type Server } from 'node:https';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream/promises';
import type { TLSSocket } from 'node:tls';
import type { z } from 'zod';
import type { Clock } from '#kernel/clock.ts';
import { Fault } from '#kernel/fault.ts';
import type { LogCopies } from '#trust/access-log/index.ts';
import { mutualTlsOptions, nodeOf, type NodeIdentity } from '#trust/authority/mutual-tls.ts';
import type { SyncNode } from '../node/sync-node.ts';
import type { Answer, Request } from '../protocol/messages.ts';
import { protocols } from '../protocol/serve.ts';
import type { Child } from '../protocol/view.ts';
import { decode, encode } from '../wire/codec.ts';
import { beatLine, newsLine, type Beyond } from './beat.ts';
import { giveBlob, missingFor, placeHeader, placeIn, takeBlob, type LineBlobs } from './carry-blobs.ts';
import { beatMs, enrolShape, mediaType, paths, protocolHeader, renewShape, type LowerLine } from './contract.ts';
import type { Enrolment } from './enrolment.ts';
import { healBelow, healBytesMax, healPath, healShape, type HealDeps } from '../damage/index.ts';
import { logBytesMax, logShape, takeLog } from './carry-log.ts';
import { reportBytesMax, reportPath, reportShape, takeReport } from './carry-reports.ts';
import type { Reports } from '../reports/reports.ts';
import type { LineGate } from './gate.ts';
import type { NodeMap } from './nodes.ts';
import { pemOf } from './peers.ts';
import { textOf } from './transport.ts';
import type { Wake } from './wake.ts';

export type UpperDeps = {
  host: string;
  port: number;
  map: NodeMap;
  sync: Pick<SyncNode, 'serve' | 'change'>;
  /** Documents and images; undefined: this node keeps none. */
  blobs?: LineBlobs | undefined;
  /** The record, for what either side has damaged. */
  damage: HealDeps;
  enrolment: Enrolment;
  /** Rings when there may be something new for those below. */
  wake: Wake;
  clock: Clock;
  /** Keeps the certificate of a node that was met. */
  met(node: string, certificate: string): void;
  /** No room on the disk: nothing is taken in now. */
  isShort?(): boolean;
  /** How our own line upwards stands, and what rings when that changes; undefined: nobody is above us. */
  beyond: { told(): Beyond; changed: Wake } | undefined;
  /** Where logs of nodes below are copied to; undefined: nowhere. */
  copies?: LogCopies | undefined;
  /** How the nodes below are; undefined: they are not asked. */
  reports?: Reports | undefined;
  /** Cuts this side of the lines for a drill. */
  gate: LineGate;
  report(event: string, error: unknown): void;
};

export type Upper = {
  port: number;
  lines(): LowerLine[];
  /** Takes a renewed identity or list. Those connected come again, and are looked at anew. */
  renew(identity: NodeIdentity): void;
  stop(): Promise<void>;
};

type Contact = { connectedSince: number | undefined; lastHeard: number; streams: number; isAsking: boolean };

const smallBytesMax = 16_384;
/** A large image over a slow line takes its time. */
const requestMs = 900_000;
const headerBytesMax = 16_384;

const errorStatus = 500;

/** Opens the port. Faults: unavailable, where it is taken. */
export async function openUpper(deps: UpperDeps, identity: NodeIdentity): Promise<Upper> {
  const contacts = new Map<string, Contact>();
  // Who enrols has no certificate yet: who is there is asked where it counts (`nodeOf`), which refuses one that is revoked, expired or foreign.
  const server = createServer(
    {
      ...serverTls(identity),
      maxHeaderSize: headerBytesMax,
      requestTimeout: requestMs,
      headersTimeout: 10_000,
      keepAliveTimeout: 30_000,
    },
    (request, response) => void answer(deps, contacts, request, response),
  );
  server.on('tlsClientError', (error) => void (isGone(error) || deps.report('line refused', error)));
  await listen(server, deps);
  const endCut = deps.gate.changed.listen(() => void (deps.gate.cut().below && server.closeAllConnections()));
  return {
    port: (server.address() as AddressInfo).port,
    lines: () => linesOf(deps.map, contacts),
    renew(renewed) {
      server.setSecureContext(serverTls(renewed));
      server.closeAllConnections();
    },
    stop: () =>
      new Promise((resolve) => {
        endCut();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function serverTls(identity: NodeIdentity): object {
  return { ...mutualTlsOptions(identity), rejectUnauthorized: false };
}

function listen(server: Server, { host, port }: UpperDeps): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        new Fault('unavailable', `The line port ${port} on ${host} can not be used (${error.code}).`, { cause: error }),
      ),
    );
    server.listen(port, host, resolve);
  });
}

function linesOf({ facts }: NodeMap, contacts: ReadonlyMap<string, Contact>): LowerLine[] {
  return facts.children.map(({ name, tier }) => {
    const contact = contacts.get(name);
    const isConnected = contact !== undefined && contact.streams > 0;
    return {
      node: name,
      tier,
      isConnected,
      connectedSince: isConnected ? contact.connectedSince : undefined,
      lastHeard: contact?.lastHeard,
    };
  });
}

type Asked = { deps: UpperDeps; contacts: Map<string, Contact>; request: IncomingMessage; response: ServerResponse };
type Route = { method: string; work(asked: Asked): Promise<void> };

/** By method too, where an address has several. */
const routeOf = (path: string, method: string | undefined): Route | undefined =>
  [routes[`${method} ${path}`], routes[path]].find((route) => route !== undefined);

const routes: Readonly<Record<string, Route>> = {
  [paths.authority]: { method: 'GET', work: async ({ deps, response }) => json(response, deps.enrolment.authority()) },
  [paths.enrol]: { method: 'POST', work: enrol },
  [paths.renew]: { method: 'POST', work: renew },
  [paths.revocations]: {
    method: 'GET',
    async work(asked) {
      nodeOf(asked.request.socket as TLSSocket);
      asked.response.setHeader('content-type', 'application/x-pem-file');
      asked.response.end(await asked.deps.enrolment.revocationList());
    },
  },
  [paths.nodes]: {
    method: 'GET',
    async work(asked) {
      nodeOf(asked.request.socket as TLSSocket);
      json(asked.response, asked.deps.map.all());
    },
  },
  [`PUT ${paths.blob}`]: {
    method: 'PUT',
    async work(asked) {
      const place = placeIn(asked.request.headers[placeHeader]);
      if (asked.deps.isShort?.() === true) throw new Fault('full', 'There is no room for it here.');
      await takeBlob(blobsBelow(asked), place, asked.request);
      json(asked.response, {});
    },
  },
  [paths.blob]: {
    method: 'GET',
    work: (asked) => giveBlob(blobsBelow(asked), placeIn(asked.request.headers[placeHeader]), asked.response),
  },
  [paths.blobsMissing]: {
    method: 'GET',
    work: async (asked) => json(asked.response, await missingFor(blobsBelow(asked))),
  },
  [paths.wakes]: { method: 'GET', work: wakes },
  [healPath]: { method: 'POST', work: heal },
  [paths.log]: { method: 'POST', work: log },
  [reportPath]: { method: 'POST', work: report },
  [paths.exchange]: { method: 'POST', work: exchange },
};

async function answer(
  deps: UpperDeps,
  contacts: Map<string, Contact>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (deps.gate.cut().below) return void request.socket.destroy();
  try {
    const path = request.url ?? '';
    const route = routeOf(path, request.method);
    if (route === undefined) throw new Fault('notFound', 'There is nothing at this address.');
    if (request.method !== route.method) throw new Fault('methodNotAllowed', `Only ${route.method} is answered here.`);
    await route.work({ deps, contacts, request, response });
  } catch (error) {
    refuse(deps, response, error);
  }
}

function refuse(deps: UpperDeps, response: ServerResponse, error: unknown): void {
  const fault = error instanceof Fault ? error : undefined;
  if (!fault && !isGone(error)) deps.report('line', error);
  if (response.headersSent) return void response.destroy();
  response.writeHead(fault?.status ?? errorStatus, { 'content-type': 'application/json', connection: 'close' });
  response.end(JSON.stringify({ problem: fault?.message ?? 'Something is wrong at our side.' }));
}

/** The other end went away: its matter. */
function isGone(error: unknown): boolean {
  const code = (error as { code?: unknown }).code;
  return code === 'ERR_STREAM_PREMATURE_CLOSE' || code === 'ECONNRESET' || code === 'EPIPE' || code === 'ABORT_ERR';
}

async function bodyOf<Shape extends z.ZodType>(
  request: IncomingMessage,
  shape: Shape,
  bytesMax = smallBytesMax,
): Promise<z.output<Shape>> {
  try {
    return shape.parse(JSON.parse(await textOf(request, bytesMax)));
  } catch (error) {
    if (error instanceof Fault) throw error;
    throw new Fault('invalid', 'The request can not be read.', { cause: error });
  }
}

async function enrol({ deps, request, response }: Asked): Promise<void> {
  const { code, request: wanted } = await bodyOf(request, enrolShape);
  json(response, await deps.enrolment.enrol(code, wanted));
}

async function log(asked: Asked): Promise<void> {
  const { deps, request, response } = asked;
  const { from } = contactOf(asked);
  if (deps.copies === undefined) throw new Fault('notFound', 'This node keeps no copies of logs.');
  json(response, await takeLog(deps.copies, deps.map.facts, from, await bodyOf(request, logShape, logBytesMax)));
}

async function report(asked: Asked): Promise<void> {
  const { deps, request, response } = asked;
  const { from } = contactOf(asked);
  if (deps.reports === undefined) throw new Fault('notFound', 'This node takes no reports.');
  await takeReport(deps.reports, deps.map.facts, from, await bodyOf(request, reportShape, reportBytesMax));
  json(response, {});
}

async function heal(asked: Asked): Promise<void> {
  const { deps, request, response } = asked;
  const { from } = contactOf(asked);
  const child = deps.map.facts.children.find(({ name }) => name === from) as Child;
  json(response, await healBelow(deps.damage, child, await bodyOf(request, healShape, healBytesMax)));
}

/** A node renews its own certificate, or one below hands on what it was asked. */
async function renew({ deps, request, response }: Asked): Promise<void> {
  const socket = request.socket as TLSSocket;
  const { request: wanted, certificate } = await bodyOf(request, renewShape);
  if (certificate !== undefined) {
    mustBeBelow(deps.map, nodeOf(socket), certificate);
    return json(response, { certificate: await deps.enrolment.renew(certificate, wanted) });
  }
  const own = pemOf(socket.getPeerCertificate().raw ?? Buffer.alloc(0));
  // One that has ended shows all the same whose key this is; whether it may still be renewed, the authority's ledger decides.
  if (!isExpiredOnly(socket, own, deps.enrolment.authority().certificate)) nodeOf(socket);
  json(response, { certificate: await deps.enrolment.renew(own, wanted) });
}

function isExpiredOnly(socket: TLSSocket, certificate: string, authority: string): boolean {
  if (socket.authorized || String(socket.authorizationError) !== 'CERT_HAS_EXPIRED') return false;
  const [presented, ca] = [new X509Certificate(certificate), new X509Certificate(authority)];
  return !presented.ca && presented.checkIssued(ca) && presented.verify(ca.publicKey);
}

/** A node hands on for those below it alone: certificates are no secret. */
function mustBeBelow({ facts }: NodeMap, from: string, certificate: string): void {
  const subtree = facts.children.find(({ name }) => name === from)?.subtree;
  const named = nodeNameIn(certificate);
  if (named === from || named === undefined || subtree?.has(named) !== true)
    throw new Fault('forbidden', `${from} asks for a certificate that is of no node below it.`);
}

function nodeNameIn(certificate: string): string | undefined {
  try {
    return /URI:urn:fyr:node:([a-z0-9-]+)/.exec(new X509Certificate(certificate).subjectAltName ?? '')?.[1];
  } catch {
    return undefined;
  }
}

function contactOf({ deps, contacts, request }: Asked): { from: string; contact: Contact } {
  const from = nodeOf(request.socket as TLSSocket);
  if (!deps.map.facts.children.some(({ name }) => name === from))
    throw new Fault('forbidden', `${from} is no node below ${deps.map.facts.name}.`);
  const contact = contacts.get(from) ?? { connectedSince: undefined, lastHeard: 0, streams: 0, isAsking: false };
  contacts.set(from, contact);
  contact.lastHeard = deps.clock.now();
  return { from, contact };
}

function blobsBelow(asked: Asked): { blobs: LineBlobs; sync: UpperDeps['sync']; child: Child } {
  const { deps } = asked;
  const { from } = contactOf(asked);
  const child = deps.map.facts.children.find(({ name }) => name === from);
  if (deps.blobs === undefined || child === undefined) throw new Fault('notFound', 'This node keeps no blobs.');
  return { blobs: deps.blobs, sync: deps.sync, child };
}

/** Stays open: that there may be news, and that we are here (`beat.ts`). */
async function wakes(asked: Asked): Promise<void> {
  const { deps, response, request } = asked;
  const { from, contact } = contactOf(asked);
  deps.met(from, pemOf((request.socket as TLSSocket).getPeerCertificate().raw));
  if (contact.streams++ === 0) contact.connectedSince = deps.clock.now();
  response.writeHead(200, { 'content-type': 'text/plain', 'cache-control': 'no-store' });
  const told = (): string => beatLine(deps.beyond?.told());
  response.write(newsLine + told());
  const isSlow = (): boolean => response.writableLength > smallBytesMax;
  const end = deps.wake.listen(() => void (isSlow() || response.write(newsLine)));
  const endBeyond = deps.beyond?.changed.listen(() => void (isSlow() || response.write(told())));
  const beat = setInterval(() => {
    contact.lastHeard = deps.clock.now();
    if (isSlow()) response.destroy();
    else response.write(told());
  }, beatMs);
  await new Promise<void>((resolve) => {
    response.on('close', resolve);
    request.on('error', () => response.destroy());
    response.on('error', () => response.destroy());
  });
  clearInterval(beat);
  end();
  endBeyond?.();
  contact.streams--;
}

/** One at a time from each node: what it asks next depends on the answer. */
async function exchange(asked: Asked): Promise<void> {
  const { deps, request, response } = asked;
  const { from, contact } = contactOf(asked);
  checkProtocol(request.headers[protocolHeader]);
  if (request.headers['content-type'] !== mediaType || request.headers['content-encoding'] !== 'gzip')
    throw new Fault('unsupportedMediaType', `Messages are ${mediaType}, compressed with gzip.`);
  if (contact.isAsking) throw new Fault('conflict', `${from} asks already. One thing at a time.`);
  contact.isAsking = true;
  try {
    const message = (await decode(request)) as Request;
    const isTaken = message.kind === 'push' || message.kind === 'handOver';
    const reply: Answer =
      isTaken && deps.isShort?.() === true
        ? { kind: 'later', why: 'no room on the disk' }
        : await deps.sync.serve(from, message);
    contact.lastHeard = deps.clock.now();
    response.writeHead(200, { 'content-type': mediaType, 'content-encoding': 'gzip' });
    await pipeline(encode(reply, protocols.newest), response);
    if (isTaken) deps.wake.ring();
  } finally {
    contact.isAsking = false;
  }
}

/** Said before the message is read, since one of another time may not be readable. */
function checkProtocol(told: string | string[] | undefined): void {
  const [, oldest, newest] = /^(\d{1,4})-(\d{1,4})$/.exec(String(told ?? '')) ?? [];
  if (oldest === undefined || newest === undefined)
    throw new Fault('invalid', `The header ${protocolHeader} is missing.`);
  if (Number(newest) < protocols.oldest || Number(oldest) > protocols.newest) {
    throw new Fault(
      'conflict',
      `No protocol version in common: this node speaks ${protocols.oldest} to ${protocols.newest}, that one ${oldest} to ${newest}. Upgrade one release at a time.`,
    );
  }
}

function json(response: ServerResponse, body: object): void {
  response.writeHead(200, { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' });
  response.end(JSON.stringify(body));
}
