/** A person's age and sex in words. */
import type { Patient } from 'fhir/r4';
import { useTranslation } from 'react-i18next';
import { useWritten } from '../text/written.ts';
import { ageAt, lastDayOf } from './names.ts';

/** `78 år`; of small children months, of the newborn days. Empty where it is not known. */
export function useAge(): (patient: Patient) => string {
  const { t } = useTranslation('record');
  return (patient) => {
    const age = ageAt(patient.birthDate, lastDayOf(patient, new Date()));
    if (age === undefined) return '';
    if (age.years >= 2) return t('years', { count: age.years });
    return age.months >= 2 ? t('months', { count: age.months }) : t('days', { count: Math.max(age.days, 0) });
  };
}

/** `kvinne, 78 år`, and when the person died. */
export function useWho(): (patient: Patient) => string {
  const { t } = useTranslation('record');
  const written = useWritten();
  const age = useAge();
  return (patient) =>
    [
      t(`sex-${patient.gender ?? 'unknown'}`),
      age(patient),
      patient.deceasedDateTime === undefined ? '' : t('dead', { date: written.date(patient.deceasedDateTime) }),
    ]
      .filter(Boolean)
      .join(', ');
}
