/** What is ordered in the house: the last dose, the next, and to give or leave out, in two steps. */
import { ExclamationmarkTriangleIcon } from '@navikt/aksel-icons';
import { Button, Table } from '@navikt/ds-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Card } from '../record/card.tsx';
import { useWritten } from '../text/written.ts';
import { useNow } from '../ui/use-now.ts';
import { GiveDose } from './give-dose.tsx';
import { orderedOf, type Ordered } from '../record/ordered.ts';
import { dosesQuery, ordersQuery } from './queries.ts';

const columns = ['medicine', 'last', 'next', 'act'] as const;

export function GivenHere({ patient }: { patient: string }) {
  const { t } = useTranslation('medicines');
  const doses = useQuery(dosesQuery(patient));
  const now = useNow(30_000);
  return (
    <Card title={t('given-here')} area="given" query={ordersQuery(patient)} empty={t('given-none')}>
      {(requests) => {
        const ordered = orderedOf(requests, doses.data?.resources ?? [], now);
        if (ordered.length === 0) return undefined;
        return (
          <>
            {doses.error && <p role="alert">{t('doses-not-loaded')}</p>}
            <Table size="small" className="fyr-folding fyr-given" aria-label={t('given-here')}>
              <Table.Header>
                <Table.Row>
                  {columns.map((column) => (
                    <Table.HeaderCell key={column} scope="col">
                      {t(`column-${column}`)}
                    </Table.HeaderCell>
                  ))}
                </Table.Row>
              </Table.Header>
              <Table.Body>
                {ordered.map((one) => (
                  <Order key={one.request.id} ordered={one} patient={patient} />
                ))}
              </Table.Body>
            </Table>
          </>
        );
      }}
    </Card>
  );
}

function Order({ ordered, patient }: { ordered: Ordered; patient: string }) {
  const { t } = useTranslation('medicines');
  const [act, setAct] = useState<'give' | 'withhold'>();
  const { request, name, dosage } = ordered;
  return (
    <>
      <Table.Row shadeOnHover={false}>
        <Table.HeaderCell scope="row" data-column={t('column-medicine')}>
          {name}
          <div className="fyr-subtle fyr-small">
            {[dosage, request.status === 'on-hold' ? t('on-hold') : undefined, request.requester?.display]
              .filter(Boolean)
              .join(' · ')}
          </div>
        </Table.HeaderCell>
        <Table.DataCell data-column={t('column-last')}>
          <Last ordered={ordered} />
        </Table.DataCell>
        <Table.DataCell data-column={t('column-next')}>
          <Next ordered={ordered} />
        </Table.DataCell>
        <Table.DataCell>
          <div className="fyr-row">
            <Button size="small" aria-expanded={act === 'give'} variant="secondary" onClick={() => setAct('give')}>
              {t('give')} <span className="fyr-unseen">{name}</span>
            </Button>
            <Button
              size="small"
              aria-expanded={act === 'withhold'}
              variant="tertiary"
              onClick={() => setAct('withhold')}
            >
              {t('withhold')} <span className="fyr-unseen">{name}</span>
            </Button>
          </div>
        </Table.DataCell>
      </Table.Row>
      {act && (
        <Table.Row shadeOnHover={false}>
          <Table.DataCell colSpan={columns.length}>
            <GiveDose
              key={act}
              ordered={ordered}
              patient={patient}
              isGiven={act === 'give'}
              done={() => setAct(undefined)}
            />
          </Table.DataCell>
        </Table.Row>
      )}
    </>
  );
}

function Last({ ordered: { last } }: { ordered: Ordered }) {
  const { t } = useTranslation('medicines');
  const written = useWritten();
  if (last === undefined) return <span className="fyr-subtle">{t('never-given')}</span>;
  return (
    <>
      {!last.isGiven && <strong>{t('was-withheld')} </strong>}
      {written.briefly(new Date(last.at).toISOString())}
      <div className="fyr-subtle fyr-small">{[last.by, last.reason].filter(Boolean).join(' · ')}</div>
    </>
  );
}

function Next({ ordered: { due, missed } }: { ordered: Ordered }) {
  const { t } = useTranslation('medicines');
  const written = useWritten();
  const [next] = due.kind === 'times' ? due.times : [];
  return (
    <>
      {missed !== undefined && (
        <div className="fyr-sign fyr-flag-critical">
          <ExclamationmarkTriangleIcon aria-hidden />
          {t('missed', { when: written.briefly(new Date(missed).toISOString()) })}
        </div>
      )}
      {next !== undefined && <div>{written.when(new Date(next).toISOString())}</div>}
      {next === undefined && <div className="fyr-subtle">{t(`due-${due.kind}`)}</div>}
    </>
  );
}
