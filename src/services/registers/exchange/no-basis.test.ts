/** What the registers write conforms to the Norwegian base profiles (../shared/norway/fhir-no-basis). Skipped where they are not at hand. */
import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ownDatabaseUrl } from '../../../../test/support/database.ts';
import { testApi } from '../../../../test/support/fhir.ts';
import { importFiles, readImportFile } from '../../../cli/import-source.ts';
import { importUnits, parseResource } from '../../../cli/import-unit.ts';
import type { Resource } from '#fhir/types.ts';
import { syntheticNationalNumber, syntheticOrganisationNumber } from '#shared/identifiers.ts';
import { organisationExchange } from '../organisations/organisation-exchange.ts';
import { partyExchange } from '../parties/party-exchange.ts';
import { personExchange } from '../persons/person-exchange.ts';
import { personnelExchange } from '../personnel/personnel-exchange.ts';
import type { RegisterExchange } from './register-exchange.ts';

const packages = fileURLToPath(new URL('../../../../../shared/norway/fhir-no-basis/packages/', import.meta.url));

const number = syntheticNationalNumber({ birthDate: '1988-08-08', sex: 'female', sequence: 3 });
const key = `ENH:${syntheticOrganisationNumber(5)}`;
const rows: [RegisterExchange<never>, object][] = [
  [
    personExchange as never,
    {
      number,
      numberFrom: '2020-01-01',
      earlierNumbers: [
        {
          number: syntheticNationalNumber({ birthDate: '1988-08-08', sex: 'female', sequence: 4, dNumber: true }),
          ceased: '2020-01-01',
        },
      ],
      given: 'Tuva',
      middle: 'Nes',
      family: 'Moe',
      sex: 'female',
      birthDate: '1988-08-08',
      citizenships: [{ country: 'NOR', from: '1990-01-01' }],
      deathDate: '2026-01-01',
      maritalStatus: 'gift',
      addressLine: 'Fyrveien 1',
      postalCode: '9993',
      city: 'FYRVÅG',
      municipality: '9901',
      municipalityName: 'Fyrvåg',
      urbanDistrict: '990101',
      relations: [
        { role: 'mor', number, responsibility: 'felles' },
        {
          role: 'verge',
          name: 'Odd',
          scope: 'økonomi',
          guardianship: 'voksen',
          guardianshipScope: 'personligeInteresser',
        },
      ],
    },
  ],
  [
    personnelExchange as never,
    {
      number: '991',
      given: 'Eli',
      family: 'Moe',
      authorisations: [{ category: 'LE', approval: '1', restriction: 'x', withdrawn: '2020-01-01' }],
      specialities: [{ code: '1' }],
    },
  ],
  [
    organisationExchange as never,
    {
      key,
      otherKeys: ['RSH:77', 'HER:88'],
      name: 'Sykehus',
      kinds: ['8628#2', '8624#01'],
      formerNames: [{ name: 'Gamle', to: '2001-01-01' }],
      municipality: '9901',
      services: ['8655#S02'],
      openingHours: [{ days: ['mon'], from: '08:00', to: '16:00' }],
    },
  ],
  [
    partyExchange as never,
    {
      herId: '88',
      kind: 'service',
      organisation: key,
      name: 'Lab',
      services: ['8654#L03'],
      address: 'mailto:a@example.org',
      messages: ['REQ_LAB 1.5'],
      certificates: [{ use: 'sign', thumbprint: 'ab'.repeat(20), to: '2030-01-01' }],
    },
  ],
  [
    partyExchange as never,
    {
      herId: '89',
      kind: 'person',
      practitioner: '991',
      organisation: key,
      name: 'Eli Moe',
      address: 'mailto:a@example.org',
      messages: ['EPIKRISE 1.2'],
    },
  ],
];

test.skipIf(!existsSync(packages))('what the registers write conforms to no-basis', { timeout: 60_000 }, async () => {
  const api = await testApi({}, await ownDatabaseUrl('register_profiles'));
  try {
    const { validator } = api.record.fhir.context;
    for (const file of importFiles(
      '/',
      readdirSync(packages).map((name) => join(packages, name)),
    )) {
      for await (const content of readImportFile(file).contents) {
        for await (const { texts } of importUnits(content)) {
          const resource = parseResource(texts[0] ?? '');
          if (resource.resourceType === 'StructureDefinition') validator.addProfile(resource);
        }
      }
    }
    // The profiles are in use at all: one that is broken is told.
    const broken = {
      resourceType: 'Organization',
      name: 'x',
      type: [{ coding: [{ system: 'urn:oid:2.16.578.1.12.4.1.1.8628' }] }],
    };
    const profile = 'http://hl7.no/fhir/StructureDefinition/no-basis-Organization';
    const control = validator.validate({ ...broken, meta: { profile: [profile] } } as Resource);
    expect(control.issues.some(({ severity }) => severity === 'error')).toBe(true);
    const told: string[] = [];
    const seen = new Set<string>();
    for (const [exchange, row] of rows) {
      for (const resource of exchange.sketch(exchange.schema.parse(row))) {
        const profile = `http://hl7.no/fhir/StructureDefinition/no-basis-${resource.resourceType}`;
        const { issues } = validator.validate({ ...resource, meta: { profile: [profile] } } as Resource);
        seen.add(resource.resourceType);
        expect(issues.some(({ diagnostics }) => diagnostics?.includes('is not here'))).toBe(false);
        told.push(
          ...issues
            .filter(({ severity }) => severity === 'error')
            .map(({ expression, diagnostics }) => `${expression?.[0]}: ${diagnostics}`),
        );
      }
    }
    expect([...seen].sort()).toEqual([
      'Endpoint',
      'HealthcareService',
      'Organization',
      'Patient',
      'Practitioner',
      'PractitionerRole',
      'RelatedPerson',
    ]);
    expect(told).toEqual([]);
  } finally {
    await api.close();
  }
});
