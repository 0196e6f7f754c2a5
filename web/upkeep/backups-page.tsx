/** What there is to go back to: each backup with its time, size and whether it was proven; what is too old, and the commands that mend it. */
import { InlineMessage, Table } from '@navikt/ds-react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { LoaderFunctionArgs } from 'react-router';
import type { BackupShown } from '#continuity/operations/contract.ts';
import { queriesContext } from '../session/context.ts';
import { useLanguage } from '../text/texts.ts';
import { useWritten, type Written } from '../text/written.ts';
import { RoomPage } from '../ui/room-page.tsx';
import { TableHead } from '../ui/table-head.tsx';
import { alarmsQuery, backupsQuery } from './queries.ts';

export async function loader({ context }: LoaderFunctionArgs): Promise<null> {
  const queries = context.get(queriesContext);
  await Promise.all([queries.prefetchQuery(backupsQuery), queries.prefetchQuery(alarmsQuery)]);
  return null;
}

const columns = ['backup-at', 'backup-verified', 'backup-written', 'backup-content', 'backup-folder'] as const;

export function Component() {
  const { t } = useTranslation('upkeep');
  const query = useQuery(backupsQuery);
  return (
    <RoomPage title={t('backups')} lead={t('backups-lead')} query={query}>
      {({ backups }) => (
        <>
          <Ages none={backups.length === 0} />
          <List backups={backups} />
          <Commands folder={backups[0]?.folder} />
        </>
      )}
    </RoomPage>
  );
}

/** The node's own alarms of backups: what each means and what to do. */
function Ages({ none }: { none: boolean }) {
  const { t } = useTranslation('upkeep');
  const language = useLanguage();
  const { data } = useQuery(alarmsQuery);
  const alarms =
    data?.alarms.filter(({ code }) => code === 'backupAgeHours' || code === 'backupVerifiedAgeHours') ?? [];
  if (none) return <InlineMessage status="warning">{t('backups-none')}</InlineMessage>;
  if (alarms.length === 0) return <InlineMessage status="success">{t('backups-well')}</InlineMessage>;
  return (
    <ul className="fyr-plain fyr-stack">
      {alarms.map(({ code, severity, title, care, action }) => (
        <li key={code}>
          <InlineMessage status={severity === 'critical' ? 'error' : 'warning'}>
            <strong>{title[language]}.</strong> {care[language]} {action[language]}
          </InlineMessage>
        </li>
      ))}
    </ul>
  );
}

function List({ backups }: { backups: readonly BackupShown[] }) {
  const { t } = useTranslation('upkeep');
  if (backups.length === 0) return null;
  return (
    <section aria-labelledby="backups" className="fyr-card fyr-stack">
      <h2 id="backups">{t('backups-list')}</h2>
      <div className="fyr-scroll">
        <Table size="small" className="fyr-folding" aria-labelledby="backups">
          <TableHead columns={columns.map((column) => t(column))} />
          <Table.Body>
            {backups.map((backup) => (
              <One key={backup.id} of={backup} />
            ))}
          </Table.Body>
        </Table>
      </div>
    </section>
  );
}

function One({ of: { at, verified, bytesWritten, rows, blobs, blobsDamaged, folder } }: { of: BackupShown }) {
  const { t } = useTranslation('upkeep');
  const written = useWritten();
  const when = (ms: number): string => written.when(new Date(ms).toISOString());
  return (
    <Table.Row>
      <Table.HeaderCell scope="row">{when(at)}</Table.HeaderCell>
      <Table.DataCell data-column={t('backup-verified')}>
        {verified === undefined ? (
          <span className="fyr-subtle">{t('not-verified')}</span>
        ) : (
          <span className="fyr-sign fyr-dot fyr-dot-good">{when(verified)}</span>
        )}
      </Table.DataCell>
      <Table.DataCell data-column={t('backup-written')} className="fyr-number">
        {megabytes(bytesWritten, written)}
      </Table.DataCell>
      <Table.DataCell data-column={t('backup-content')}>
        {t('content-rows', { rows: written.number(rows), blobs: written.number(blobs) })}
        {blobsDamaged > 0 && (
          <div>
            <span className="fyr-sign fyr-dot fyr-dot-ended">{t('content-damaged', { count: blobsDamaged })}</span>
          </div>
        )}
      </Table.DataCell>
      <Table.DataCell data-column={t('backup-folder')} className="fyr-path">
        {folder}
      </Table.DataCell>
    </Table.Row>
  );
}

const megabytes = (bytes: number, { number }: Written): string => `${number(Number((bytes / 1e6).toPrecision(3)))} MB`;

function Commands({ folder }: { folder: string | undefined }) {
  const { t } = useTranslation('upkeep');
  const where = folder ?? '/mnt/backup/region';
  return (
    <section aria-labelledby="commands" className="fyr-card fyr-stack">
      <h2 id="commands">{t('commands')}</h2>
      <p className="fyr-plain fyr-measure">{t('commands-lead')}</p>
      <dl className="fyr-commands">
        {(['backup', 'backup verify', 'restore'] as const).map((command) => (
          <div key={command}>
            <dt>{t(`command-${command.replace(' ', '-')}`)}</dt>
            <dd>
              <code className="fyr-command">{`npx fyr ${command} ${where}`}</code>
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
