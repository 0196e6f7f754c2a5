/**
 * Who wrote a version. The node that it was written at knows from its access log, and tells the others in a Provenance when the version comes to stand in a
 * conflict. Until that has come, what the resource itself says.
 */
import { parseJson, writeJson } from '#fhir/json/index.ts';
import type { FhirContext, Grant } from '#fhir/index.ts';
import { findMany } from '#fhir/record/store.ts';
import type { Resource } from '#fhir/types.ts';
import type { LogReader } from '#trust/access-log/read.ts';
import type { LoggedEntry } from '#trust/access-log/index.ts';
import type { KnownVersion } from '../node/known-versions.ts';
import type { VersionAuthor } from './contract.ts';
import { provenanceOfVersion, writerOf } from './tasks.ts';

export type AuthorDeps = {
  context: Pick<FhirContext, 'db' | 'writer'>;
  /** The name of this node. */
  node: string;
  /** This node's access log. */
  log: { reader: Pick<LogReader, 'entries'> };
};

type Json = { readonly [element: string]: unknown };
const fieldsOf = (value: unknown): Json => (value ?? {}) as Json;
const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** Version ids with their authors, as far as they are known here. */
export async function authorsOf(
  deps: AuthorDeps,
  resource: string,
  versions: readonly KnownVersion[],
): Promise<Map<string, VersionAuthor>> {
  const told = await readProvenances(deps, resource, versions);
  const authors = new Map<string, VersionAuthor>();
  for (const version of versions) {
    const { versionId } = version;
    const author = told.get(versionId) ?? (await loggedAuthor(deps, resource, version)) ?? statedAuthor(version);
    if (author !== undefined) authors.set(versionId, author);
  }
  return authors;
}

async function readProvenances(
  { context }: AuthorDeps,
  resource: string,
  versions: readonly KnownVersion[],
): Promise<Map<string, VersionAuthor>> {
  const ids = new Map(versions.map(({ versionId }) => [provenanceOfVersion(resource, versionId), versionId]));
  const keys = [...ids.keys()].map((name) => ({ type: 'Provenance', id: name.slice('Provenance/'.length) }));
  const found = await findMany(context.db, keys);
  return new Map(
    found.flatMap(({ id, content }) => {
      if (content === null) return [];
      const [agent] = (parseJson(content) as Resource)['agent'] as Json[];
      const who = fieldsOf(agent?.['who']);
      const author: VersionAuthor = {
        name: textOf(who['display']) ?? '',
        reference: textOf(who['reference']),
        organisation: textOf(fieldsOf(agent?.['onBehalfOf'])['reference']),
        source: 'record',
      };
      return [[ids.get(`Provenance/${id}`) as string, author] as const];
    }),
  );
}

/** Entries are in the log before the version is in the record, so shortly before its time. */
const lookBackMs = 60_000;
const lookAheadMs = 2000;
const lookedAtMax = 2000;

async function loggedAuthor(
  { node, log }: AuthorDeps,
  resource: string,
  version: KnownVersion,
): Promise<VersionAuthor | undefined> {
  if (version.came !== 'here' || nodeNameIn(version.versionId) !== node) return undefined;
  const entry = await entryOf(log.reader, resource, version);
  if (entry === undefined) return undefined;
  const { who, role } = entry;
  const organisation = role?.department ?? role?.pointOfCare;
  return {
    name: who.name,
    reference: /^[A-Z][A-Za-z]+\//.test(who.reference) ? who.reference : undefined,
    organisation: organisation === undefined ? undefined : `Organization/${organisation}`,
    source: 'log',
  };
}

async function entryOf(
  reader: Pick<LogReader, 'entries'>,
  resource: string,
  { patient, content, at }: KnownVersion,
): Promise<LoggedEntry | undefined> {
  const written = writtenAt(content) ?? at;
  const asked = {
    ...(patient === undefined ? {} : { patient }),
    from: written - lookBackMs,
    until: written + lookAheadMs,
    actions: ['create', 'update', 'delete'] as const,
    lookedAtMax,
  };
  for await (const entry of reader.entries(asked))
    if (entry.outcome === 'allowed' && entry.what.resources.includes(resource)) return entry;
  return undefined;
}

function writtenAt(content: string | null | undefined): number | undefined {
  if (content === null || content === undefined) return undefined;
  const told = Date.parse(textOf((parseJson(content) as Resource).meta?.lastUpdated) ?? '');
  return Number.isNaN(told) ? undefined : told;
}

const nodeNameIn = (versionId: string): string => writerOf(versionId).replace(/\.\d+$/, '');

/** Elements in which resources say who is behind them, the nearest to the writing first. */
const speakers = ['recorder', 'author', 'performer', 'requester', 'asserter', 'informationSource', 'practitioner'];

function statedAuthor({ content }: KnownVersion): VersionAuthor | undefined {
  if (content === null || content === undefined) return undefined;
  const resource = parseJson(content) as Json;
  for (const element of speakers) {
    const value = resource[element];
    const [first] = Array.isArray(value) ? (value as unknown[]) : [value];
    const speaker = fieldsOf(fieldsOf(first)['actor'] ?? first);
    const name = textOf(speaker['display']);
    const reference = textOf(speaker['reference']);
    if (name !== undefined || reference !== undefined)
      return { name: name ?? (reference as string), reference, organisation: undefined, source: 'stated' };
  }
  return undefined;
}

/** Tells all nodes who wrote those of the versions that were written here. Done again, it changes nothing. */
export async function tellAuthors(
  deps: AuthorDeps,
  grant: Grant,
  resource: string,
  versions: readonly KnownVersion[],
): Promise<void> {
  const told = await readProvenances(deps, resource, versions);
  for (const version of versions) {
    if (told.has(version.versionId)) continue;
    const author = await loggedAuthor(deps, resource, version);
    if (author === undefined) continue;
    const made = provenance(deps.node, resource, version, author);
    await deps.context.writer.apply(grant, [{ interaction: 'update', resource: made, id: made.id as string }]);
  }
}

function provenance(node: string, resource: string, version: KnownVersion, author: VersionAuthor): Resource {
  const { patient, versionId, at } = version;
  const { name, reference, organisation } = author;
  const target = [
    { reference: `${resource}/_history/${versionId}` },
    ...(patient === undefined ? [] : [{ reference: `Patient/${patient}` }]),
  ];
  const made = {
    resourceType: 'Provenance',
    id: provenanceOfVersion(resource, versionId).slice('Provenance/'.length),
    target,
    recorded: new Date(writtenAt(version.content) ?? Math.floor(at)).toISOString(),
    agent: [
      {
        type: { coding: [{ system: participantTypes, code: 'author' }] },
        who: { ...(reference === undefined ? {} : { reference }), display: name },
        ...(organisation === undefined ? {} : { onBehalfOf: { reference: organisation } }),
      },
    ],
    entity: [{ role: 'source', what: { display: `Node ${node}` } }],
  };
  return parseJson(writeJson(made)) as Resource;
}

const participantTypes = 'http://terminology.hl7.org/CodeSystem/provenance-participant-type';
