/** What the law says of age, to those whom it concerns now: the young, and who has a child. */
import { BodyLong, Heading } from '@navikt/ds-react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { ageAt } from '../record/names.ts';
import { patientQuery } from '../record/queries.ts';

const ownVoice = 12;
const ownDecision = 16;

/** @param actingFor whose record one acts for; undefined: one's own */
export function AgeRules({ patient, actingFor }: { patient: string; actingFor: string | undefined }) {
  const { t } = useTranslation('control');
  const { data } = useQuery(patientQuery(patient));
  const years = ageAt(data?.birthDate, new Date())?.years;
  if (years === undefined || years >= ownDecision) return null;
  const stage = years < ownVoice ? 'child' : 'young';
  return (
    <section className="fyr-card fyr-stack">
      <Heading size="small" level="2">
        {t('ages')}
      </Heading>
      <BodyLong>{actingFor === undefined ? t(`ages-own-${stage}`) : t(`ages-other-${stage}`)}</BodyLong>
      <ul className="fyr-follows">
        <li>{t('ages-under-12')}</li>
        <li>{t('ages-12-15')}</li>
        <li>{t('ages-16')}</li>
      </ul>
    </section>
  );
}

/** Whom to call is kept among the contacts of one's health. */
export function KinLink({ search }: { search: string }) {
  const { t } = useTranslation('control');
  return (
    <section className="fyr-card fyr-stack">
      <Heading size="small" level="2">
        {t('kin')}
      </Heading>
      <BodyLong>{t('kin-more')}</BodyLong>
      <div>
        <Link to={`/health/contacts${search}`}>{t('kin-see')}</Link>
      </div>
    </section>
  );
}
