/** Communication parties of level 2 in and out of files: a service, a person's role or a department, each with its endpoint. */
import { z } from 'zod';
import type { Resource } from '#fhir/types.ts';
import { identifierSystems } from '#shared/identifiers.ts';
import {
  plain,
  sourceOf,
  updateOf,
  type ExchangeDeps,
  type Plan,
  type RegisterExchange,
} from '../exchange/register-exchange.ts';
import type { Column } from '../exchange/source.ts';
import { organisationIds, keysOf } from '../organisations/organisation-exchange.ts';
import { everyResource, holdersOf, readMany } from '../records.ts';
import {
  codesOf,
  listedCodes,
  noBasis,
  ownExtensions,
  ownSystems,
  volven,
  type Concept,
  type Extension,
  type Identifier,
  type Period,
  type Reference,
} from '../register-codes.ts';
import { certificatesOf } from './derive.ts';

const date = z.iso.date();

const partySchema = z.strictObject({
  herId: z.string().regex(/^\d{1,9}$/, 'is not a HER-id'),
  kind: z.enum(['service', 'person', 'department']),
  name: z.string().min(1).max(300),
  /** `ENH:…`, `RSH:…` or `HER:…` of the organisation whose party it is. */
  organisation: z.string().regex(/^(ENH|RSH|HER):\d{1,9}$/, 'is not ENH:, RSH: or HER: and a number'),
  /** The HPR number of the person, where kind is person. */
  practitioner: z
    .string()
    .regex(/^\d{1,9}$/, 'is not an HPR number')
    .optional(),
  services: z.array(z.string().regex(/^\d{4}#[A-Za-z0-9]+$/, 'is not list#code')).optional(),
  active: z.boolean().optional(),
  /** The address that messages go to: mailto: for ebXML over SMTP, amqps: for AMQP. */
  address: z.string().min(1).max(500),
  connection: z.enum(['ebxml', 'amqp', 'fhir']).optional(),
  /** `REQ_LAB 1.5`: function (8279) and version. */
  messages: z
    .array(z.string().regex(/^[A-Z0-9_]{2,60}( [0-9][0-9A-Za-z.]{0,9})?$/, 'is not a message and its version'))
    .min(1),
  from: date.optional(),
  to: date.optional(),
  certificates: z
    .array(
      z.strictObject({
        use: z.enum(['sign', 'encrypt']),
        thumbprint: z.string().regex(/^[0-9a-fA-F]{40,64}$/),
        from: date.optional(),
        to: date.optional(),
        /** DER in base64: what a revocation check needs. */
        certificate: z.base64().max(20_000).optional(),
      }),
    )
    .optional(),
});

type PartyRow = z.infer<typeof partySchema>;

const kindOfColumn: Readonly<Record<string, Column['kind']>> = {
  services: 'texts',
  messages: 'texts',
  certificates: 'json',
  active: 'yes-no',
};
const types = { service: 'HealthcareService', person: 'PractitionerRole', department: 'Organization' } as const;
const connections = { ebxml: 'no-ebxml-2', amqp: 'no-amqp' } as const;

export const partyExchange: RegisterExchange<PartyRow> = {
  name: 'parties',
  columns: Object.keys(partySchema.shape).map((name) => ({ name, kind: kindOfColumn[name] ?? 'text' })),
  schema: partySchema,
  keyOf: ({ herId }) => herId,
  afterKeys: () => [],
  sketch: (row) => [
    endpointOf(row, 'new', 'owner'),
    partyOf(row, { id: 'new', endpoint: 'new', owner: 'owner', practitioner: 'who' }),
  ],
  plan: planParties,
  rows: partyRows,
};

async function planParties(deps: ExchangeDeps, rows: readonly PartyRow[]): Promise<Plan[]> {
  const owners = await organisationIds(
    deps,
    rows.map(({ organisation }) => organisation),
  );
  const held = await holdersOf(
    deps,
    rows.map(({ herId }) => herIdentifier(herId)),
    Object.values(types),
  );
  const people = rows.flatMap(({ practitioner }) =>
    practitioner ? [{ system: identifierSystems.personnelNumber, value: practitioner }] : [],
  );
  const practitioners = await holdersOf(deps, people, ['Practitioner']);
  const known = await readMany(deps, [...held.values()]);
  const endpoints = await readMany(deps, [...known.values()].flatMap(endpointKeys));
  return rows.map((row): Plan => {
    const owner = owners.get(row.organisation);
    if (owner === undefined) return { problem: `${row.organisation} is not here` };
    const practitioner = practitioners.get(`${identifierSystems.personnelNumber}|${row.practitioner}`)?.id;
    if (row.kind === 'person' && practitioner === undefined)
      return { problem: `practitioner: HPR ${row.practitioner ?? ''} is not here` };
    const holder = held.get(`${identifierSystems.communicationParty}|${row.herId}`);
    if (holder && holder.type !== types[row.kind])
      return { problem: `HER-id ${row.herId} is another kind of party here (${holder.type})` };
    if (row.kind === 'department' && holder === undefined)
      return { problem: `HER-id ${row.herId} is of no organisation here: import organisations first` };
    const before = holder === undefined ? undefined : known.get(`${holder.type}/${holder.id}`);
    const endpointBefore =
      before === undefined
        ? undefined
        : endpointKeys(before).flatMap(({ id }) => endpoints.get(`Endpoint/${id}`) ?? [])[0];
    const endpoint = endpointOf(row, endpointBefore?.id ?? deps.writer.newId('Endpoint'), owner, endpointBefore);
    const id = before?.id ?? deps.writer.newId(types[row.kind]);
    const party = partyOf(row, { id, endpoint: endpoint.id ?? '', owner, practitioner, before });
    return { changes: [...updateOf(endpointBefore, endpoint), ...updateOf(before, party)] };
  });
}

const herIdentifier = (value: string): { system: string; value: string } => ({
  system: identifierSystems.communicationParty,
  value,
});

/** Endpoints that this register wrote are the party's own. */
function endpointKeys(party: Resource): { type: string; id: string }[] {
  return ((party['endpoint'] as Reference[] | undefined) ?? []).flatMap(({ reference }) =>
    reference?.startsWith('Endpoint/') ? [{ type: 'Endpoint', id: reference.slice('Endpoint/'.length) }] : [],
  );
}

function endpointOf(row: PartyRow, id: string, owner: string, before?: Resource): Resource {
  const extension: Extension[] = (row.certificates ?? []).map(({ use, thumbprint, from, to, certificate }) => ({
    url: ownExtensions.certificate,
    extension: [
      { url: 'use', valueCode: use },
      { url: 'thumbprint', valueString: thumbprint },
      ...(certificate === undefined ? [] : [{ url: 'certificate', valueBase64Binary: certificate }]),
      ...(from === undefined && to === undefined
        ? []
        : [{ url: 'period', valuePeriod: plain({ start: from, end: to }) }]),
    ],
  }));
  const connection = row.connection ?? 'ebxml';
  return plain({
    ...before,
    resourceType: 'Endpoint',
    id,
    meta: { ...before?.meta, source: sourceOf('parties') },
    extension: extension.length > 0 ? extension : undefined,
    status: row.active === false ? 'off' : 'active',
    connectionType:
      connection === 'fhir'
        ? { system: 'http://terminology.hl7.org/CodeSystem/endpoint-connection-type', code: 'hl7-fhir-rest' }
        : { system: noBasis.connectionType, code: connections[connection] },
    name: row.name,
    managingOrganization: { reference: `Organization/${owner}` },
    period: row.from === undefined && row.to === undefined ? undefined : { start: row.from, end: row.to },
    payloadType: row.messages.map((text) => {
      const [code, version] = text.split(' ');
      return {
        coding: [
          { system: volven('8279'), code },
          ...(version ? [{ system: ownSystems.messageVersion, code: version }] : []),
        ],
      };
    }),
    address: row.address,
  });
}

type Around = {
  id: string;
  endpoint: string;
  owner: string;
  practitioner?: string | undefined;
  before?: Resource | undefined;
};

function partyOf(row: PartyRow, { id, endpoint, owner, practitioner, before }: Around): Resource {
  const services = row.services?.map((text): Concept => {
    const [list = '', code = ''] = text.split('#');
    return { coding: [{ system: volven(list), code }] };
  });
  const common = {
    ...before,
    resourceType: types[row.kind],
    id,
    endpoint: [{ reference: `Endpoint/${endpoint}` }],
  };
  // A department is an Organization of the register of organisations, which says the rest of it.
  if (row.kind === 'department') return plain({ ...common, ...(before === undefined ? { name: row.name } : {}) });
  const identifier = (before?.['identifier'] as Identifier[] | undefined) ?? [herIdentifier(row.herId)];
  const own = {
    ...common,
    meta: { ...before?.meta, source: sourceOf('parties') },
    identifier,
    active: row.active ?? true,
  };
  if (row.kind === 'service')
    return plain({ ...own, providedBy: { reference: `Organization/${owner}` }, specialty: services, name: row.name });
  return plain({
    ...own,
    practitioner: { reference: `Practitioner/${practitioner}`, display: row.name },
    organization: { reference: `Organization/${owner}` },
    specialty: services,
  });
}

async function* partyRows(deps: ExchangeDeps): AsyncGenerator<PartyRow> {
  for (const [kind, type] of Object.entries(types) as [keyof typeof types, string][]) {
    for await (const party of everyResource(deps, type)) {
      const row = await rowOf(deps, party, kind);
      if (row) yield row;
    }
  }
}

async function rowOf(deps: ExchangeDeps, party: Resource, kind: PartyRow['kind']): Promise<PartyRow | undefined> {
  const identifiers = (party['identifier'] as Identifier[] | undefined) ?? [];
  const herId = identifiers.find(({ system }) => system === identifierSystems.communicationParty)?.value;
  const [endpointKey] = endpointKeys(party);
  if (herId === undefined || endpointKey === undefined) return undefined;
  const ownerReference =
    kind === 'service' ? party['providedBy'] : kind === 'person' ? party['organization'] : undefined;
  const owner =
    (ownerReference as Reference | undefined)?.reference?.slice('Organization/'.length) ??
    (kind === 'department' ? party.id : undefined);
  const who = (party['practitioner'] as Reference | undefined)?.reference?.slice('Practitioner/'.length);
  const around = await readMany(deps, [
    endpointKey,
    ...(owner === undefined ? [] : [{ type: 'Organization', id: owner }]),
    ...(who === undefined ? [] : [{ type: 'Practitioner', id: who }]),
  ]);
  const endpoint = around.get(`Endpoint/${endpointKey.id}`);
  const organisation = around.get(`Organization/${owner}`);
  const key = organisation === undefined ? undefined : keysOf(organisation)[0];
  if (endpoint === undefined || key === undefined) return undefined;
  const practitioner = ((around.get(`Practitioner/${who}`)?.['identifier'] as Identifier[] | undefined) ?? []).find(
    ({ system }) => system === identifierSystems.personnelNumber,
  )?.value;
  return describe(party, endpoint, { herId, kind, key, practitioner });
}

function describe(
  party: Resource,
  endpoint: Resource,
  {
    herId,
    kind,
    key,
    practitioner,
  }: { herId: string; kind: PartyRow['kind']; key: string; practitioner: string | undefined },
): PartyRow {
  const period = (endpoint['period'] as Period | undefined) ?? {};
  const services = kind === 'department' ? [] : listedCodes(party['specialty'] as Concept[] | undefined);
  const certificates = certificatesOf(endpoint);
  const connection = (endpoint['connectionType'] as { code?: string } | undefined)?.code;
  const messages = ((endpoint['payloadType'] as Concept[] | undefined) ?? []).flatMap((payload) => {
    const [code] = codesOf([payload], volven('8279'));
    const [version] = codesOf([payload], ownSystems.messageVersion);
    return code === undefined ? [] : [version === undefined ? code : `${code} ${version}`];
  });
  return plain({
    herId,
    kind,
    name: String(party['name'] ?? (party['practitioner'] as Reference | undefined)?.display ?? herId),
    organisation: key,
    practitioner,
    services: services.length > 0 ? services : undefined,
    active: party['active'] === false || endpoint['status'] !== 'active' ? false : undefined,
    address: String(endpoint['address'] ?? ''),
    connection:
      connection === 'no-amqp'
        ? ('amqp' as const)
        : connection === 'no-ebxml-2'
          ? ('ebxml' as const)
          : ('fhir' as const),
    messages,
    from: period.start,
    to: period.end,
    certificates: certificates.length > 0 ? (certificates as PartyRow['certificates']) : undefined,
  });
}
