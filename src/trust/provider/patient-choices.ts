/** Whom an application may be opened on: patients whose record the person may read, found under a grant of that person, and in the access log. */
import type { Patient } from 'fhir/r4.js';
import type { Grant } from '#fhir/index.ts';
import { parseJson } from '#fhir/json/index.ts';
import { runSearch, type Search } from '#fhir/search/index.ts';
import type { Db } from '#kernel/db.ts';
import { Fault } from '#kernel/fault.ts';
import type { FindPatients } from './interaction.ts';
import type { PatientChoice } from './interaction-pages.ts';
import type { PersonaEntry } from './persona.ts';

export type PatientChoicesDeps = {
  db: Db;
  search: Search;
  /** Lets the person in for one look-up: a grant, and what leaves the log entries. */
  enter(
    person: PersonaEntry,
  ): Promise<{ grant: Grant; end(outcome: { status: number; fault?: Fault }): Promise<void> }>;
};

/** Shown at most: who looks for more writes more of the name. */
const shownMax = 20;

/** What of a record must be open for it to be worth opening: knowing who a patient is, is not enough. */
const recordTypes: readonly string[] = ['Encounter', 'Condition', 'Observation', 'MedicationStatement'];

export function createPatientChoices({ db, search, enter }: PatientChoicesDeps): FindPatients {
  return async (person, question) => {
    // Signs alone are looked for as nothing, which everybody begins with.
    if ('name' in question && !/\p{L}/u.test(question.name)) return [];
    const { grant, end } = await enter(person);
    try {
      const { rows } = await runSearch(
        { db, search, grant },
        search.parse('Patient', parametersOf(question), { lenient: false }),
      );
      const found = rows.map(({ content }) => choiceOf(parseJson(content) as Patient));
      const open = await Promise.all(found.map(({ id }) => mayOpen(grant, id)));
      await end({ status: 200 });
      return found.filter((_, index) => open[index]);
    } catch (error) {
      if (error instanceof Fault) await end({ status: error.status, fault: error });
      throw error;
    }
  };
}

function parametersOf(question: Parameters<FindPatients>[1]): [string, string][] {
  const count: [string, string] = ['_count', String(shownMax)];
  if ('id' in question) return [['_id', escapedValue(question.id)], count];
  if ('name' in question) return [['name', escapedValue(question.name)], ['_sort', 'family'], count];
  return [['_sort', 'birthdate'], count];
}

/** Search values have signs of their own: `\`, `,`, `|` and `$` (FHIR R4 §3.1.1.3.3). */
function escapedValue(text: string): string {
  return text.replace(/\p{Cc}/gu, ' ').replace(/[\\,|$]/g, String.raw`\$&`);
}

/** A refusal with its reason is a no here; the application gets it too when it asks. */
async function mayOpen(grant: Grant, patient: string): Promise<boolean> {
  try {
    const reach = await grant.reach({ by: 'search', patient, isNamed: true, types: recordTypes });
    return reach.kind !== 'nothing';
  } catch (error) {
    if (error instanceof Fault && (error.kind === 'forbidden' || error.kind === 'notFound')) return false;
    throw error;
  }
}

function choiceOf({ id = '', name, birthDate }: Patient): PatientChoice {
  const shown = name?.find(({ use }) => use === 'official') ?? name?.[0];
  const words = [...(shown?.given ?? []), shown?.family ?? ''].filter((word) => word !== '');
  return { id, name: words.join(' ') || (shown?.text ?? id), ...(birthDate === undefined ? {} : { birthDate }) };
}
