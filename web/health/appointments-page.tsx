/** Appointments, and referrals with the day by which one is to be seen. */
import { BodyLong, Heading, Tag } from '@navikt/ds-react';
import type { ServiceRequest } from 'fhir/r4';
import { useTranslation } from 'react-i18next';
import { Card } from '../record/card.tsx';
import { Row, rowsOrNone } from '../record/rows.tsx';
import { wordsOf } from '../record/words.ts';
import { useWritten } from '../text/written.ts';
import { Upcoming } from './appointments.tsx';
import { appointmentsQuery, referralsQuery } from './queries.ts';
import { loaderOf, useWhose } from './whose.ts';

export const loader = loaderOf((queries, patient) => [
  queries.prefetchQuery(appointmentsQuery(patient)),
  queries.prefetchQuery(referralsQuery(patient)),
]);

/** 8306: what referrals are prioritised by; orders of tests have none. */
const prioritySystem = 'urn:oid:2.16.578.1.12.4.1.1.8306';
const isReferral = ({ category = [] }: ServiceRequest): boolean =>
  category.some(({ coding = [] }) => coding.some(({ system }) => system === prioritySystem));

export function Component() {
  const { t } = useTranslation('health');
  const patient = useWhose();
  return (
    <>
      <title>{t('appointments-title')}</title>
      <Heading size="xlarge" level="1">
        {t('appointments-title')}
      </Heading>
      <Upcoming patient={patient} />
      <Referrals patient={patient} />
    </>
  );
}

function Referrals({ patient }: { patient: string }) {
  const { t } = useTranslation('health');
  return (
    <Card title={t('referrals')} area="own-referrals" query={referralsQuery(patient)} empty={t('referrals-none')}>
      {(all) => {
        const rows = rowsOrNone(all.filter(isReferral), (one) => <Referral referral={one} />);
        return rows === undefined ? undefined : (
          <>
            <BodyLong>{t('referrals-more')}</BodyLong>
            {rows}
          </>
        );
      }}
    </Card>
  );
}

function Referral({ referral }: { referral: ServiceRequest }) {
  const { t } = useTranslation('health');
  const written = useWritten();
  const { code, status, authoredOn, requester, performer, occurrencePeriod } = referral;
  const deadline = occurrencePeriod?.end;
  const isOpen = status === 'active' || status === 'on-hold';
  const isLate = isOpen && deadline !== undefined && Date.parse(deadline.slice(0, 10)) + 86_400_000 < Date.now();
  return (
    <Row from={[requester?.display, performer?.[0]?.display, written.date(authoredOn?.slice(0, 10))]}>
      <strong>{wordsOf(code)}</strong>{' '}
      <Tag size="small" data-color={isOpen ? 'info' : 'neutral'}>
        {t(isOpen ? 'referral-open' : status === 'completed' ? 'referral-done' : 'referral-ended')}
      </Tag>
      {isOpen && deadline !== undefined && (
        <p className="fyr-plain">
          {t(isLate ? 'deadline-passed' : 'deadline', { date: written.date(deadline.slice(0, 10)) })}
        </p>
      )}
    </Row>
  );
}
