/** The patient at a glance: what is wrong, what is taken, what was measured, who is near. Each list says when it was fetched, and nothing is blank. */
import { useParams, type LoaderFunctionArgs } from 'react-router';
import { vitalsQuery } from '../record/queries.ts';
import { queriesContext } from '../session/context.ts';
import { Appointments } from './appointments.tsx';
import { EarlyWarning } from './early-warning.tsx';
import { Contacts, People } from './people.tsx';
import { Allergies, Medicines, Problems } from './lists.tsx';
import { Laboratory, Vitals } from './measured.tsx';
import { allergiesQuery, laboratoryQuery, medicinesQuery, problemsQuery } from './queries.ts';

/** Asked for as soon as it is known that the record is open, and not waited for: each card draws when its own is there. */
export function loader({ params, context }: LoaderFunctionArgs): null {
  const queries = context.get(queriesContext);
  const patient = params['patient'] as string;
  queries.ensureQueryData(allergiesQuery(patient)).then(
    () => {
      void queries.prefetchQuery(vitalsQuery(patient));
      void queries.prefetchQuery(laboratoryQuery(patient));
      void queries.prefetchQuery(medicinesQuery(patient));
      void queries.prefetchQuery(problemsQuery(patient));
    },
    // Said where the record stands closed.
    () => undefined,
  );
  return null;
}

export function Component() {
  const { patient = '' } = useParams();
  return (
    <div className="fyr-overview">
      <div>
        <Allergies patient={patient} />
        <Medicines patient={patient} />
        <Problems patient={patient} />
      </div>
      <div>
        <EarlyWarning patient={patient} />
        <Vitals patient={patient} />
        <Laboratory patient={patient} />
        <Appointments patient={patient} />
        <Contacts patient={patient} />
        <People patient={patient} />
      </div>
    </div>
  );
}
