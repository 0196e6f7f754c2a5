/** Those who lie on one's ward: by bed, or the worst first. */
import { ArrowDownIcon, ArrowRightIcon, ArrowUpIcon, ExclamationmarkTriangleIcon } from '@navikt/aksel-icons';
import { BodyLong, Table, Tag, ToggleGroup } from '@navikt/ds-react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { listedNameOf } from '../record/names.ts';
import { ScoreSign } from '../record/score-sign.tsx';
import { useAge } from '../record/use-age.ts';
import { useWritten } from '../text/written.ts';
import { Loaded } from '../ui/loaded.tsx';
import { useAddress } from '../ui/use-address.ts';
import { byWorst, type WardRow } from './ward-rows.ts';
import { wardQuery } from './ward-queries.ts';

const columns = ['bed', 'name', 'news2', 'next-dose', 'waits-for', 'remark'] as const;

export function WardList({ role }: { role: string }) {
  const { t } = useTranslation('patients');
  const query = useQuery(wardQuery(role));
  const [address, change] = useAddress();
  const say = (name: string, value: string): void => change((next) => next.set(name, value));
  const order = address.get('order') === 'worst' ? 'worst' : 'bed';
  const whose = address.get('whose') === 'mine' ? 'mine' : 'all';
  return (
    <section className="fyr-card">
      <div className="fyr-card-head">
        <h2>{t('ward')}</h2>
        <div className="fyr-row">
          <ToggleGroup size="small" aria-label={t('order')} value={order} onChange={(value) => say('order', value)}>
            <ToggleGroup.Item value="bed">{t('order-bed')}</ToggleGroup.Item>
            <ToggleGroup.Item value="worst">{t('order-worst')}</ToggleGroup.Item>
          </ToggleGroup>
          <ToggleGroup size="small" aria-label={t('whose')} value={whose} onChange={(value) => say('whose', value)}>
            <ToggleGroup.Item value="all">{t('whose-all')}</ToggleGroup.Item>
            <ToggleGroup.Item value="mine">{t('whose-mine')}</ToggleGroup.Item>
          </ToggleGroup>
        </div>
      </div>
      <Loaded query={query}>
        {(rows) => {
          const shown = rows.filter(({ isMine }) => whose === 'all' || isMine);
          return shown.length === 0 ? (
            <BodyLong>{t(rows.length === 0 ? 'ward-none' : 'stays-none')}</BodyLong>
          ) : (
            <Rows rows={order === 'worst' ? shown.toSorted(byWorst) : shown} />
          );
        }}
      </Loaded>
    </section>
  );
}

function Rows({ rows }: { rows: readonly WardRow[] }) {
  const { t } = useTranslation('patients');
  return (
    <Table size="small" className="fyr-folding" aria-label={t('ward')}>
      <Table.Header>
        <Table.Row>
          {columns.map((column) => (
            <Table.HeaderCell key={column} scope="col">
              {t(`ward-${column}`)}
            </Table.HeaderCell>
          ))}
        </Table.Row>
      </Table.Header>
      <Table.Body>
        {rows.map((row) => (
          <Row key={row.encounter.id} row={row} />
        ))}
      </Table.Body>
    </Table>
  );
}

function Row({ row }: { row: WardRow }) {
  const { t } = useTranslation('patients');
  const age = useAge();
  const { patient, bed, encounter, pending, limits, isolation } = row;
  return (
    <Table.Row>
      <Table.DataCell data-column={t('ward-bed')}>{bed}</Table.DataCell>
      <Table.HeaderCell scope="row" data-column={t('ward-name')}>
        <Link to={`/patients/${patient.id}`}>{listedNameOf(patient.name)}</Link>
        <div className="fyr-subtle fyr-small fyr-light-text">
          {[age(patient), encounter.reasonCode?.[0]?.text].filter(Boolean).join(' · ')}
        </div>
      </Table.HeaderCell>
      <Table.DataCell data-column={t('ward-news2')}>
        <Score row={row} />
      </Table.DataCell>
      <Table.DataCell data-column={t('ward-next-dose')}>
        <NextDose row={row} />
      </Table.DataCell>
      <Table.DataCell data-column={t('ward-waits-for')}>
        {pending.length === 0 ? '–' : `${pending[0]}${pending.length > 1 ? ` (${pending.length})` : ''}`}
      </Table.DataCell>
      <Table.DataCell data-column={t('ward-remark')}>
        {limits.length + isolation.length === 0 && '–'}
        <span className="fyr-row">
          {limits.map((one) => (
            <Tag key={one} size="small" variant="strong" data-color="neutral">
              {one}
            </Tag>
          ))}
          {isolation.map((one) => (
            <Tag key={one} size="small" variant="moderate" data-color="warning">
              {one}
            </Tag>
          ))}
        </span>
      </Table.DataCell>
    </Table.Row>
  );
}

function Score({ row: { round, change } }: { row: WardRow }) {
  const { t } = useTranslation('patients');
  const written = useWritten();
  if (round === undefined) return <span className="fyr-subtle">{t('not-measured')}</span>;
  const [Sign, name] =
    (change ?? 0) > 0
      ? ([ArrowUpIcon, 'rises'] as const)
      : (change ?? 0) < 0
        ? ([ArrowDownIcon, 'falls'] as const)
        : ([ArrowRightIcon, 'stays'] as const);
  return (
    <span className="fyr-sign">
      <ScoreSign score={round.score} isBrief />
      {change !== undefined && <Sign title={t(`news2-${name}`)} fontSize="1.25rem" />}
      <span className="fyr-subtle fyr-small">{written.briefly(new Date(round.at).toISOString())}</span>
    </span>
  );
}

function NextDose({ row: { nextDose, missedDose } }: { row: WardRow }) {
  const { t } = useTranslation('patients');
  const written = useWritten();
  const when = (at: number): string => written.briefly(new Date(at).toISOString());
  return (
    <>
      {missedDose !== undefined && (
        <div className="fyr-sign fyr-flag-critical">
          <ExclamationmarkTriangleIcon aria-hidden />
          {t('missed-dose', { when: when(missedDose) })}
        </div>
      )}
      {nextDose === undefined ? '–' : when(nextDose)}
    </>
  );
}
