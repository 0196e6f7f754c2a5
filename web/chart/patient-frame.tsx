/** What is around every page of a patient: the header that never scrolls away, the pages of the chart, and what one can do when it is closed. */
import { useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { NavLink, Outlet, useParams, type LoaderFunctionArgs } from 'react-router';
import { listedNameOf } from '../record/names.ts';
import { patientQuery, staysQuery } from '../record/queries.ts';
import { rememberPatient } from '../record/recent.ts';
import { Refusal } from '../session/ask.ts';
import { queriesContext } from '../session/context.ts';
import { useSignedIn } from '../session/queries.ts';
import { Closed } from './closed.tsx';
import '../record/record.css';
import { PatientHeader } from './patient-header.tsx';
import { allergiesQuery, consentsQuery, criticalQuery } from './queries.ts';
import { SearchBox } from './search-box.tsx';

export async function loader({ params, context }: LoaderFunctionArgs): Promise<null> {
  const queries = context.get(queriesContext);
  const patient = params['patient'] as string;
  const [, isOpen] = await Promise.all([
    queries.ensureQueryData(patientQuery(patient)),
    // One question tells whether the record is open; the others would only be refused, each an attempt in the patient's log.
    queries.ensureQueryData(allergiesQuery(patient)).then(
      () => true,
      (error: unknown) => !(error instanceof Refusal),
    ),
  ]);
  if (isOpen)
    await Promise.all([
      queries.prefetchQuery(criticalQuery(patient)),
      queries.prefetchQuery(staysQuery(patient)),
      queries.prefetchQuery(consentsQuery(patient)),
    ]);
  return null;
}

const places = [
  'overview',
  'timeline',
  'results',
  'measurements',
  'medicines',
  'documents',
  'search',
  'orders',
  'write',
  'log',
] as const;

export function Component() {
  const { t } = useTranslation('chart');
  const { patient: id = '' } = useParams();
  const { data: patient } = useSuspenseQuery(patientQuery(id));
  const { error } = useQuery(allergiesQuery(id));
  const person = useSignedIn()?.id ?? '';
  useEffect(() => rememberPatient(person, id), [person, id]);
  const isClosed = error instanceof Refusal;
  return (
    <>
      <title>{listedNameOf(patient.name)}</title>
      <PatientHeader patient={patient} isClosed={isClosed}>
        {!isClosed && (
          <div className="fyr-patient-line">
            <nav aria-label={t('pages')} className="fyr-places fyr-patient-places">
              {places.map((place) => (
                <NavLink key={place} to={place === 'overview' ? '.' : place} end={place === 'overview'}>
                  {t(`page-${place}`)}
                </NavLink>
              ))}
            </nav>
            <SearchBox patient={id} />
          </div>
        )}
      </PatientHeader>
      {isClosed ? <Closed patient={patient} refusal={error} /> : <Outlet />}
    </>
  );
}
