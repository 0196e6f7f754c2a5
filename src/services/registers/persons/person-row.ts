/** A person as a row of a file, and as a Patient with RelatedPersons. Pure. */
import { z } from 'zod';
import type { Resource } from '#fhir/types.ts';
import { guardianshipKinds, guardianshipScopes, type AddressGrade, type AddressRow } from '../contract.ts';
import { plain, sourceOf } from '../exchange/register-exchange.ts';
import type { Column } from '../exchange/source.ts';
import {
  extensionOf,
  noBasis,
  ownExtensions,
  volven,
  type Concept,
  type Extension,
  type Identifier,
  type Period,
  type Reference,
} from '../register-codes.ts';
import { citizenship, citizenshipsOf, withCitizenships } from './citizenship.ts';
import { municipalityOf } from './events.ts';
import { numberKey, systemOf } from './person-number.ts';
import { relationRowOf } from './relation-row.ts';

const date = z.iso.date();
const name = z.string().min(1).max(200);
const number = z.string().refine((value) => systemOf(value) !== undefined, 'is not a person number');

const relation = z.strictObject({
  role: z.enum(['mor', 'far', 'medmor', 'barn', 'søsken', 'ektefelleEllerPartner', 'dødfødtBarn', 'verge']),
  number: number.optional(),
  name: name.optional(),
  responsibility: z.enum(['felles', 'mor', 'far', 'medmor', 'andre', 'ukjent']).optional(),
  guardianship: z.enum(guardianshipKinds).optional(),
  guardianshipScope: z.enum(guardianshipScopes).optional(),
  scope: z.string().max(500).optional(),
  from: date.optional(),
  to: date.optional(),
});

const maritalStates = {
  uoppgitt: 'UNK',
  ugift: 'S',
  gift: 'M',
  enkeEllerEnkemann: 'W',
  skilt: 'D',
  separert: 'L',
  registrertPartner: 'T',
  separertPartner: 'L',
  skiltPartner: 'D',
  gjenlevende_partner: 'W',
} as const;

export const personSchema = z.strictObject({
  number,
  numberFrom: date.optional(),
  earlierNumbers: z.array(z.strictObject({ number, ceased: date.optional() })).optional(),
  status: z.enum(['active', 'inactive']).optional(),
  mergedInto: number.optional(),
  given: name.optional(),
  middle: name.optional(),
  family: name.optional(),
  nameFrom: date.optional(),
  earlierNames: z
    .array(z.strictObject({ given: name, middle: name.optional(), family: name, to: date.optional() }))
    .optional(),
  sex: z.enum(['male', 'female', 'other', 'unknown']).optional(),
  birthDate: date.optional(),
  citizenships: z.array(citizenship).optional(),
  deathDate: date.optional(),
  maritalStatus: z.enum(Object.keys(maritalStates) as [keyof typeof maritalStates]).optional(),
  addressGrade: z.enum(['unclassified', 'client', 'confidential', 'strictlyConfidential']).optional(),
  addressLine: z.string().max(300).optional(),
  postalCode: z
    .string()
    .regex(/^\d{4}$/, 'is not a postal code')
    .optional(),
  city: z.string().max(100).optional(),
  municipality: z
    .string()
    .regex(/^\d{4}$/, 'is not a municipality number')
    .optional(),
  municipalityName: z.string().max(100).optional(),
  urbanDistrict: z
    .string()
    .regex(/^\d{6}$/, 'is not an urban district number')
    .optional(),
  addressFrom: date.optional(),
  relations: z.array(relation).optional(),
  generalPractitioner: z
    .string()
    .regex(/^\d{1,9}$/, 'is not an HPR number')
    .optional(),
  generalPractitionerFrom: date.optional(),
});

export type PersonRow = z.infer<typeof personSchema>;

const jsonColumns = new Set(['earlierNumbers', 'earlierNames', 'citizenships', 'relations']);
export const personColumns: readonly Column[] = Object.keys(personSchema.shape).map((each) => ({
  name: each,
  kind: jsonColumns.has(each) ? 'json' : 'text',
}));

/** The grade of a row: undefined leaves what is there as it is. */
export const isProtectedGrade = (grade: AddressGrade | undefined): boolean =>
  grade !== undefined && grade !== 'unclassified';

/** The address of a row, or undefined when it has none. */
export function addressOfRow(row: PersonRow): AddressRow | undefined {
  const { addressLine: line, postalCode, city, municipality, municipalityName, urbanDistrict, addressFrom: from } = row;
  if (line === undefined && postalCode === undefined && municipality === undefined) return undefined;
  return plain({ line, postalCode, city, municipality, municipalityName, urbanDistrict, from });
}

/**
 * The Patient of a row. What the row does not say stays as it was; a number or name that is no longer the current one stays with the date
 * on which it ceased. `hidesAddress`: the address is protected, and stands nowhere here.
 */
