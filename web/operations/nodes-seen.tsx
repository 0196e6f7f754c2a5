/** Each node that is seen from here: its line, how far behind it is, what waits, disk, certificate, pack, scrub, and when it told; worst first. Each number leads to its week. */
import { ExclamationmarkTriangleIcon, XMarkOctagonIcon } from '@navikt/aksel-icons';
import { Table } from '@navikt/ds-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { NumberName } from '#continuity/operations/contract.ts';
import { useWritten } from '../text/written.ts';
import { TableHead } from '../ui/table-head.tsx';
import { durationWords, numberWords } from './number-words.ts';
import type { MapNode } from './region-layout.ts';

const worstLine = { refused: 0, cut: 1, connected: 2, unseen: 3 } as const;
const worstState = { critical: 0, warning: 1, good: 2 } as const;
/** Older than this, what a node told looks old. */
const oldMs = 60_000;

const columns = {
  'seen-lag': 'feedLagSeconds',
  'seen-backlog': 'backlog',
  'seen-disk': 'dataFreeShare',
  'seen-certificate': 'certificateDays',
  'seen-pack': 'packAgeMinutes',
  'seen-scrub': 'scrubAgeHours',
} as const satisfies Readonly<Record<string, NumberName>>;
const columnNames = Object.keys(columns) as (keyof typeof columns)[];

export function NodesSeen({ nodes, now }: { nodes: readonly MapNode[]; now: number }) {
  const { t } = useTranslation('operations');
  const shown = nodes
    .filter(({ above, seen }) => above !== undefined || seen !== undefined)
    .toSorted(
      (a, b) =>
        worstLine[a.line.kind] - worstLine[b.line.kind] ||
        worstState[a.seen?.state ?? 'good'] - worstState[b.seen?.state ?? 'good'],
    );
  if (nodes.length < 2) return <p className="fyr-plain">{t('lines-none')}</p>;
  return (
    <div className="fyr-scroll">
      <Table size="small" className="fyr-folding" aria-label={t('lines')}>
        <TableHead columns={['seen-node', 'line-state', ...columnNames, 'seen-told'].map((column) => t(column))} />
        <Table.Body>
          {shown.map((node) => (
            <One key={node.name} of={node} now={now} />
          ))}
        </Table.Body>
      </Table>
    </div>
  );
}

function One({ of, now }: { of: MapNode; now: number }) {
  const { t } = useTranslation('operations');
  const { name, tier, above, line, seen } = of;
  const ago = useAgo();
  const at = seen?.at;
  const isOld = at !== undefined && now - at > oldMs;
  const heard = 'heard' in line ? line.heard : undefined;
  return (
    <Table.Row>
      <Table.HeaderCell scope="row">
        {name}
        <div className="fyr-subtle fyr-small fyr-light-text">
          {above === undefined ? t(`role-${tier}`) : t('seen-below', { tier: t(`role-${tier}`), above })}
        </div>
      </Table.HeaderCell>
      <Table.DataCell data-column={t('line-state')}>
        {above === undefined ? (
          <span className="fyr-subtle">{t('top')}</span>
        ) : (
          <>
            <span className={`fyr-sign fyr-dot fyr-dot-${line.kind}`}>{t(`line-${line.kind}`)}</span>
            {line.kind === 'cut' && heard !== undefined && (
              <div className="fyr-small">{t('heard-ago', { ago: ago(now - heard) })}</div>
            )}
          </>
        )}
      </Table.DataCell>
      {columnNames.map((column) => (
        <Table.DataCell key={column} data-column={t(column)} className={isOld ? 'fyr-subtle' : ''}>
          <Value of={of} name={columns[column]} />
        </Table.DataCell>
      ))}
      <Table.DataCell data-column={t('seen-told')}>
        {at === undefined ? (
          <span className="fyr-subtle">{t('not-told')}</span>
        ) : isOld ? (
          t('ago', { ago: ago(now - at) })
        ) : (
          t('told-now')
        )}
      </Table.DataCell>
    </Table.Row>
  );
}

function Value({ of: { name: node, isHere, line, seen }, name }: { of: MapNode; name: NumberName }) {
  const { t } = useTranslation('operations');
  const written = useWritten();
  const value = seen?.numbers[name] ?? ownOf(line, name);
  if (value === undefined) return <span className="fyr-subtle">{t('not-known')}</span>;
  const alarm = seen?.alarms.find(({ code }) => code === name);
  const Sign = alarm?.severity === 'critical' ? XMarkOctagonIcon : ExclamationmarkTriangleIcon;
  return (
    <Link
      to={`?${new URLSearchParams({ number: name, ...(isHere ? {} : { node }) })}`}
      preventScrollReset
      className="fyr-number fyr-number-link"
    >
      {alarm && (
        <span className={`fyr-sign fyr-sign-${alarm.severity}`}>
          <Sign aria-hidden fontSize="1.125rem" />
          <span className="fyr-unseen">{t(`severity-${alarm.severity}`)}</span>
        </span>
      )}{' '}
      {numberWords(name, value, written, t('hour-sign'))}
    </Link>
  );
}

/** What this node knows of its own line before its numbers are there. */
function ownOf(line: MapNode['line'], name: NumberName): number | undefined {
  if (line.kind !== 'connected' && line.kind !== 'cut') return undefined;
  if (name === 'feedLagSeconds') return line.lagMs === undefined ? undefined : line.lagMs / 1000;
  return name === 'backlog' ? line.backlog : undefined;
}

/** `4 min` */
function useAgo(): (ms: number) => string {
  const { t } = useTranslation('operations');
  const written = useWritten();
  return (ms) => durationWords(Math.max(0, ms) / 1000, written, t('hour-sign'));
}
