/** Who the patients of the log are, for the privacy officer: by id, or found by a number that somebody gave. */
import type { Patient } from 'fhir/r4.js';
import type { Resource } from '#fhir/types.ts';
import { identifierSystems } from '#shared/identifiers.ts';
import type { PersonAnswer } from './contract.ts';

/** How the record is read: under the node's own grant, since the officer has none for it. */
export type PeopleReader = { find(type: string, parameter: string, value: string): Promise<Resource[]> };

export type People = {
  /** Those of these that are here. */
  of(patients: readonly string[]): Promise<PersonAnswer[]>;
  /** Who has a national number or D-number; empty where nobody has. */
  byNumber(number: string): Promise<PersonAnswer[]>;
};

const numberSystems: readonly string[] = [identifierSystems.nationalNumber, identifierSystems.dNumber];

export function createPeople(reader: PeopleReader): People {
  return {
    async of(patients) {
      if (patients.length === 0) return [];
      return (await reader.find('Patient', '_id', [...new Set(patients)].join(','))).map(personOf);
    },
    async byNumber(number) {
      const value = numberSystems.map((system) => `${system}|${number}`).join(',');
      return (await reader.find('Patient', 'identifier', value)).map(personOf);
    },
  };
}

function personOf(resource: Resource): PersonAnswer {
  const { id = '', name: names, birthDate, identifier } = resource as unknown as Patient;
  const name = names?.find(({ use }) => use === 'official') ?? names?.find(({ use }) => use !== 'old') ?? names?.[0];
  const number = identifier?.find(({ system }) => numberSystems.includes(system ?? ''))?.value;
  return {
    patient: id,
    name: name?.text ?? [...(name?.given ?? []), name?.family].filter(Boolean).join(' '),
    ...(birthDate === undefined ? {} : { birthDate }),
    ...(number === undefined ? {} : { number }),
  };
}
