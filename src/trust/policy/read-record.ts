/** Reads the facts of patients from the record: a few statements for any number of patients, and what they refer to in the directories. */
import type { Db } from '#kernel/db.ts';
import { patientBucket } from '#fhir/record/bucket.ts';
import { findMany } from '#fhir/record/store.ts';
import type { Search } from '#fhir/search/index.ts';
import { tokenOf } from '#fhir/search/hash.ts';
import { labelToken, patientCompartmentToken, sharedToken } from '#fhir/search/tokens.ts';
import type { Resource } from '#fhir/types.ts';
import { allWithholdingLabels } from './codes.ts';
import type { Directories } from './directories.ts';
import { directoryReferences } from './directory.ts';
import type { PatientFacts } from './facts.ts';
import { closedByName } from './patients-choices.ts';
import { documentTypes, factTypes, readFacts } from './read-facts.ts';
import { findByBoth, findByTokens, type FactRow } from './record-store.ts';

export type RecordReader = {
  /** The facts of each of the patients; `withShared`: also of what names several patients, which only citizens are kept from. */
  read(patients: readonly string[], withShared: boolean): Promise<Map<string, PatientFacts>>;
};

/** Patients in one statement. */
const patientsAtOnce = 200;

export type ReadingDeps = { db: Db; search: Search; directories: Directories };

export function createRecordReader({ db, search, directories }: ReadingDeps): RecordReader {
  const { catalog, patientBucket: spread } = search.parts;
  /** The tokens by which resources of these types name a patient as the one in whose record they lie. */
  const tokensOf = (types: readonly string[], patient: string): string[] =>
    types.flatMap((type) => {
      const compartment = catalog.compartment('Patient', type);
      if (compartment === undefined || compartment.isItself) return [];
      return compartment.uses.map(({ unit }) => tokenOf(unit.seed, `rPatient/${patient}`));
    });
  const readSome = async (patients: readonly string[], withShared: boolean): Promise<Map<string, PatientFacts>> => {
    const buckets = spread && [...new Set(patients.map(patientBucket))];
    const facts = patients.flatMap((patient) => tokensOf(factTypes, patient));
    const documents = patients.flatMap((patient) => tokensOf(documentTypes, patient));
    const [persons, rows, labelled, shared] = await Promise.all([
      findMany(
        db,
        patients.map((id) => ({ type: 'Patient', id })),
      ),
      findByTokens(db, patients, facts, buckets),
      findByBoth(db, patients, [documents, allWithholdingLabels.map(labelToken)], buckets),
      withShared ? findByBoth(db, patients, [patients.map(patientCompartmentToken), [sharedToken]], buckets) : [],
    ]);
    const people = persons.flatMap(({ id, content }) =>
      content === null ? [] : [{ type: 'Patient', id, patient: id, content }],
    );
    const resources = [...people, ...rows].map(parsed);
    const closed = await readClosed(db, resources);
    const directory = await directories.knowing(resources.flatMap(({ resource }) => directoryReferences(resource)));
    const files = [...labelled.map(parsed), ...closed];
    const several = shared.map(parsed).map(({ patient, resource }) => ({
      patient,
      resource,
      patients: search.compartmentsOf(resource, 'Patient'),
    }));
    return new Map(
      patients.map((patient) => [
        patient,
        readFacts(
          {
            patient,
            resources: ofPatient(resources, patient),
            labelled: ofPatient(files, patient),
            shared: several.filter((one) => one.patient === patient),
          },
          directory,
        ),
      ]),
    );
  };
  return {
    async read(patients, withShared) {
      const found = new Map<string, PatientFacts>();
      for (let at = 0; at < patients.length; at += patientsAtOnce) {
        const some = await readSome(patients.slice(at, at + patientsAtOnce), withShared);
        for (const [patient, facts] of some) found.set(patient, facts);
      }
      return found;
    },
  };
}

type Read = { patient: string; resource: Resource };

const parsed = ({ patient, content }: FactRow): Read => ({ patient, resource: JSON.parse(content) as Resource });

const ofPatient = (all: readonly Read[], patient: string): Resource[] =>
  all.flatMap((one) => (one.patient === patient ? [one.resource] : []));

/** Documents that a Consent closes by name, for the sake of their files. */
async function readClosed(db: Db, resources: readonly Read[]): Promise<Read[]> {
  const named = resources.flatMap(({ patient, resource }) => closedByName(resource).map((name) => ({ patient, name })));
  if (named.length === 0) return [];
  const keys = named.map(({ name }) => ({
    type: name.slice(0, name.indexOf('/')),
    id: name.slice(name.indexOf('/') + 1),
  }));
  const found = new Map((await findMany(db, keys)).map((row) => [`${row.type}/${row.id}`, row.content]));
  return named.flatMap(({ patient, name }) => {
    const content = found.get(name);
    return content ? [{ patient, resource: JSON.parse(content) as Resource }] : [];
  });
}
