/** Signatures under a note besides its author's: who gave one, who is asked to, and the button of who is. */
import { Button, InlineMessage } from '@navikt/ds-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import type { DocumentReference, Task } from 'fhir/r4';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAuthor, useRecordChange } from '../record/change.ts';
import { ownUnitQuery } from '../record/colleagues.ts';
import { cosignaturesOf, withCosignature } from '../record/cosign.ts';
import { recordQuery } from '../record/queries.ts';
import { useSignedIn } from '../session/queries.ts';
import { useWritten } from '../text/written.ts';
import { Confirm } from '../ui/confirm.tsx';
import { Problem } from '../ui/problem.tsx';

type CosignProps = { patient: string; document: DocumentReference };

export function Cosign({ patient, document }: CosignProps) {
  const { t } = useTranslation('documents');
  const written = useWritten();
  const asked = useQuery(
    recordQuery(patient, 'Task', { focus: `DocumentReference/${document.id}`, status: 'requested', _count: '10' }),
  );
  const tasks = asked.data?.resources ?? [];
  return (
    <>
      {cosignaturesOf(document).map(({ name, at }) => (
        <p key={at} className="fyr-plain fyr-small">
          {t('cosigned-by', { name, when: written.when(at) })}
        </p>
      ))}
      {tasks.map((task) => (
        <Asked key={task.id} patient={patient} document={document} task={task} />
      ))}
    </>
  );
}

function Asked({ patient, document, task }: CosignProps & { task: Task }) {
  const { t } = useTranslation('documents');
  const author = useAuthor();
  const role = useSignedIn()?.role?.practitionerRole ?? '';
  const unit = useQuery({ ...ownUnitQuery(role), enabled: role !== '' }).data?.reference;
  const record = useRecordChange();
  const [isConfirming, setIsConfirming] = useState(false);
  const signing = useMutation({
    mutationFn: () => {
      const now = new Date().toISOString();
      const done: Task = { ...task, status: 'completed', owner: author, lastModified: now };
      return record.together(patient, [withCosignature(document, author, now), done], crypto.randomUUID());
    },
    onSettled: () => setIsConfirming(false),
  });
  // Nobody co-signs what is one's own.
  const isOwn = task.requester?.reference === author.reference;
  const isMine = !isOwn && [author.reference, unit].includes(task.owner?.reference);
  if (!isMine)
    return <p className="fyr-plain fyr-small fyr-subtle">{t('cosign-waits', { name: task.owner?.display ?? '–' })}</p>;
  return (
    <div className="fyr-stack">
      <InlineMessage status="info">{t('cosign-asked', { name: task.requester?.display ?? '–' })}</InlineMessage>
      <div>
        <Button size="small" onClick={() => setIsConfirming(true)}>
          {t('cosign')}
        </Button>
      </div>
      <Problem error={signing.error} />
      {isConfirming && (
        <Confirm
          title={t('cosign')}
          follows={t('cosign-follows', { title: document.description ?? '' })}
          action={t('cosign')}
          isPending={signing.isPending}
          onConfirm={() => signing.mutate()}
          onCancel={() => setIsConfirming(false)}
        />
      )}
    </div>
  );
}
