/** Whom the embedded provider lets an application be opened on: the personas look under rights of their own, and the access log says so. */
import type { Clock } from '#kernel/clock.ts';
import type { Db } from '#kernel/db.ts';
import type { Search } from '#fhir/search/index.ts';
import type { Door } from './door.ts';
import { createPatientChoices, type FindPatients, type PersonaEntry } from './provider/index.ts';
import { pagesClientId } from './provider/clients.ts';
import { readPerson } from './provider/person.ts';
import type { Identity, RecordReader, SignIn } from './sign-in/index.ts';

export type FindPatientsDeps = {
  db: Db;
  search: Search;
  clock: Clock;
  /** The embedded provider. */
  issuer: string;
  reader: RecordReader;
  signIn: Pick<SignIn, 'subjectOf'>;
  door: Pick<Door, 'enterAs'>;
};

/** Throws a Fault `forbidden` for a persona whom the record does not have. */
export function createFindPatients(deps: FindPatientsDeps): FindPatients {
  const { db, search, signIn, door } = deps;
  return createPatientChoices({
    db,
    search,
    async enter(persona) {
      const subject = await signIn.subjectOf(await identityOf(deps, persona));
      return door.enterAs({ subject, address: 'node' }, { action: 'search', query: 'choice of a patient' });
    },
  });
}

/** As the persona's token would say it. */
async function identityOf({ clock, issuer, reader }: FindPatientsDeps, persona: PersonaEntry): Promise<Identity> {
  const { key, kind, practitionerRole, patient, duty } = persona;
  const person = await readPerson(persona, (type, id) => reader.read(type, id));
  return {
    kind,
    issuer,
    subject: key,
    client: pagesClientId,
    securityLevel: 4,
    signedInAt: clock.now(),
    ...(person === undefined ? {} : { personNumber: person.personNumber }),
    ...(person?.hprNumber === undefined ? {} : { hprNumber: person.hprNumber }),
    ...(practitionerRole === undefined ? {} : { practitionerRole }),
    ...(patient === undefined ? {} : { patient }),
    ...(duty === undefined ? {} : { duty }),
  };
}
