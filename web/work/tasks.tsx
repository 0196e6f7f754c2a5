/** Tasks, by when they are due: opened to change or hand over, and done with one button. */
import { Button, Tag } from '@navikt/ds-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import type { Task } from 'fhir/r4';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useRecordChange } from '../record/change.ts';
import { listedNameOf } from '../record/names.ts';
import { wordsOf } from '../record/words.ts';
import { useWritten } from '../text/written.ts';
import { Loaded } from '../ui/loaded.tsx';
import { Problem } from '../ui/problem.tsx';
import { dueOf, tasksQuery, type Of } from './queries.ts';

type TasksProps = { role: string; whose: 'mine' | 'given' };

export function Tasks({ role, whose }: TasksProps) {
  const { t } = useTranslation('work');
  const query = useQuery(tasksQuery(role, whose));
  return (
    <section className="fyr-card">
      <h2>{t(`tasks-${whose}`)}</h2>
      <Loaded query={query}>
        {(tasks) =>
          tasks.length === 0 ? (
            <p className="fyr-plain fyr-subtle">{t(`none-${whose}`)}</p>
          ) : (
            <ul className="fyr-plain fyr-rows">
              {tasks.map((one) => (
                <li key={one.resource.id}>
                  <Row of={one} isMine={whose === 'mine'} />
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
    </section>
  );
}

function Row({ of: { resource: task, patient }, isMine }: { of: Of<Task>; isMine: boolean }) {
  const { t } = useTranslation('work');
  const written = useWritten();
  const end = task.restriction?.period?.end;
  const document = /^DocumentReference\/([A-Za-z0-9.-]{1,64})/.exec(task.focus?.reference ?? '')?.[1];
  const to = document === undefined ? `write/task?id=${task.id}` : `documents/${document}`;
  const title = [wordsOf(task.code), document === undefined ? undefined : task.description].filter(Boolean).join(': ');
  const from = isMine ? task.requester?.display && t('from', { name: task.requester.display }) : undefined;
  const owner = isMine ? undefined : t('to', { name: task.owner?.display ?? '–' });
  return (
    <div className="fyr-row fyr-row-middle fyr-row-apart">
      <div>
        <div className="fyr-row fyr-row-middle">
          {patient ? <Link to={`/patients/${patient.id}/${to}`}>{title}</Link> : <span>{title}</span>}
          <Haste priority={task.priority} />
          {dueOf(task) < Date.now() && (
            <Tag size="xsmall" data-color="danger">
              {t('late')}
            </Tag>
          )}
        </div>
        <div className="fyr-subtle fyr-small">
          {[
            patient && listedNameOf(patient.name),
            end === undefined ? undefined : t('due', { when: written.when(end) }),
            from,
            owner,
          ]
            .filter(Boolean)
            .join(' · ')}
        </div>
      </div>
      {isMine && document === undefined && <Done task={task} title={title} />}
    </div>
  );
}

export function Haste({ priority }: { priority: string | undefined }) {
  const { t } = useTranslation('work');
  if (priority === undefined || priority === 'routine') return null;
  return (
    <Tag size="xsmall" data-color={priority === 'stat' ? 'danger' : 'warning'}>
      {t(`priority-${priority}`)}
    </Tag>
  );
}

function Done({ task, title }: { task: Task; title: string }) {
  const { t } = useTranslation('work');
  const record = useRecordChange();
  const done = useMutation({
    mutationFn: () => record.update({ ...task, status: 'completed', lastModified: new Date().toISOString() }),
  });
  return (
    <div>
      <Button size="small" variant="secondary" loading={done.isPending} onClick={() => done.mutate()}>
        {t('done')} <span className="fyr-unseen">{title}</span>
      </Button>
      <Problem error={done.error} />
    </div>
  );
}
