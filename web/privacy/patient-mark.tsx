/** A patient in the log, by name; while that is on its way, or where the patient is not here, by the end of the id. A way to all that was done in the record. */
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { usePerson } from './people.tsx';

const shownMost = 6;

export function PatientMark({ patient }: { patient: string }) {
  const { t } = useTranslation('privacy');
  const person = usePerson(patient);
  return (
    <Link to={`/privacy/log?${new URLSearchParams({ patient })}`}>
      {person?.name ?? t('a-patient', { mark: patient.slice(-shownMost) })}
    </Link>
  );
}
