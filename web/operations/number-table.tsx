/** A group of numbers: each with its value, and its history one step away. What nobody can tell is said, not left out. */
import { ExclamationmarkTriangleIcon, XMarkOctagonIcon } from '@navikt/aksel-icons';
import { Table } from '@navikt/ds-react';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';
import type { OperationsAnswer, NumberName } from '#continuity/operations/contract.ts';
import { useWritten } from '../text/written.ts';
import { numberGroups, numberWords, type NumberGroup } from './number-words.ts';

type NumberTableProps = { group: NumberGroup } & Pick<OperationsAnswer, 'numbers' | 'alarms'>;

export function NumberTable({ group, numbers, alarms }: NumberTableProps) {
  const { t } = useTranslation('operations');
  const written = useWritten();
  const names: readonly NumberName[] = numberGroups[group];
  const known = names.flatMap((name) => {
    const value = numbers[name];
    return value === undefined ? [] : [{ name, value }];
  });
  const unknown = names.filter((name) => numbers[name] === undefined);
  return (
    <section aria-labelledby={`group-${group}`} className="fyr-card">
      <h2 id={`group-${group}`}>{t(`group-${group}`)}</h2>
      <Table size="small" aria-labelledby={`group-${group}`}>
        <Table.Body>
          {known.map(({ name, value }) => (
            <Row key={name} name={name} value={value} alarm={alarms.find(({ code }) => code === name)} />
          ))}
        </Table.Body>
      </Table>
      {unknown.length > 0 && (
        <p className="fyr-plain fyr-subtle fyr-small fyr-table-foot">
          {t('not-here', { names: written.list(unknown.map((name) => t(`number-${name}`))) })}
        </p>
      )}
    </section>
  );
}

type RowProps = { name: NumberName; value: number; alarm: OperationsAnswer['alarms'][number] | undefined };

function Row({ name, value, alarm }: RowProps) {
  const { t } = useTranslation('operations');
  const written = useWritten();
  const [address] = useSearchParams();
  const isChosen = address.get('number') === name && !address.has('node');
  const Sign = alarm?.severity === 'critical' ? XMarkOctagonIcon : ExclamationmarkTriangleIcon;
  return (
    <Table.Row selected={isChosen}>
      <Table.HeaderCell scope="row" className="fyr-number-name">
        <Link to={`?${new URLSearchParams({ number: name })}`} preventScrollReset>
          {t(`number-${name}`)}
        </Link>
      </Table.HeaderCell>
      <Table.DataCell align="right" className="fyr-number">
        {alarm && (
          <span className={`fyr-sign fyr-sign-${alarm.severity}`}>
            <Sign aria-hidden fontSize="1.125rem" />
            <span className="fyr-unseen">{t(`severity-${alarm.severity}`)}</span>
          </span>
        )}{' '}
        {numberWords(name, value, written, t('hour-sign'))}
      </Table.DataCell>
    </Table.Row>
  );
}
