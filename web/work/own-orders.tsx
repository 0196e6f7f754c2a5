/** What I have ordered, and how far it is. */
import { Tag } from '@navikt/ds-react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { listedNameOf } from '../record/names.ts';
import { wordsOf } from '../record/words.ts';
import { useWritten } from '../text/written.ts';
import { Loaded } from '../ui/loaded.tsx';
import { ordersQuery } from './queries.ts';
import { Haste } from './tasks.tsx';

export function OwnOrders({ role }: { role: string }) {
  const { t } = useTranslation('work');
  const written = useWritten();
  const query = useQuery(ordersQuery(role));
  return (
    <section className="fyr-card">
      <h2>{t('orders')}</h2>
      <Loaded query={query}>
        {(orders) =>
          orders.length === 0 ? (
            <p className="fyr-plain fyr-subtle">{t('none-orders')}</p>
          ) : (
            <ul className="fyr-plain fyr-rows">
              {orders.map(({ resource: order, patient }) => (
                <li key={order.id}>
                  <div className="fyr-row fyr-row-middle">
                    {patient ? (
                      <Link to={`/patients/${patient.id}/orders`}>{wordsOf(order.code)}</Link>
                    ) : (
                      <span>{wordsOf(order.code)}</span>
                    )}
                    <Haste priority={order.priority} />
                    <Tag
                      size="xsmall"
                      variant="outline"
                      data-color={order.status === 'revoked' ? 'warning' : 'neutral'}
                    >
                      {t(`order-${order.status}`)}
                    </Tag>
                  </div>
                  <div className="fyr-subtle fyr-small">
                    {[
                      patient && listedNameOf(patient.name),
                      wordsOf(order.category?.[0]),
                      written.when(order.authoredOn),
                      order.performer?.[0]?.display,
                    ]
                      .filter(Boolean)
                      .join(' · ')}
                  </div>
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
    </section>
  );
}
