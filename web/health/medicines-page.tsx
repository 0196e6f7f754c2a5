/** What one takes and why, and the prescriptions that are open. */
import { Heading } from '@navikt/ds-react';
import { useTranslation } from 'react-i18next';
import { Card } from '../record/card.tsx';
import { isPrescription, nameOf } from '../record/ordered.ts';
import { Row, rowsOrNone } from '../record/rows.tsx';
import { wordsOf } from '../record/words.ts';
import { useWritten } from '../text/written.ts';
import { Explained, OwnMark } from './explained.tsx';
import { isOwn } from './own.ts';
import { medicinesQuery, prescriptionsQuery } from './queries.ts';
import { loaderOf, useWhose } from './whose.ts';

export const loader = loaderOf((queries, patient) => [queries.prefetchQuery(medicinesQuery(patient))]);

export function Component() {
  const { t } = useTranslation('health');
  const patient = useWhose();
  return (
    <>
      <title>{t('part-medicines')}</title>
      <Heading size="xlarge" level="1">
        {t('part-medicines')}
      </Heading>
      <InUse patient={patient} />
      <Prescriptions patient={patient} />
    </>
  );
}

function InUse({ patient }: { patient: string }) {
  const { t } = useTranslation('health');
  const written = useWritten();
  return (
    <Card title={t('medicines-now')} area="own-medicines" query={medicinesQuery(patient)} empty={t('medicines-none')}>
      {(all) =>
        rowsOrNone(
          [...all].sort((a, b) => nameOf(a).localeCompare(nameOf(b), 'nb')),
          (one) => {
            const start = one.effectivePeriod?.start;
            const reason = wordsOf(one.reasonCode?.[0]);
            return (
              <Row
                from={[
                  start === undefined ? undefined : t('since', { date: written.date(start.slice(0, 7)) }),
                  one.informationSource?.display,
                ]}
              >
                <strong>{nameOf(one)}</strong>
                {one.dosage?.[0]?.text !== undefined && ` – ${one.dosage[0].text}`}
                {isOwn(one) && <OwnMark />}
                {reason !== '' && <div>{t('for-what', { reason })}</div>}
                <Explained concept={one.medicationCodeableConcept} />
              </Row>
            );
          },
        )
      }
    </Card>
  );
}

function Prescriptions({ patient }: { patient: string }) {
  const { t } = useTranslation('health');
  const written = useWritten();
  return (
    <Card
      title={t('prescriptions')}
      area="own-prescriptions"
      query={prescriptionsQuery(patient)}
      empty={t('prescriptions-none')}
    >
      {(all) =>
        rowsOrNone(all.filter(isPrescription), (one) => {
          const end = one.dispenseRequest?.validityPeriod?.end;
          return (
            <Row from={[written.date(one.authoredOn?.slice(0, 10)), one.requester?.display]}>
              <strong>{nameOf(one)}</strong>
              {one.dosageInstruction?.[0]?.text !== undefined && ` – ${one.dosageInstruction[0].text}`}
              {end !== undefined && <div>{t('valid-until', { date: written.date(end.slice(0, 10)) })}</div>}
            </Row>
          );
        })
      }
    </Card>
  );
}
