/** Organisations in and out of files: legal entity → place of care → department, as Organizations; what they offer, as HealthcareServices. */
import { z } from 'zod';
import type { Change } from '#fhir/record/writer.ts';
import type { Resource } from '#fhir/types.ts';
import { checkIdentifier, identifierSystems } from '#shared/identifiers.ts';
import {
  plain,
  sourceOf,
  updateOf,
  type ExchangeDeps,
  type Plan,
  type RegisterExchange,
} from '../exchange/register-exchange.ts';
import type { Column } from '../exchange/source.ts';
import { addressResource, addressRowOf } from '../persons/person-row.ts';
import { everyResource, holdersOf, readMany } from '../records.ts';
import {
  listedCodes,
  ownExtensions,
  volven,
  type Concept,
  type Extension,
  type Identifier,
  type Reference,
} from '../register-codes.ts';

const date = z.iso.date();
/** How a file names an organisation: ENH:123456789, RSH:4567, HER:89. */
const systems = {
  ENH: identifierSystems.organisationNumber,
  RSH: identifierSystems.specialistUnit,
  HER: identifierSystems.communicationParty,
} as const;
const key = z
  .string()
  .refine((text) => problemOf(text) === undefined, 'is not ENH:, RSH: or HER: and a number of that kind');
const listedCode = z.string().regex(/^\d{4}#[A-Za-z0-9]+$/, 'is not list#code, such as 8655#S02');

const opening = z.strictObject({
  days: z.array(z.enum(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'])).min(1),
  from: z
    .string()
    .regex(/^\d\d:\d\d$/)
    .optional(),
  to: z
    .string()
    .regex(/^\d\d:\d\d$/)
    .optional(),
});

export const organisationSchema = z.strictObject({
  key,
  otherKeys: z.array(key).optional(),
  name: z.string().min(1).max(300),
  nameFrom: date.optional(),
  formerNames: z.array(z.strictObject({ name: z.string().min(1), to: date.optional() })).optional(),
  aliases: z.array(z.string().min(1)).optional(),
  partOf: key.optional(),
  /** Kinds: 8628 (level), 8624 (name), 8663 and others. */
  kinds: z.array(listedCode).optional(),
  active: z.boolean().optional(),
  addressLine: z.string().max(300).optional(),
  postalCode: z
    .string()
    .regex(/^\d{4}$/)
    .optional(),
  city: z.string().max(100).optional(),
  municipality: z
    .string()
    .regex(/^\d{4}$/)
    .optional(),
  municipalityName: z.string().max(100).optional(),
  phone: z.string().max(40).optional(),
  /** What it offers: 8655, 8654, 8663, 9151 … */
  services: z.array(listedCode).optional(),
  openingHours: z.array(opening).optional(),
  replacedBy: key.optional(),
  replacedOn: date.optional(),
});

export type OrganisationRow = z.infer<typeof organisationSchema>;

const kindOfColumn: Readonly<Record<string, Column['kind']>> = {
  otherKeys: 'texts',
  aliases: 'texts',
  kinds: 'texts',
  services: 'texts',
  formerNames: 'json',
  openingHours: 'json',
  active: 'yes-no',
};

export const organisationExchange: RegisterExchange<OrganisationRow> = {
  name: 'organisations',
  columns: Object.keys(organisationSchema.shape).map((name) => ({ name, kind: kindOfColumn[name] ?? 'text' })),
  schema: organisationSchema,
  keyOf: (row) => row.key,
  afterKeys: ({ partOf, replacedBy }) => [partOf, replacedBy].filter((each) => each !== undefined),
  sketch: (row) => {
    const organisation = organisationOf(row, {
      id: 'new',
      before: undefined,
      today: '2000-01-01',
      idOf: () => 'other',
    });
    const service = serviceOf(row, 'new-service', { id: 'new', name: row.name });
    return service === undefined ? [organisation] : [organisation, service];
  },
  plan: planOrganisations,
  rows: organisationRows,
};

function problemOf(text: string): string | undefined {
  const { system, value } = identifierOf(text);
  if (system === undefined || value === undefined) return 'unknown';
  return checkIdentifier(system, value)?.problem;
}

/** `ENH:123456789` as an identifier. */
export function identifierOf(text: string): Identifier {
  const [kind = '', value = ''] = text.split(':');
  return Object.hasOwn(systems, kind) ? { system: systems[kind as keyof typeof systems], value } : {};
}

function keyText({ system, value }: Identifier): string | undefined {
  const kind = Object.entries(systems).find(([, each]) => each === system)?.[0];
  return kind === undefined || value === undefined ? undefined : `${kind}:${value}`;
}

async function planOrganisations(deps: ExchangeDeps, rows: readonly OrganisationRow[]): Promise<Plan[]> {
  const keys = rows.flatMap((row) =>
    [row.key, ...(row.otherKeys ?? []), row.partOf ?? [], row.replacedBy ?? []].flat(),
  );
  const ids = await organisationIds(deps, keys);
  const before = await readMany(
    deps,
    [...ids.values()].map((id) => ({ type: 'Organization', id })),
  );
  const services = await readServices(deps, [...ids.values()]);
  const today = new Date(deps.clock.now()).toISOString().slice(0, 10);
  return rows.map((row): Plan => {
    const missing = [row.partOf, row.replacedBy].find((each) => each !== undefined && !ids.has(each));
    if (missing !== undefined) return { problem: `${missing} is not here` };
    const id = [row.key, ...(row.otherKeys ?? [])].map((each) => ids.get(each)).find((each) => each !== undefined);
    const known = id === undefined ? undefined : before.get(`Organization/${id}`);
    const idOf = (each: string): string => ids.get(each) ?? '';
    const after = organisationOf(row, { id: id ?? deps.writer.newId('Organization'), before: known, today, idOf });
    return { changes: [...updateOf(known, after), ...serviceChanges(deps, row, after, services.get(after.id ?? ''))] };
  });
}

/** Organisations by `ENH:…`, as they are in the register. */
export async function organisationIds(
  deps: Pick<ExchangeDeps, 'db'>,
  keys: readonly string[],
): Promise<Map<string, string>> {
  const wanted = [...new Set(keys)].map((each) => ({ text: each, ...identifierOf(each) }));
  const named = wanted.flatMap(({ system, value }) =>
    system !== undefined && value !== undefined ? [{ system, value }] : [],
  );
  const held = await holdersOf(deps, named, ['Organization']);
  return new Map(
    wanted.flatMap(({ text, system, value }) => {
      const id = held.get(`${system}|${value}`)?.id;
      return id === undefined ? [] : [[text, id] as const];
    }),
  );
}

/** The HealthcareService that the register itself wrote, by organisation. */
async function readServices(deps: ExchangeDeps, ids: readonly string[]): Promise<Map<string, Resource>> {
  const found = new Map<string, Resource>();
  if (ids.length === 0) return found;
  for await (const service of everyResource(deps, 'HealthcareService', [
    ['organization', [...new Set(ids)].join(',')],
  ])) {
    if (service.meta?.source !== sourceOf('organisations')) continue;
    found.set((service['providedBy'] as Reference).reference?.slice('Organization/'.length) ?? '', service);
  }
  return found;
}

type Context = { id: string; before: Resource | undefined; today: string; idOf(key: string): string };

/** An earlier name stays with the date on which it ceased, and one is still found by it. */
function organisationOf(row: OrganisationRow, { id, before, today, idOf }: Context): Resource {
  const { address: addressBefore, ...kept } = before ?? { resourceType: 'Organization' };
  const { addressLine: line, postalCode, city, municipality, municipalityName } = row;
  const hasAddress = line !== undefined || postalCode !== undefined || municipality !== undefined;
  const address = hasAddress ? addressResource({ line, postalCode, city, municipality, municipalityName }) : undefined;
  const own = [row.key, ...(row.otherKeys ?? [])].map(identifierOf);
  const others = ((before?.['identifier'] as Identifier[] | undefined) ?? []).filter(
    (each) => !own.some(({ system }) => system === each.system),
  );
  const extension = extensionsOf(row, before, { today, idOf });
  return plain({
    ...kept,
    resourceType: 'Organization',
    id,
    meta: { ...before?.meta, source: sourceOf('organisations') },
    extension: extension.length > 0 ? extension : undefined,
    identifier: [...own, ...others],
    active: row.replacedBy === undefined && (row.active ?? before?.['active'] ?? true),
    type: row.kinds?.map((each) => ({ coding: [codingOf(each)] })) ?? before?.['type'],
    name: row.name,
    alias: row.aliases ?? before?.['alias'],
    telecom: row.phone === undefined ? before?.['telecom'] : [{ system: 'phone', value: row.phone, use: 'work' }],
    address: address?.map((each) => ({ ...each, use: 'work' })) ?? addressBefore,
    partOf: row.partOf === undefined ? before?.['partOf'] : { reference: `Organization/${idOf(row.partOf)}` },
  });
}

const codingOf = (text: string): { system: string; code: string } => {
  const [list = '', code = ''] = text.split('#');
  return { system: volven(list), code };
};

type FormerName = { name: string; to?: string | undefined };

function extensionsOf(
  row: OrganisationRow,
  before: Resource | undefined,
  { today, idOf }: Pick<Context, 'today' | 'idOf'>,
): Extension[] {
  const had = (before?.['extension'] as Extension[] | undefined) ?? [];
  const former = new Map(
    [...formerNamesOf(before), ...(row.formerNames ?? [])].map((each): [string, FormerName] => [each.name, each]),
  );
  const nameBefore = before?.['name'] as string | undefined;
  if (nameBefore !== undefined && nameBefore !== row.name && !former.has(nameBefore)) {
    former.set(nameBefore, { name: nameBefore, to: row.nameFrom ?? today });
  }
  former.delete(row.name);
  const ours: readonly string[] = [ownExtensions.formerName, ownExtensions.replacedBy];
  return [
    ...had.filter(({ url }) => !ours.includes(url)),
    ...[...former.values()].map(({ name, to }) => ({
      url: ownExtensions.formerName,
      extension: [{ url: 'name', valueString: name }, ...(to === undefined ? [] : [{ url: 'to', valueDate: to }])],
    })),
    ...(row.replacedBy === undefined
      ? had.filter(({ url }) => url === ownExtensions.replacedBy && row.active !== true)
      : [
          {
            url: ownExtensions.replacedBy,
            extension: [
              { url: 'organization', valueReference: { reference: `Organization/${idOf(row.replacedBy)}` } },
              { url: 'date', valueDate: row.replacedOn ?? today },
            ],
          },
        ]),
  ];
}

export function formerNamesOf(organisation: Resource | undefined): FormerName[] {
  return ((organisation?.['extension'] as Extension[] | undefined) ?? []).flatMap(({ url, extension = [] }) => {
    if (url !== ownExtensions.formerName) return [];
    const name = extension.find((each) => each.url === 'name')?.['valueString'];
    const to = extension.find((each) => each.url === 'to')?.['valueDate'] as string | undefined;
    return typeof name === 'string' ? [{ name, ...(to === undefined ? {} : { to }) }] : [];
  });
}

/** Who goes on with it after a merger, and from when. */
export function replacedByOf(organisation: Resource): { id: string; on?: string } | undefined {
  const found = ((organisation['extension'] as Extension[] | undefined) ?? []).find(
    ({ url }) => url === ownExtensions.replacedBy,
  );
  const reference = found?.extension?.find(({ url }) => url === 'organization')?.['valueReference'] as
    | Reference
    | undefined;
  const on = found?.extension?.find(({ url }) => url === 'date')?.['valueDate'] as string | undefined;
  const id = reference?.reference?.slice('Organization/'.length);
  return id === undefined ? undefined : { id, ...(on === undefined ? {} : { on }) };
}

function serviceChanges(
  deps: ExchangeDeps,
  row: OrganisationRow,
  organisation: Resource,
  before: Resource | undefined,
): Change[] {
  const provider = { id: organisation.id ?? '', name: row.name };
  const after = serviceOf(row, before?.id ?? deps.writer.newId('HealthcareService'), provider, before);
  if (after !== undefined) return updateOf(before, after);
  return before === undefined || before['active'] === false ? [] : updateOf(before, { ...before, active: false });
}

function serviceOf(
  row: OrganisationRow,
  id: string,
  provider: { id: string; name: string },
  before?: Resource,
): Resource | undefined {
  if (row.services === undefined && row.openingHours === undefined) return undefined;
  return plain({
    ...before,
    resourceType: 'HealthcareService',
    id,
    meta: { ...before?.meta, source: sourceOf('organisations') },
    active: row.replacedBy === undefined && (row.active ?? before?.['active'] ?? true),
    providedBy: { reference: `Organization/${provider.id}`, identifier: identifierOf(row.key) },
    specialty: row.services?.map((each) => ({ coding: [codingOf(each)] })),
    name: provider.name,
    availableTime: row.openingHours?.map(({ days, from, to }) => ({
      daysOfWeek: days,
      ...(from === undefined && to === undefined ? { allDay: true } : {}),
      ...(from === undefined ? {} : { availableStartTime: `${from}:00` }),
      ...(to === undefined ? {} : { availableEndTime: `${to}:00` }),
    })),
  });
}

type AvailableTime = { daysOfWeek?: string[]; availableStartTime?: string; availableEndTime?: string };

async function* organisationRows(deps: ExchangeDeps): AsyncGenerator<OrganisationRow> {
  for await (const organisation of everyResource(deps, 'Organization')) {
    const keys = keysOf(organisation);
    const [first, ...rest] = keys;
    if (first === undefined) continue;
    const service = (await readServices(deps, [organisation.id ?? ''])).get(organisation.id ?? '');
    const around = [
      (organisation['partOf'] as Reference | undefined)?.reference,
      idReference(replacedByOf(organisation)?.id),
    ];
    const [parent, successor] = await Promise.all(around.map((each) => keyAt(deps, each)));
    const former = formerNamesOf(organisation);
    const hours = (service?.['availableTime'] as AvailableTime[] | undefined)?.map((each) => ({
      days: each.daysOfWeek ?? [],
      from: each.availableStartTime?.slice(0, 5),
      to: each.availableEndTime?.slice(0, 5),
    }));
    const { line, postalCode, city, municipality, municipalityName } = addressRowOf(organisation) ?? {};
    const kinds = listedCodes(organisation['type'] as Concept[] | undefined);
    const services = listedCodes(service?.['specialty'] as Concept[] | undefined);
    yield plain({
      key: first,
      otherKeys: rest.length > 0 ? rest : undefined,
      name: String(organisation['name'] ?? ''),
      formerNames: former.length > 0 ? former : undefined,
      aliases: organisation['alias'] as string[] | undefined,
      partOf: parent,
      kinds: kinds.length > 0 ? kinds : undefined,
      active: organisation['active'] === false ? false : undefined,
      addressLine: line,
      postalCode,
      city,
      municipality,
      municipalityName,
      phone: (organisation['telecom'] as { value?: string }[] | undefined)?.[0]?.value,
      services: services.length > 0 ? services : undefined,
      openingHours: hours as OrganisationRow['openingHours'],
      replacedBy: successor,
      replacedOn: replacedByOf(organisation)?.on,
    });
  }
}

const idReference = (id: string | undefined): string | undefined =>
  id === undefined ? undefined : `Organization/${id}`;

/** ENH before RSH before HER. */
export function keysOf(organisation: Resource): string[] {
  const texts = ((organisation['identifier'] as Identifier[] | undefined) ?? []).flatMap((each) => keyText(each) ?? []);
  const order = Object.keys(systems);
  return texts.sort((a, b) => order.indexOf(a.slice(0, 3)) - order.indexOf(b.slice(0, 3)));
}

async function keyAt(deps: ExchangeDeps, reference: string | undefined): Promise<string | undefined> {
  const id = reference?.startsWith('Organization/') ? reference.slice('Organization/'.length) : undefined;
  if (id === undefined) return undefined;
  const organisation = (await readMany(deps, [{ type: 'Organization', id }])).get(`Organization/${id}`);
  return organisation === undefined ? undefined : keysOf(organisation)[0];
}
