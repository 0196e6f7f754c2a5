/** Work that is done though nobody waits for it: what kind, how it stands, what the last try said, and run again. */
import { Button, InlineMessage, Table } from '@navikt/ds-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { LoaderFunctionArgs } from 'react-router';
import type { JobShown, JobsAnswer } from '#continuity/operations/contract.ts';
import { queriesContext } from '../session/context.ts';
import { useChange } from '../session/queries.ts';
import { useWritten } from '../text/written.ts';
import { Problem } from '../ui/problem.tsx';
import { RoomPage } from '../ui/room-page.tsx';
import { TableHead } from '../ui/table-head.tsx';
import { jobsQuery } from './queries.ts';

export async function loader({ context }: LoaderFunctionArgs): Promise<null> {
  await context.get(queriesContext).prefetchQuery(jobsQuery);
  return null;
}

const columns = ['job', 'job-state', 'job-tries', 'job-next'] as const;

export function Component() {
  const { t } = useTranslation('upkeep');
  const query = useQuery(jobsQuery);
  return (
    <RoomPage title={t('jobs')} lead={t('jobs-lead')} query={query}>
      {(answer) => <Jobs answer={answer} />}
    </RoomPage>
  );
}

function Jobs({ answer: { jobs, all } }: { answer: JobsAnswer }) {
  const { t } = useTranslation('upkeep');
  const failed = jobs.filter(({ state }) => state === 'tried' || state === 'given-up');
  return (
    <section aria-labelledby="jobs" className="fyr-card fyr-stack">
      <h2 id="jobs">{t('jobs-list')}</h2>
      <div role="status">
        <InlineMessage status={failed.length === 0 ? 'success' : 'warning'}>
          {failed.length === 0 ? t('jobs-well') : t('jobs-failed', { count: failed.length })}
        </InlineMessage>
      </div>
      {jobs.length > 0 && (
        <div className="fyr-scroll">
          <Table size="small" className="fyr-folding" aria-labelledby="jobs">
            <TableHead columns={columns.map((column) => t(column))} />
            <Table.Body>
              {jobs.map((job) => (
                <One key={job.id} of={job} />
              ))}
            </Table.Body>
          </Table>
        </div>
      )}
      {all > jobs.length && <p className="fyr-plain fyr-subtle">{t('jobs-more', { shown: jobs.length, all })}</p>}
    </section>
  );
}

function One({ of: { id, name, state, attempts, attemptsMax, next, problem } }: { of: JobShown }) {
  const { t } = useTranslation('upkeep');
  const written = useWritten();
  const change = useChange();
  const again = useMutation({
    mutationFn: () => change(`/api/operations/jobs/${id}/again`, { method: 'POST', body: {} }, ['jobs']),
  });
  const kind = t(`kind-${name.replaceAll(' ', '-')}`, { defaultValue: name });
  return (
    <Table.Row>
      <Table.HeaderCell scope="row">{kind}</Table.HeaderCell>
      <Table.DataCell data-column={t('job-state')}>
        <span className={`fyr-sign fyr-dot fyr-dot-${state}`}>{t(`job-${state}`)}</span>
        {problem !== undefined && (
          <div className="fyr-small">
            {t('job-said')}{' '}
            <q lang="en" className="fyr-subtle">
              {problem}
            </q>
          </div>
        )}
      </Table.DataCell>
      <Table.DataCell data-column={t('job-tries')}>{t('tries', { count: attempts, most: attemptsMax })}</Table.DataCell>
      <Table.DataCell data-column={t('job-next')}>
        {state === 'given-up'
          ? t('never')
          : state === 'running'
            ? t('now')
            : written.when(new Date(next).toISOString())}{' '}
        {state !== 'running' && (
          <Button size="small" variant="tertiary" loading={again.isPending} onClick={() => again.mutate()}>
            {t('again')}
            <span className="fyr-unseen"> {kind}</span>
          </Button>
        )}
        <Problem error={again.error} />
      </Table.DataCell>
    </Table.Row>
  );
}
