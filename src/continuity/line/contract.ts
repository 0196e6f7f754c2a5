/** What both ends of a line agree on besides the messages themselves, and what is told about a line. */
import { z } from 'zod';
import { nodeName, regionNodes, type RegionNode } from './nodes.ts';

export const mediaType = 'application/vnd.fyr.continuity+ndjson';

/** Below `/continuity/` on a node's line port. The first two may be asked without a certificate. */
export const paths = {
  /** GET: who is here, and the certificate of the region's authority. */
  authority: '/continuity/authority',
  /** POST: a code and a request for a certificate. */
  enrol: '/continuity/enrol',
  /** POST: a request for a new certificate, with the old one. */
  renew: '/continuity/renew',
  /** GET: the newest list of revoked certificates. */
  revocations: '/continuity/revocations',
  /** PUT: a blob, with the header that says which; GET: one. */
  blob: '/continuity/blob',
  /** GET: which blobs the node above has lost and the one that asks may have. */
  blobsMissing: '/continuity/blobs/missing',
  /** GET: the nodes of the region and their places. */
  nodes: '/continuity/nodes',
  /** GET: a line whenever there may be something to ask for, and now and then a sign of life. Does not end. */
  wakes: '/continuity/wakes',
  /** POST: pages of the access log of a node below, as they were sealed there. */
  log: '/continuity/log',
  /** POST: one message, answered by one. */
  exchange: '/continuity/exchange',
} as const;

/** The header that says which protocol versions the asking node speaks: `1-2`. */
export const protocolHeader = 'fyr-protocol';

/** Between two signs of life, and how long none may come before the line counts as cut. */
export const beatMs = 2000;
export const silenceMs = 7000;

const pem = z.string().min(1).max(100_000);

export const authorityShape = z.object({ node: nodeName, certificate: pem });
export const enrolShape = z.object({ code: z.string().max(100), request: pem });
export const renewShape = z.object({ request: pem, certificate: pem.optional() });
export const enrolledShape = z.object({
  node: nodeName,
  certificate: pem,
  authority: pem,
  revocationList: pem,
  nodes: regionNodes,
});
export type Enrolled = Readonly<Omit<z.infer<typeof enrolledShape>, 'nodes'>> & {
  readonly nodes: readonly RegionNode[];
};

/** The line to the node above. Times are milliseconds since 1970. */
export type UpperLine = {
  node: string;
  url: string;
  isConnected: boolean;
  connectedSince: number | undefined;
  /** When the node above was heard of last. */
  lastHeard: number | undefined;
  /** When all that the node above had was here, last: the age of what came from there is counted from it. */
  currentAt: number | undefined;
  /** What is here and not up there yet. */
  backlog: number;
  /** Units that are being filled, that can not be filled, and that are here whole. */
  filling: number;
  stuck: number;
  whole: number;
  /** Why the node above does not speak with us, until a person has acted. */
  refused: 'stranger' | 'copy' | 'protocol' | undefined;
  /** The node above has itself lost the one above it, since then; undefined: it has not, or has not said. */
  beyondCutSince: number | undefined;
  /** When all that the region had was here, last, through all nodes between. At a site the same as `currentAt`. */
  regionAt: number | undefined;
  problem: string | undefined;
  /** The clock up there less ours, milliseconds, when we last said hello. */
  clockOffsetMs: number | undefined;
};

/** One try to reach the node above. Without a latency: a sign of life that nobody asked for. */
export type LineTry = { at: number; outcome: 'answered' | 'failed'; latencyMs?: number };

/** The line to a node below. */
export type LowerLine = {
  node: string;
  tier: string;
  isConnected: boolean;
  connectedSince: number | undefined;
  lastHeard: number | undefined;
};

export type LineState = {
  node: string;
  tier: string;
  above: UpperLine | undefined;
  below: readonly LowerLine[];
  /** Operations from below that could not be taken, for a person to look at. */
  setAside: number;
};

/** For the line on top of every page. */
export type LineSummary = {
  node: string;
  tier: string;
  /** True while the node above has not been heard of for some seconds. */
  isCutOff: boolean;
  since: number | undefined;
  /** The node above is itself cut off from the one above it, since when: at a ward, its hospital from the region. */
  beyond: { node: string; isCutOff: boolean; since: number | undefined } | undefined;
  /** Age of what came from the region, through all nodes between, milliseconds: what a page shows as the age of its data. */
  regionAgeMs: number | undefined;
  /** Age of what came from the node above, milliseconds; undefined at the region, and before the first fill. */
  dataAgeMs: number | undefined;
  isFilled: boolean;
  backlog: number;
};
