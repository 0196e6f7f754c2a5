/** For whom a citizen acts: part of the address (`?for=`), kept from page to page, and always shown. */
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link, useLocation, useSearchParams } from 'react-router';
import type { Patient } from 'fhir/r4';
import { nameOf } from '../record/names.ts';
import { patientQuery } from '../record/queries.ts';
import { useSignedIn } from './queries.ts';

/** The id of the patient whom one acts for; undefined for oneself. */
export function useActingFor(): string | undefined {
  const [parameters] = useSearchParams();
  const session = useSignedIn();
  const id = parameters.get('for');
  return session?.kind === 'citizen' && id !== null && id !== session.id ? id : undefined;
}

/** What is added to an address to go on acting for the same. */
export function useActingSearch(): string {
  const patient = useActingFor();
  return patient === undefined ? '' : `?${new URLSearchParams({ for: patient })}`;
}

export function ActingFor() {
  const patient = useActingFor();
  return patient === undefined ? null : <Band patient={patient} />;
}

function Band({ patient }: { patient: string }) {
  const { t } = useTranslation('session');
  const { pathname } = useLocation();
  const { data } = useQuery(patientQuery(patient));
  return (
    <div className="fyr-band fyr-band-acting" role="status">
      <strong>{t('acting-for', { name: shownName(data) })}</strong>
      <Link to={pathname}>{t('back-to-own')}</Link>
    </div>
  );
}

function shownName(patient: Patient | undefined): string {
  return patient === undefined ? '…' : nameOf(patient.name);
}
