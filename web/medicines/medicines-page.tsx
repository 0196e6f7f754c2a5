/** What the patient is given here, takes at home, has had, and is vaccinated with. */
import { useTranslation } from 'react-i18next';
import { Link, useParams, type LoaderFunctionArgs } from 'react-router';
import { Card } from '../record/card.tsx';
import { Row, rowsOrNone } from '../record/rows.tsx';
import { wordsOf } from '../record/words.ts';
import { queriesContext } from '../session/context.ts';
import { useWritten } from '../text/written.ts';
import { GivenHere } from './given-here.tsx';
import { isPrescription, nameOf } from '../record/ordered.ts';
import { dosesQuery, earlierQuery, listQuery, ordersQuery, vaccinesQuery } from './queries.ts';
import './medicines.css';

export async function loader({ params, context }: LoaderFunctionArgs): Promise<null> {
  const queries = context.get(queriesContext);
  const patient = params['patient'] as string;
  await Promise.all([queries.prefetchQuery(ordersQuery(patient)), queries.prefetchQuery(dosesQuery(patient))]);
  return null;
}

export function Component() {
  const { patient = '' } = useParams();
  return (
    <div className="fyr-stack">
      <GivenHere patient={patient} />
      <div className="fyr-two">
        <List patient={patient} />
        <div className="fyr-stack">
          <Prescriptions patient={patient} />
          <Vaccines patient={patient} />
          <Earlier patient={patient} />
        </div>
      </div>
    </div>
  );
}

function List({ patient }: { patient: string }) {
  const { t } = useTranslation('medicines');
  const written = useWritten();
  return (
    <Card title={t('list')} area="list" query={listQuery(patient)}>
      {(all) => (
        <>
          {rowsOrNone(
            all
              .filter(({ status }) => status === 'active' || status === 'intended')
              .sort((a, b) => nameOf(a).localeCompare(nameOf(b), 'nb')),
            (one) => (
              <Row
                from={[
                  one.effectivePeriod?.start === undefined
                    ? undefined
                    : t('since', { date: written.date(one.effectivePeriod.start.slice(0, 7)) }),
                  wordsOf(one.reasonCode?.[0]),
                  one.informationSource?.display,
                ]}
                change={{ to: `../write/medicine?id=${one.id}`, what: nameOf(one) }}
              >
                <strong>{nameOf(one)}</strong>
                {one.dosage?.[0]?.text !== undefined && ` – ${one.dosage[0].text}`}
              </Row>
            ),
          ) ?? <p className="fyr-subtle">{t('list-none')}</p>}
          <p>
            <Link to="../write/medicine">{t('write-medicine')}</Link>
          </p>
        </>
      )}
    </Card>
  );
}

function Prescriptions({ patient }: { patient: string }) {
  const { t } = useTranslation('medicines');
  const written = useWritten();
  return (
    <Card title={t('prescriptions')} area="prescriptions" query={ordersQuery(patient)} empty={t('prescriptions-none')}>
      {(all) =>
        rowsOrNone(all.filter(isPrescription), (one) => (
          <Row from={[t('prescribed', { when: written.date(one.authoredOn?.slice(0, 10)) }), one.requester?.display]}>
            {nameOf(one)}
            {one.dosageInstruction?.[0]?.text !== undefined && ` – ${one.dosageInstruction[0].text}`}
          </Row>
        ))
      }
    </Card>
  );
}

function Earlier({ patient }: { patient: string }) {
  const { t } = useTranslation('medicines');
  const written = useWritten();
  return (
    <Card title={t('earlier')} area="earlier" query={earlierQuery(patient)} empty={t('earlier-none')}>
      {(all) =>
        rowsOrNone(all, (one) => (
          <Row from={[written.date(one.authoredOn?.slice(0, 10)), t(`status-${one.status}`), one.requester?.display]}>
            {nameOf(one)}
          </Row>
        ))
      }
    </Card>
  );
}

function Vaccines({ patient }: { patient: string }) {
  const { t } = useTranslation('medicines');
  const written = useWritten();
  return (
    <Card title={t('vaccines')} area="vaccines" query={vaccinesQuery(patient)} empty={t('vaccines-none')}>
      {(all) =>
        rowsOrNone(all, ({ vaccineCode, occurrenceDateTime, protocolApplied, performer, status, lotNumber }) => (
          <Row
            from={[
              written.date(occurrenceDateTime?.slice(0, 10)),
              protocolApplied?.[0]?.doseNumberPositiveInt === undefined
                ? undefined
                : t('dose-number', { number: protocolApplied[0].doseNumberPositiveInt }),
              lotNumber,
              performer?.[0]?.actor.display,
              status === 'not-done' ? t('vaccine-not-given') : undefined,
            ]}
          >
            {wordsOf(vaccineCode)}
          </Row>
        ))
      }
    </Card>
  );
}
