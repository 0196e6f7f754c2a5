/** Puts the line of a node together: the sync rules over its record, the side for those below, the side towards the node above, and what is told of both. */
import type { Fhir } from '#fhir/index.ts';
import type { Clock } from '#kernel/clock.ts';
import type { Config } from '#kernel/config.ts';
import type { Db } from '#kernel/db.ts';
import { Fault } from '#kernel/fault.ts';
import type { Ids, Randomness } from '#kernel/ids.ts';
import { writeIdentity } from '#trust/authority/index.ts';
import type { LogCopies } from '#trust/access-log/index.ts';
import type { NodeIdentity } from '#trust/authority/mutual-tls.ts';
import { hasUnsealed } from '../node/graph-store.ts';
import type { SyncNode } from '../node/sync-node.ts';
import { paths, type LineState, type LineSummary, type LineTry } from './contract.ts';
import { regionEnrolment, relayedEnrolment, type Enrolment } from './enrolment.ts';
import { createLower, type Lower } from './lower.ts';
import { issueToItself, openAuthority } from './own-authority.ts';
import { withPlaces, type NodeMap } from './nodes.ts';
import { countLine, putPlaces, readDirectory, readNodes } from './nodes-store.ts';
import { identityFolder } from './identity-folder.ts';
import { readOwnIdentity } from './own-keys.ts';
import { openParts, type Parts } from './parts.ts';
import { keepPeer } from './peers.ts';
import { isDue, renewed } from './renewal.ts';
import { openUpper, type Upper } from './upper.ts';
import type { BlobPlace } from '../blobs/index.ts';
import { fetchBlob, sendBlobs, type LineBlobs } from './carry-blobs.ts';
import { sendLog } from './carry-log.ts';
import { sendReport } from './carry-reports.ts';
import type { Reports } from '../reports/reports.ts';
import { tendRecord } from '../damage/index.ts';
import { onWritten } from './on-written.ts';
import { createRepeated } from './repeated.ts';
import type { Transport } from './transport.ts';
import { createGate, type LineCut } from './gate.ts';
import { summaryOf, toldBelow } from './summary.ts';

export type LineDeps = {
  config: Pick<Config, 'node' | 'role' | 'host' | 'dataFolder' | 'line' | 'security' | 'operations'>;
  db: Db;
  fhir: Pick<Fhir, 'context' | 'committer'>;
  /** Of the authority's key, where this node lets others join. */
  authorityPassphrase: string | undefined;
  clock: Clock;
  ids: Ids;
  randomness: Randomness;
  /** Documents and images of this node. */
  blobs?: LineBlobs;
  /** No room on the disk. */
  isShort?(): boolean;
  /** The access log, copied to the node above, and those of the nodes below, copied here. */
  copies?: LogCopies | undefined;
  /** How this node and those below are, for the node above. */
  reports?: Reports | undefined;
  report(event: string, error: unknown): void;
};

export type Line = {
  /** The sync rules over this node's record, and the nodes and places of the region. */
  readonly sync: SyncNode;
  readonly map: NodeMap;
  /** Begins to answer and to ask. */
  start(): Promise<void>;
  state(): Promise<LineState>;
  summary(): Promise<LineSummary>;
  /** Called when the line to the node above has come or gone, or has brought all there was. Gives a function that ends it. */
  observe(listener: (contact: ReturnType<Lower['contact']>) => void): () => void;
  /** Each try to reach the node above, as downtime watches it. Gives a function that ends it. */
  onTry(listener: (told: LineTry) => void): () => void;
  /** Cuts lines on this side, or puts them back: a drill. Nothing is lost by it that a pulled cable would not lose. */
  cut(cut: LineCut): void;
  /** The copy of a blob that the node above has; undefined: none, or it can not be asked now. */
  fetchBlob(place: BlobPlace): Promise<AsyncIterable<Uint8Array> | undefined>;
  /** The port for nodes below; undefined: none. */
  port(): number | undefined;
  stop(): Promise<void>;
};