export function patientOfRow(
  row: PersonRow,
  context: {
    id: string;
    before?: Resource | undefined;
    today: string;
    hidesAddress: boolean;
    practitioner?: Reference | undefined;
  },
): Resource {
  const { id, before, today, hidesAddress, practitioner } = context;
  const { address: _address, ...kept } = before ?? { resourceType: 'Patient' };
  const address = hidesAddress ? undefined : (addressResource(addressOfRow(row)) ?? _address);
  return plain({
    ...kept,
    resourceType: 'Patient',
    id,
    meta: { ...before?.meta, source: sourceOf('persons') },
    identifier: identifiersOfRow(row, before, today),
    active: row.status === undefined ? (before?.['active'] ?? true) : row.status === 'active',
    name: namesOfRow(row, before, today),
    gender: row.sex ?? before?.['gender'],
    birthDate: row.birthDate ?? before?.['birthDate'],
    extension: withCitizenships(before, row.citizenships),
    ...(row.deathDate === undefined ? {} : { deceasedDateTime: row.deathDate, deceasedBoolean: undefined }),
    address,
    ...(row.maritalStatus === undefined ? {} : { maritalStatus: maritalConcept(row.maritalStatus) }),
    ...(practitioner === undefined ? {} : { generalPractitioner: [practitioner] }),
  });
}

function maritalConcept(status: keyof typeof maritalStates): Concept {
  const code = maritalStates[status];
  const standard =
    code === 'UNK'
      ? 'http://terminology.hl7.org/CodeSystem/v3-NullFlavor'
      : 'http://terminology.hl7.org/CodeSystem/v3-MaritalStatus';
  return {
    coding: [
      { system: standard, code },
      { system: noBasis.maritalStatus, code: status },
    ],
  };
}

function identifiersOfRow(row: PersonRow, before: Resource | undefined, today: string): Identifier[] {
  const found = new Map<string, Identifier>();
  const keyOf = ({ system, value }: Identifier): string => `${system}|${value}`;
  const put = (identifier: Identifier): void => void found.set(keyOf(identifier), identifier);
  put({ use: 'official', ...numberKey(row.number), ...(row.numberFrom ? { period: { start: row.numberFrom } } : {}) });
  for (const { number: earlier, ceased } of row.earlierNumbers ?? []) {
    put({ use: 'old', ...numberKey(earlier), ...(ceased ? { period: { end: ceased } } : {}) });
  }
  for (const identifier of (before?.['identifier'] as Identifier[] | undefined) ?? []) {
    const known = found.get(keyOf(identifier));
    if (known) {
      if (identifier.period && (known.use === identifier.use || known.period === undefined))
        known.period = { ...identifier.period, ...known.period };
      if (known.use === 'official' && known.period) delete known.period.end;
    } else if (systemOf(identifier.value ?? '') === identifier.system && identifier.use !== 'old') {
      put({ ...identifier, use: 'old', period: { ...identifier.period, end: row.numberFrom ?? today } });
    } else put(identifier);
  }
  return [...found.values()];
}

type HumanName = { use?: string; family?: string; given?: string[]; extension?: Extension[]; period?: Period };

function namesOfRow(row: PersonRow, before: Resource | undefined, today: string): HumanName[] | undefined {
  const had = (before?.['name'] as HumanName[] | undefined) ?? [];
  if (row.given === undefined && row.family === undefined) return had.length > 0 ? had : undefined;
  const current = nameResource(row.given, row.middle, row.family, {
    use: 'official',
    ...(row.nameFrom ? { period: { start: row.nameFrom } } : {}),
  });
  const names = [
    current,
    ...(row.earlierNames ?? []).map((each) =>
      nameResource(each.given, each.middle, each.family, {
        use: 'old',
        ...(each.to ? { period: { end: each.to } } : {}),
      }),
    ),
  ];
  for (const name of had) {
    const same = names.find((each) => sameName(each, name));
    if (same) {
      if (name.period && same.period === undefined && same.use === name.use) same.period = name.period;
    } else if (name.use === 'official' || name.use === undefined) {
      names.push({ ...name, use: 'old', period: { ...name.period, end: row.nameFrom ?? today } });
    } else names.push(name);
  }
  return names;
}

function nameResource(
  given: string | undefined,
  middle: string | undefined,
  family: string | undefined,
  rest: HumanName,
): HumanName {
  return {
    ...(middle === undefined ? {} : { extension: [{ url: noBasis.middleName, valueString: middle }] }),
    ...rest,
    ...(family === undefined ? {} : { family }),
    ...(given === undefined ? {} : { given: given.split(/\s+/) }),
  };
}

function sameName(a: HumanName, b: HumanName): boolean {
  const text = (each: HumanName): string =>
    JSON.stringify([each.given, extensionOf(each, noBasis.middleName)?.['valueString'], each.family]);
  return text(a) === text(b);
}

