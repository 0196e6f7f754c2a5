/** What is ordered for a patient, and what came of it: the newest first. */
import { Tag } from '@navikt/ds-react';
import type { ServiceRequest } from 'fhir/r4';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { Card } from '../record/card.tsx';
import { recordQuery } from '../record/queries.ts';
import { Row, rowsOrNone } from '../record/rows.tsx';
import { wordsOf } from '../record/words.ts';
import { useWritten } from '../text/written.ts';
import { Haste } from './tasks.tsx';

const ordersOf = (patient: string) => recordQuery(patient, 'ServiceRequest', { _sort: '-authored', _count: '200' });

export function Component() {
  const { t } = useTranslation('work');
  const { patient = '' } = useParams();
  return (
    <div className="fyr-stack">
      <p className="fyr-plain fyr-not-on-paper">
        <Link to={`/patients/${patient}/write/order`}>{t('order-new')}</Link>
      </p>
      <Card title={t('orders-of')} area="orders" query={ordersOf(patient)} empty={t('none-orders-of')}>
        {(all) => rowsOrNone(all, (one) => <Order order={one} />)}
      </Card>
    </div>
  );
}

function Order({ order }: { order: ServiceRequest }) {
  const { t } = useTranslation('work');
  const written = useWritten();
  const { code, status, priority, category, requester, performer, authoredOn, reasonCode, occurrencePeriod } = order;
  const end = occurrencePeriod?.end;
  return (
    <Row
      from={[
        wordsOf(category?.[0]),
        written.when(authoredOn),
        requester?.display && t('from', { name: requester.display }),
        performer?.[0]?.display && t('to', { name: performer[0].display }),
        end === undefined ? undefined : t('care-by', { when: written.date(end.slice(0, 10)) }),
      ]}
    >
      <span className="fyr-row fyr-row-middle">
        <span>{wordsOf(code)}</span>
        <Haste priority={priority} />
        <Tag size="xsmall" variant="outline" data-color={status === 'revoked' ? 'warning' : 'neutral'}>
          {t(`order-${status}`)}
        </Tag>
      </span>
      {reasonCode?.[0] && <div>{wordsOf(reasonCode[0])}</div>}
    </Row>
  );
}
