/** Personnel in and out of files, as Practitioners. */
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
import { numberKey, systemOf } from '../persons/person-number.ts';
import { everyResource, holdersOf, readMany } from '../records.ts';
import { ownExtensions, volven, type Identifier } from '../register-codes.ts';
import { authorisationsOf, specialitiesOf } from './authorisation.ts';

const date = z.iso.date();
const code = z.string().regex(/^[A-Z0-9]{1,5}$/, 'is not a code');

const personnelSchema = z.strictObject({
  number: z.string().regex(/^\d{1,9}$/, 'is not an HPR number'),
  personNumber: z
    .string()
    .refine((value) => systemOf(value) !== undefined, 'is not a person number')
    .optional(),
  given: z.string().min(1).max(200),
  family: z.string().min(1).max(200),
  sex: z.enum(['male', 'female', 'other', 'unknown']).optional(),
  birthDate: date.optional(),
  authorisations: z.array(
    z.strictObject({
      category: code,
      approval: code,
      from: date.optional(),
      to: date.optional(),
      restriction: z.string().min(1).max(1000).optional(),
      withdrawn: date.optional(),
      withdrawnWhy: z.string().min(1).max(1000).optional(),
    }),
  ),
  specialities: z.array(z.strictObject({ code, from: date.optional(), to: date.optional() })).optional(),
});

type PersonnelRow = z.infer<typeof personnelSchema>;

const columns: readonly Column[] = Object.keys(personnelSchema.shape).map((name) => ({
  name,
  kind: name === 'authorisations' || name === 'specialities' ? 'json' : 'text',
}));

export const personnelExchange: RegisterExchange<PersonnelRow> = {
  name: 'personnel',
  columns,
  schema: personnelSchema,
  keyOf: ({ number }) => number,
  afterKeys: () => [],
  sketch: (row) => [practitionerOf(row, 'new', undefined)],
  plan: planPersonnel,
  rows: personnelRows,
};

async function planPersonnel(deps: ExchangeDeps, rows: readonly PersonnelRow[]): Promise<Plan[]> {
  const numbers = rows.map(({ number }) => ({ system: identifierSystems.personnelNumber, value: number }));
  const held = await holdersOf(deps, numbers, ['Practitioner']);
  const known = await readMany(deps, [...held.values()]);
  return rows.map((row) => {
    const id = held.get(`${identifierSystems.personnelNumber}|${row.number}`)?.id ?? deps.writer.newId('Practitioner');
    const before = known.get(`Practitioner/${id}`);
    return { changes: updateOf(before, practitionerOf(row, id, before)) };
  });
}

/** What the row does not speak of (telephones, other identifiers) stays as it was. */
function practitionerOf(row: PersonnelRow, id: string, before: Resource | undefined): Resource {
  const own: Identifier[] = [{ system: identifierSystems.personnelNumber, value: row.number }];
  if (row.personNumber !== undefined) own.push(numberKey(row.personNumber));
  const others = ((before?.['identifier'] as Identifier[] | undefined) ?? []).filter(
    (each) => !own.some(({ system, value }) => each.system === system && each.value === value),
  );
  return plain({
    ...before,
    resourceType: 'Practitioner',
    id,
    meta: { ...before?.meta, source: sourceOf('personnel') },
    identifier: [...own, ...others],
    active: true,
    name: [{ use: 'official', family: row.family, given: row.given.split(/\s+/) }],
    gender: row.sex ?? before?.['gender'],
    birthDate: row.birthDate ?? before?.['birthDate'],
    qualification: [
      ...row.authorisations.map((each) => ({
        extension: extensionsOf(each),
        code: {
          coding: [
            { system: volven('9060'), code: each.category },
            { system: volven('7704'), code: each.approval },
          ],
        },
        period: periodOf(each),
      })),
      ...(row.specialities ?? []).map((each) => ({
        code: { coding: [{ system: volven('7426'), code: each.code }] },
        period: periodOf(each),
      })),
    ],
  });
}

function periodOf({ from, to }: { from?: string | undefined; to?: string | undefined }): object | undefined {
  return from === undefined && to === undefined ? undefined : { start: from, end: to };
}

function extensionsOf(each: PersonnelRow['authorisations'][number]): object[] | undefined {
  const extensions = [
    ...(each.restriction === undefined ? [] : [{ url: ownExtensions.restriction, valueString: each.restriction }]),
    ...(each.withdrawn === undefined
      ? []
      : [
          {
            url: ownExtensions.withdrawal,
            extension: [
              { url: 'date', valueDate: each.withdrawn },
              ...(each.withdrawnWhy === undefined ? [] : [{ url: 'reason', valueString: each.withdrawnWhy }]),
            ],
          },
        ]),
  ];
  return extensions.length > 0 ? extensions : undefined;
}

async function* personnelRows(deps: ExchangeDeps): AsyncGenerator<PersonnelRow> {
  for await (const practitioner of everyResource(deps, 'Practitioner')) {
    const identifiers = (practitioner['identifier'] as Identifier[] | undefined) ?? [];
    const number = identifiers.find(({ system }) => system === identifierSystems.personnelNumber)?.value;
    if (number === undefined) continue;
    const [name] = (practitioner['name'] as { given?: string[]; family?: string }[] | undefined) ?? [];
    const specialities = specialitiesOf(practitioner).map(({ code: each, period }) => ({
      code: each,
      from: period.start,
      to: period.end,
    }));
    yield plain({
      number,
      personNumber: identifiers.find(({ system, value }) => systemOf(value ?? '') === system)?.value,
      given: name?.given?.join(' ') ?? '',
      family: name?.family ?? '',
      sex: practitioner['gender'] as PersonnelRow['sex'],
      birthDate: practitioner['birthDate'] as string | undefined,
      authorisations: authorisationsOf(practitioner).map(({ period, ...each }) => ({
        ...each,
        from: period.start,
        to: period.end,
      })),
      specialities: specialities.length > 0 ? specialities : undefined,
    });
  }
}