/** An official address as no-basis-Address writes it. */
export function addressResource(address: AddressRow | undefined): object[] | undefined {
  if (address === undefined) return undefined;
  const { municipality, municipalityName, urbanDistrict } = address;
  const district = municipalityName ?? municipality;
  return [
    {
      extension: [
        { url: noBasis.addressOfficial, valueBoolean: true },
        ...(urbanDistrict === undefined
          ? []
          : [{ url: noBasis.urbanDistrict, valueCoding: { system: volven('3403'), code: urbanDistrict } }]),
      ],
      use: 'home',
      ...(address.line === undefined ? {} : { line: [address.line] }),
      ...(address.city === undefined ? {} : { city: address.city }),
      ...(district === undefined ? {} : { district }),
      ...(municipality === undefined
        ? {}
        : {
            _district: {
              extension: [
                {
                  url: noBasis.municipalityCode,
                  valueCoding: {
                    system: volven('3402'),
                    code: municipality,
                    ...(municipalityName ? { display: municipalityName } : {}),
                  },
                },
              ],
            },
          }),
      ...(address.postalCode === undefined ? {} : { postalCode: address.postalCode }),
      country: 'NO',
      ...(address.from === undefined ? {} : { period: { start: address.from } }),
    },
  ];
}

/** The address of a Patient as a row has it. */
export function addressRowOf(patient: Resource): AddressRow | undefined {
  const addresses = (patient['address'] as { use?: string; period?: Period }[] | undefined) ?? [];
  const address = addresses.find(({ use, period }) => use !== 'old' && period?.end === undefined) as
    | {
        line?: string[];
        postalCode?: string;
        city?: string;
        district?: string;
        extension?: Extension[];
        period?: Period;
      }
    | undefined;
  if (address === undefined) return undefined;
  const district = extensionOf(address, noBasis.urbanDistrict)?.['valueCoding'] as { code?: string } | undefined;
  return plain({
    line: address.line?.join(', '),
    postalCode: address.postalCode,
    city: address.city,
    municipality: municipalityOf(address),
    municipalityName: address.district,
    urbanDistrict: district?.code,
    from: address.period?.start,
  });
}

/** A Patient, with his relations and his protection, as a row. */
export function rowOfPatient(
  patient: Resource,
  relations: readonly Resource[],
  protection?: { grade: AddressGrade; address: AddressRow | undefined },
): PersonRow | undefined {
  const identifiers = ((patient['identifier'] as Identifier[] | undefined) ?? []).filter(
    ({ system, value }) => systemOf(value ?? '') === system,
  );
  const current = identifiers.find(({ use, period }) => use !== 'old' && period?.end === undefined);
  if (current?.value === undefined) return undefined;
  const names = (patient['name'] as HumanName[] | undefined) ?? [];
  const name = names.find(({ use }) => use !== 'old' && use !== 'maiden') ?? names[0];
  const marital = ((patient['maritalStatus'] as Concept | undefined)?.coding ?? []).find(
    ({ system }) => system === noBasis.maritalStatus,
  )?.code;
  const [practitioner] = (patient['generalPractitioner'] as Reference[] | undefined) ?? [];
  const isProtected = isProtectedGrade(protection?.grade);
  const address = isProtected ? protection?.address : addressRowOf(patient);
  const middleOf = (each: HumanName | undefined): string | undefined =>
    extensionOf(each, noBasis.middleName)?.['valueString'] as string | undefined;
  return plain({
    number: current.value,
    numberFrom: current.period?.start,
    earlierNumbers: listOrNone(
      identifiers
        .filter((each) => each !== current)
        .map(({ value = '', period }) => ({ number: value, ceased: period?.end })),
    ),
    status: patient['active'] === false ? ('inactive' as const) : undefined,
    given: name?.given?.join(' '),
    middle: middleOf(name),
    family: name?.family,
    nameFrom: name?.period?.start,
    earlierNames: listOrNone(
      names
        .filter((each) => each !== name && each.given !== undefined && each.family !== undefined)
        .map((each) => ({
          given: each.given?.join(' ') ?? '',
          middle: middleOf(each),
          family: each.family ?? '',
          to: each.period?.end,
        })),
    ),
    sex: patient['gender'] as PersonRow['sex'],
    birthDate: patient['birthDate'] as string | undefined,
    citizenships: listOrNone(citizenshipsOf(patient)),
    deathDate: (patient['deceasedDateTime'] as string | undefined)?.slice(0, 10),
    maritalStatus: marital as PersonRow['maritalStatus'],
    addressGrade: protection?.grade,
    addressLine: address?.line,
    postalCode: address?.postalCode,
    city: address?.city,
    municipality: address?.municipality,
    municipalityName: address?.municipalityName,
    urbanDistrict: address?.urbanDistrict,
    addressFrom: address?.from,
    relations: listOrNone(
      relations.filter((each) => each['active'] !== false || each['period'] !== undefined).map(relationRowOf),
    ),
    generalPractitioner: practitioner?.identifier?.value,
    generalPractitionerFrom: (
      extensionOf(practitioner, ownExtensions.practitionerPeriod)?.['valuePeriod'] as Period | undefined
    )?.start,
  });
}

function listOrNone<T>(list: T[]): T[] | undefined {
  return list.length > 0 ? list : undefined;
}
