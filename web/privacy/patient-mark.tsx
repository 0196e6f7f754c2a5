/**
 * A patient whom the privacy officer sees in the log: told apart by the end of the id, and a way to all that was done in the record. The officer has
 * no access to who it is; the case tells what is needed.
 */
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

const shownMost = 6;

export function PatientMark({ patient }: { patient: string }) {
  const { t } = useTranslation('privacy');
  return (
    <Link to={`/privacy/log?${new URLSearchParams({ patient })}`}>
      {t('a-patient', { mark: patient.slice(-shownMost) })}
    </Link>
  );
}