/** The line of this node; undefined: the settings want none. Faults: notFound, where the node has not joined. */
export async function openLine(deps: LineDeps): Promise<Line | undefined> {
  const { config } = deps;
  if (config.line.port === undefined && config.line.upstream === undefined) return undefined;
  const identity = readOwnIdentity(identityFolder(config)) ?? (await issueToItself(deps));
  if (identity === undefined) {
    const how = config.line.upstream === undefined ? 'fyr ca init, and FYR_CA_PASSPHRASE' : 'fyr join';
    throw new Fault('notFound', `This node has no certificate of the region yet. Get one with: ${how}`);
  }
  return new NodeLine(deps, await openParts(deps), identity);
}

/** How often the places, and what is revoked, are looked at. */
const lookEveryMs = 10_000;
const othersEveryMs = 500;
/** How often the access log goes up, and how long that may take. */
const logEveryMs = 3000;
const blobsEveryMs = 5000;
const tendEveryMs = 5000;
const reportEveryMs = 5000;
const blobsLimitMs = 900_000;
const logLimitMs = 120_000;
const renewalLimitMs = 30_000;

class NodeLine implements Line {
  readonly #deps: LineDeps;
  readonly #parts: Parts;
  readonly #lower: Lower | undefined;
  readonly #gate = createGate();
  readonly #ends: (() => void)[] = [];
  readonly #repeated = createRepeated((error) => this.#deps.report('line', error));
  #identity: NodeIdentity;
  #upper: Upper | undefined;
  #enrolment: Enrolment | undefined;
  #sealing: Promise<void> = Promise.resolve();
  /** Of places, one after the other: the last word is the newest. */
  #reading: Promise<void> = Promise.resolve();
  #isSealing = false;
  readonly #startedAt: number;
  #isStopped = false;
  #isRenewing = false;
  readonly #refusedBlobs = new Map<string, number>();

  constructor(deps: LineDeps, parts: Parts, identity: NodeIdentity) {
    this.#deps = deps;
    this.#parts = parts;
    this.#identity = identity;
    this.#startedAt = deps.clock.now();
    const { upstream: url } = deps.config.line;
    const { map, sync, wake, tellNodes } = parts;
    const { db, clock, ids, report } = deps;
    const node = map.facts.upstream;
    const met = this.#met;
    const isShort = (): boolean => deps.isShort?.() === true;
    const beforeContact = (): Promise<void> => this.#renewIfDue();
    if (url !== undefined && node !== undefined) {
      this.#lower = createLower(
        { db, clock, ids, sync, url, node, wake, tellNodes, met, beforeContact, isShort, gate: this.#gate, report },
        identity,
      );
    }
  }

  async start(): Promise<void> {
    const { config, fhir, clock, report } = this.#deps;
    const { map, sync, wake } = this.#parts;
    if (config.role === 'region') await this.#readPlaces();
    this.#ends.push(onWritten(fhir, () => this.#sealSoon()));
    if (config.line.port !== undefined) {
      this.#enrolment = await this.#openEnrolment();
      const { host } = config;
      const lower = this.#lower;
      const beyond = lower && {
        told: () => toldBelow(lower.contact(), this.#startedAt, clock.now()),
        changed: lower.changed,
      };
      const met = this.#met;
      const isShort = (): boolean => this.#deps.isShort?.() === true;
      const own = {
        damage: { db: this.#deps.db, fhir, sync },
        sync,
        enrolment: this.#enrolment,
        wake,
        beyond,
        met,
        isShort,
        gate: this.#gate,
        clock,
        report,
      };
      const { copies, blobs, reports } = this.#deps;
      const deps = { host, port: config.line.port, map, copies, blobs, reports, ...own };
      this.#upper = await openUpper(deps, this.#identity);
    }
    this.#lower?.start();
    const { db } = this.#deps;
    // Others of this node's processes write too.
    this.#repeated.every(othersEveryMs, async () => {
      if (await hasUnsealed(db)) this.#sealSoon();
    });
    this.#repeated.every(lookEveryMs, () => this.#look());
    this.#repeated.every(logEveryMs, () => this.#sendLog());
    this.#repeated.every(reportEveryMs, (ending) => this.#sendReport(ending));
    this.#repeated.every(blobsEveryMs, () => this.#sendBlobs());
    this.#repeated.every(tendEveryMs, (signal) => this.#tend(signal));
    this.#sealSoon();
    // What this version of the program understands, another may not have.
    await sync.releaseSetAside().catch((error: unknown) => report('quarantine', error));
  }

