/** The nodes of a region as its operators name, let in and revoke them: what the routes take and answer. */
import { z } from 'zod';
import { nodeName } from '../line/nodes.ts';

const place = z.string().regex(/^(Organization|Location)\/[A-Za-z0-9.-]{1,64}$/);
const hosts = z.array(z.string().trim().min(1).max(253)).max(20);

/** `POST /api/nodes` */
export const addRequest = z.strictObject({
  name: nodeName,
  /** The node above: the region, or a site for a ward. */
  below: nodeName,
  places: z.array(place).max(200),
  /** Where others reach the node, besides its name: host names and addresses. */
  hosts,
});
export type AddRequest = z.input<typeof addRequest>;

/** `POST /api/nodes/<name>/code` */
export const codeRequest = z.strictObject({ hosts });
export type CodeRequest = z.input<typeof codeRequest>;

export const revokeReasons = ['unspecified', 'key-compromise', 'superseded', 'cessation-of-operation'] as const;
/** `POST /api/nodes/<name>/revoke`: all certificates of the node. */
export const revokeRequest = z.strictObject({ reason: z.enum(revokeReasons) });
export type RevokeRequest = z.input<typeof revokeRequest>;

export const removeRequest = z.strictObject({});

export const placesQuery = z.strictObject({ name: z.string().trim().min(2).max(100) });

/** Whether nodes can be let in and revoked here, and why not. */
export type Authority = 'here' | 'not-region' | 'no-lines' | 'no-passphrase';

export type PlaceShown = { reference: string; name: string; within?: string };

export type NodeShown = {
  name: string;
  tier: 'region' | 'site' | 'ward';
  above?: string;
  /** The places that were named for it; it serves what lies below them too. */
  roots: readonly PlaceShown[];
  /** How many places of care it serves. */
  places: number;
  /** `none`: it has not joined yet. */
  certificate: 'none' | 'good' | 'ended' | 'revoked';
  hosts: readonly string[];
  /** When its certificate ends, and was revoked; milliseconds since 1970. */
  until?: number;
  revoked?: number;
};

/** `GET /api/nodes` */
export type NodesAnswer = {
  node: string;
  authority: Authority;
  /** Empty where the authority is not here. */
  nodes: readonly NodeShown[];
};

/** `GET /api/nodes/places` */
export type PlacesAnswer = { places: readonly PlaceShown[] };

/** The code by which a node joins, told this once: good for an hour and one use. */
export type CodeAnswer = {
  node: string;
  tier: 'site' | 'ward';
  below: string;
  /** How many places of care it serves. */
  places: number;
  code: string;
  until: number;
  /** The address of the line port, where it is this node's; undefined: that of the node it is below. */
  address?: string;
};

/** `POST /api/nodes/<name>/revoke`: how many certificates were revoked. */
export type RevokedAnswer = { node: string; certificates: number };
