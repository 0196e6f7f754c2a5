/** Downtimes or drills that were, each with when it began, what it was, how it ended, and its report. */
import { Table } from '@navikt/ds-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useLanguage } from '../text/texts.ts';
import { useWritten } from '../text/written.ts';
import { TableHead } from '../ui/table-head.tsx';

export type EarlierOne = {
  id: string;
  /** Milliseconds since 1970. */
  began: number;
  what: string;
  state: string;
  /** Where its report is asked for. */
  report: string;
  /** Its own page. */
  page?: string;
};

/** @param labelledBy the id of its heading */
export function Earlier({ labelledBy, rows }: { labelledBy: string; rows: readonly EarlierOne[] }) {
  const { t } = useTranslation('downtime');
  const written = useWritten();
  const asked = new URLSearchParams({ format: 'html', language: useLanguage() });
  return (
    <div className="fyr-scroll">
      <Table size="small" className="fyr-folding" aria-labelledby={labelledBy}>
        <TableHead columns={[t('began'), t('what'), t('state'), t('report')]} />
        <Table.Body>
          {rows.map(({ id, began, what, state, report, page }) => (
            <Table.Row key={id}>
              <Table.HeaderCell scope="row">{written.when(new Date(began).toISOString())}</Table.HeaderCell>
              <Table.DataCell data-column={t('what')}>{what}</Table.DataCell>
              <Table.DataCell data-column={t('state')}>{state}</Table.DataCell>
              <Table.DataCell>
                {page !== undefined && (
                  <>
                    <Link to={page}>{t('see')}</Link> ·{' '}
                  </>
                )}
                <a href={`${report}?${asked}`} download>
                  {t('report')}
                </a>
              </Table.DataCell>
            </Table.Row>
          ))}
        </Table.Body>
      </Table>
    </div>
  );
}