  async #openEnrolment(): Promise<Enrolment> {
    const { map, tellNodes } = this.#parts;
    const lower = this.#lower;
    const identity = (): NodeIdentity => this.#identity;
    if (lower !== undefined) return relayedEnrolment(map, identity, () => lower.transport(), tellNodes);
    return regionEnrolment(map, identity, await openAuthority(this.#deps), () => this.#readPlaces());
  }

  /** The node above, while the line is there. */
  #above(): Transport | undefined {
    return this.#lower?.contact().isConnected === true ? this.#lower.transport() : undefined;
  }

  async #sendBlobs(): Promise<void> {
    const { blobs, clock } = this.#deps;
    const { upstream: above } = this.#parts.map.facts;
    const transport = this.#above();
    if (blobs === undefined || above === undefined || transport === undefined) return;
    const signal = AbortSignal.timeout(blobsLimitMs);
    await sendBlobs({ blobs, above, transport, refused: this.#refusedBlobs, now: clock.now(), signal });
  }

  async fetchBlob(place: BlobPlace): Promise<AsyncIterable<Uint8Array> | undefined> {
    const transport = this.#above();
    return transport && fetchBlob(transport, place, AbortSignal.timeout(blobsLimitMs));
  }

  #tend(ending: AbortSignal): Promise<void> {
    const { db, fhir, clock, config } = this.#deps;
    return tendRecord({ db, fhir, clock, sync: this.#parts.sync, ...config.operations }, this.#above(), ending);
  }

  async #sendLog(): Promise<void> {
    const { copies } = this.#deps;
    const transport = this.#above();
    if (copies === undefined || transport === undefined) return;
    await sendLog({ copies, facts: this.#parts.map.facts, transport, signal: AbortSignal.timeout(logLimitMs) });
  }

  async #sendReport(ending: AbortSignal): Promise<void> {
    const { reports, config } = this.#deps;
    const transport = this.#above();
    if (reports === undefined || transport === undefined) return;
    const signal = AbortSignal.any([ending, AbortSignal.timeout(logLimitMs)]);
    await sendReport({ reports, node: config.node, below: this.#upper?.lines() ?? [], transport, signal });
  }

  /** What people write is taken into the graph at once, so that those below and above can be told. */
  #sealSoon(): void {
    if (this.#isSealing || this.#isStopped) return;
    this.#isSealing = true;
    this.#sealing = new Promise<void>((resolve) => void setTimeout(resolve, sealAfterMs))
      .then(() => {
        this.#isSealing = false;
        return this.#isStopped ? undefined : this.#parts.sync.seal();
      })
      .then(
        () => this.#parts.wake.ring(),
        (error: unknown) => this.#deps.report('line', error),
      );
  }

  readonly #met = (node: string, certificate: string): void =>
    keepPeer(identityFolder(this.#deps.config), node, certificate);

  /** What fails is tried again at the next look, and told by the days that are left (`certificate_days`). */
  async #renewIfDue(): Promise<void> {
    const { config, clock, report } = this.#deps;
    if (!isDue(this.#identity, clock.now()) || this.#isRenewing) return;
    this.#isRenewing = true;
    try {
      const ask = await this.#signing();
      if (ask === undefined) return;
      this.#use(await renewed(this.#identity, { folder: identityFolder(config), node: config.node, ask }));
    } catch (error) {
      report('certificate renewal', error);
    } finally {
      this.#isRenewing = false;
    }
  }

  /** Who signs: the node above, which hands it on; at the region its own authority, as long as it has the passphrase. */
  async #signing(): Promise<((request: string) => Promise<string>) | undefined> {
    const { config } = this.#deps;
    if (this.#lower !== undefined) {
      const transport = this.#lower.transport();
      return async (request) => {
        const body = { request };
        const told = await transport.ask('POST', paths.renew, body, AbortSignal.timeout(renewalLimitMs));
        return (JSON.parse(told) as { certificate: string }).certificate;
      };
    }
    const authority = await openAuthority(this.#deps);
    return authority && (async (request) => (await authority.issue(request, config.node, [])).certificate);
  }

  #use(identity: NodeIdentity): void {
    this.#identity = identity;
    this.#upper?.renew(identity);
    this.#lower?.renew(identity);
  }

  async #look(): Promise<void> {
    await this.#deps.reports?.prune([...this.#parts.map.facts.subtree]);
    if (this.#deps.config.role === 'region') await this.#readPlaces();
    if (this.#lower === undefined || this.#lower.contact().isConnected) await this.#renewIfDue();
    const revocationList = await this.#newestList();
    if (revocationList === undefined || revocationList === this.#identity.revocationList) return;
    const next = { ...this.#identity, revocationList };
    writeIdentity(identityFolder(this.#deps.config), next);
    this.#use(next);
  }

  async #newestList(): Promise<string | undefined> {
    if (this.#lower === undefined) return this.#enrolment?.revocationList();
    return this.#above()?.ask('GET', paths.revocations, undefined, AbortSignal.timeout(lookEveryMs));
  }

  /** The region's own map: nodes as operators named them, places as its directory has them now. */
  #readPlaces(): Promise<void> {
    this.#reading = this.#reading.catch(() => {}).then(() => this.#readPlacesNow());
    return this.#reading;
  }

  /** Operators name nodes meanwhile: what they have named or taken off the list stays so. */
  async #readPlacesNow(): Promise<void> {
    const { db } = this.#deps;
    const nodes = withPlaces(await readNodes(db), await readDirectory(db));
    await putPlaces(db, nodes);
    await this.#parts.followNodes(nodes);
  }

  get sync(): SyncNode {
    return this.#parts.sync;
  }

  get map(): NodeMap {
    return this.#parts.map;
  }

  observe(listener: (contact: ReturnType<Lower['contact']>) => void): () => void {
    const lower = this.#lower;
    return lower === undefined ? () => {} : lower.changed.listen(() => listener(lower.contact()));
  }

  onTry(listener: (told: LineTry) => void): () => void {
    return this.#lower?.onTry(listener) ?? (() => {});
  }

  cut(cut: LineCut): void {
    this.#gate.set(cut);
  }

  port(): number | undefined {
    return this.#upper?.port;
  }

  async state(): Promise<LineState> {
    const { name, tier } = this.#parts.map.facts;
    const { setAside } = await countLine(this.#deps.db);
    const below = this.#upper?.lines() ?? [];
    return { node: name, tier, above: await this.#lower?.line(), below, setAside };
  }

  async summary(): Promise<LineSummary> {
    const { map } = this.#parts;
    return summaryOf(map, await countLine(this.#deps.db), this.#lower?.contact(), this.#deps.clock.now());
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    for (const end of this.#ends) end();
    const repeated = this.#repeated.stop();
    await this.#lower?.stop();
    await this.#upper?.stop();
    await repeated;
    await this.#sealing;
  }
}

/** Writes that come close after each other are taken in together. */
const sealAfterMs = 5;
