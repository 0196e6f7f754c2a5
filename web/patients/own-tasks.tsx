/** What is mine to do, and what I began to write and did not send. */
import { Tag } from '@navikt/ds-react';
import { useQuery } from '@tanstack/react-query';
import type { Task } from 'fhir/r4';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { listedNameOf } from '../record/names.ts';
import { wordsOf } from '../record/words.ts';
import { useWritten } from '../text/written.ts';
import { useDraftList } from '../ui/draft.ts';
import { Loaded } from '../ui/loaded.tsx';
import { dueOf, tasksQuery, type OwnTask } from './ward-queries.ts';

export function OwnTasks({ role }: { role: string }) {
  const { t } = useTranslation('patients');
  const query = useQuery(tasksQuery(role));
  return (
    <section className="fyr-card">
      <h2>{t('tasks')}</h2>
      <Loaded query={query}>
        {(tasks) =>
          tasks.length === 0 ? (
            <p className="fyr-plain fyr-subtle">{t('tasks-none')}</p>
          ) : (
            <ul className="fyr-plain fyr-rows">
              {tasks.map((one) => (
                <li key={one.task.id}>
                  <Row own={one} />
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
      <Drafts />
    </section>
  );
}

function Row({ own: { task, patient } }: { own: OwnTask }) {
  const { t } = useTranslation('patients');
  const written = useWritten();
  const isLate = dueOf(task) < Date.now();
  const end = task.restriction?.period?.end;
  return (
    <>
      <div className="fyr-row fyr-row-middle">
        {patient ? (
          <Link to={`/patients/${patient.id}/write/task?id=${task.id}`}>{titleOf(task)}</Link>
        ) : (
          <span>{titleOf(task)}</span>
        )}
        {(task.priority === 'urgent' || task.priority === 'stat' || task.priority === 'asap') && (
          <Tag size="xsmall" data-color="warning">
            {t('urgent')}
          </Tag>
        )}
        {isLate && (
          <Tag size="xsmall" data-color="danger">
            {t('late')}
          </Tag>
        )}
      </div>
      <div className="fyr-subtle fyr-small">
        {[
          patient && listedNameOf(patient.name),
          end === undefined ? undefined : t('due', { when: written.when(end) }),
          task.requester?.display,
        ]
          .filter(Boolean)
          .join(' · ')}
      </div>
    </>
  );
}

function titleOf({ code, description }: Task): string {
  return wordsOf(code) || (description ?? '');
}

const form = /^write (\w+) ([A-Za-z0-9.-]{1,64})(?: ([A-Za-z0-9.-]{1,64}))?$/;

function Drafts() {
  const { t } = useTranslation('patients');
  const written = useWritten();
  const drafts = useDraftList().flatMap(({ about, at }) => {
    const [, name, patient, id] = form.exec(about) ?? [];
    return name === undefined
      ? []
      : [{ about, at, to: `/patients/${patient}/write/${name}${id === undefined ? '' : `?id=${id}`}` }];
  });
  if (drafts.length === 0) return null;
  return (
    <div className="fyr-apart">
      <h3 className="fyr-small">{t('drafts')}</h3>
      <ul className="fyr-plain fyr-rows">
        {drafts.map(({ about, at, to }) => (
          <li key={about}>
            <Link to={to}>{t('draft-from', { when: written.when(new Date(at).toISOString()) })}</Link>
          </li>
        ))}
      </ul>
    </div>
  );
}
