/**
 * The messages as they are written: one object a line, checked when it is read. The first line tells the protocol version and the kind; what there may be
 * many of (operations, entries, resources, verdicts) follows, a line each. Fields that a newer version has added are passed over; a kind that is unknown is refused.
 */
import { z } from 'zod';

const name = z.string().min(1).max(128);
const count = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
const clock = z.number().min(0).max(8.64e15);
const bucket = z.number().int().min(0).max(1023);
const names = z.array(name).max(1000);
const unit = z.string().min(1).max(128);
const versionId = z.string().regex(/^[1-9]\d{0,9}-[A-Za-z0-9.-]{1,53}$/);
const resourceName = z.string().regex(/^[A-Z][A-Za-z]{1,63}\/[A-Za-z0-9.-]{1,64}$/);
const seal = z.string().min(1).max(128);

export const versionShape = z
  .object({
    resource: resourceName,
    type: z.string().regex(/^[A-Z][A-Za-z]{1,63}$/),
    patient: name.optional(),
    id: versionId,
    parents: z.array(versionId).max(64),
    parentSeals: z.array(seal).max(64),
    /** Absent: only its place in the graph is told. */
    content: z.string().nullable().optional(),
    seal,
    at: clock,
  })
  .refine(({ parents, parentSeals }) => parents.length === parentSeals.length, 'a seal for each parent')
  .refine(({ resource, type }) => resource.startsWith(`${type}/`), 'the type of the resource')
  .transform(({ patient, content, ...rest }) => ({ ...rest, patient, content }));

const versions = z.array(versionShape).min(1).max(5000);

export const operationShape = z.object({
  id: name,
  origin: name,
  versions,
  ancestry: z.array(versionShape).max(5000).optional(),
});

const verdictShape = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('taken') }),
  z.object({ kind: z.literal('setAside'), why: z.string().max(1000), after: name.optional() }),
  z.object({ kind: z.literal('needs'), missing: z.array(z.string().max(256)).max(5000) }),
  z.object({ kind: z.literal('later'), why: z.string().max(1000) }),
]);

export const entryShape = z.object({
  bucket,
  n: count,
  version: versionShape,
  tip: versionId,
  gains: names,
  losses: names,
});

const resourceShape = z.object({ resource: resourceName, tip: versionId, versions });

/** What may be absent is undefined, and there. */
const place = resourceName.optional().transform((value) => value);
const unitAndPlace = z.object({ unit, after: place }).transform(({ unit: of, after }) => ({ unit: of, after }));

export const fillPageShape = z
  .object({
    unit,
    asOf: count,
    after: place,
    next: place,
    isWhole: z.boolean(),
    resources: z.array(resourceShape).max(20_000),
  })
  .transform(({ after, next, ...page }) => ({ ...page, after, next }));

export const answeredShape = z.object({ operation: name, verdict: verdictShape });

const vouchedShape = z.object({ resource: resourceName, version: versionId, seal });
const numbers = z.array(z.tuple([bucket, count])).max(1024);
const spans = z.array(z.object({ bucket, from: count, to: count })).max(1024);
const protocolVersion = z.number().int().min(1).max(1000);

/** First lines, by kind. Those marked `many` below are followed by lines of their own. */
export const headShape = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('hello'),
    protocols: z.object({ oldest: protocolVersion, newest: protocolVersion }),
    life: count,
    confirmed: z.string().max(128),
    tried: names,
    clock,
  }),
  z.object({ kind: z.literal('push'), token: name }),
  z.object({ kind: z.literal('handOver') }),
  z.object({ kind: z.literal('pull'), token: name, epoch: name, cursor: numbers, limit: count.min(1) }),
  z.object({ kind: z.literal('rights'), token: name, epoch: name, cursor: numbers, limit: count.min(1) }),
  z.object({
    kind: z.literal('fill'),
    token: name,
    units: z.array(unitAndPlace).min(1).max(1024),
    limit: count.min(1),
  }),
  z.object({ kind: z.literal('compare'), token: name, digests: z.array(z.tuple([unit, seal])).max(20_000) }),
  z.object({ kind: z.literal('vouch'), token: name, patient: unit, names: z.array(vouchedShape).max(20_000) }),
  z.object({
    kind: z.literal('vouched'),
    epoch: name,
    absent: z.array(vouchedShape).max(20_000),
    damaged: z.array(vouchedShape).max(20_000),
  }),
  z.object({ kind: z.literal('welcome'), protocol: protocolVersion, epoch: name, heads: numbers, clock }),
  z.object({ kind: z.literal('refused'), why: z.enum(['stranger', 'copy', 'protocol', 'hello']) }),
  z.object({ kind: z.literal('verdicts'), clock: clock.optional() }),
  z.object({
    kind: z.literal('page'),
    epoch: name,
    spans,
    withheld: names,
    hasMore: z.boolean(),
  }),
  z.object({ kind: z.literal('ahead'), epoch: name, spans, hasMore: z.boolean() }),
  z.object({
    kind: z.literal('fillPages'),
    epoch: name,
    notYours: z.array(unit).max(1024),
    told: z.array(resourceShape).max(1024).optional(),
  }),
  z.object({ kind: z.literal('compared'), different: z.array(unit).max(20_000) }),
  z.object({ kind: z.literal('later'), why: z.string().max(1000) }),
]);

export type Head = z.infer<typeof headShape>;
