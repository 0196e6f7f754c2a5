/** What can be done with a downtime next: by state, in two steps where it changes something for others. */
import { Button, Textarea } from '@navikt/ds-react';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { StepName } from '#continuity/downtime/contract.ts';
import type { DowntimeKind, DowntimeState } from '#continuity/downtime/contract.ts';
import { useChange } from '../session/queries.ts';
import { Confirm } from '../ui/confirm.tsx';
import { useDraft } from '../ui/draft.ts';
import { Problem } from '../ui/problem.tsx';

/** The main one first. */
const stepsOf: Readonly<Record<DowntimeState, readonly StepName[]>> = {
  proposed: ['declare', 'dismiss'],
  declared: ['reconcile', 'note'],
  reconciling: ['end', 'reopen', 'note'],
  ended: [],
  dismissed: [],
};
const takesWords: readonly StepName[] = ['dismiss', 'note', 'reopen'];
const wordsLeast = 3;

type StepsProps = { id: string; kind: DowntimeKind; state: DowntimeState; openCount: number };

export function Steps({ id, kind, state, openCount }: StepsProps) {
  const { t } = useTranslation('downtime');
  const [asked, setAsked] = useState<StepName>();
  const steps = stepsOf[state];
  if (steps.length === 0) return null;
  return (
    <div className="fyr-row fyr-not-on-paper">
      {steps.map((step, at) => (
        <Button
          key={step}
          variant={at === 0 ? 'primary' : 'secondary'}
          {...(step === 'declare' ? { 'data-color': 'danger' } : {})}
          onClick={() => setAsked(step)}
        >
          {t(`do-${step}`)}
        </Button>
      ))}
      {asked !== undefined && (
        <Step key={asked} id={id} kind={kind} step={asked} openCount={openCount} onDone={() => setAsked(undefined)} />
      )}
    </div>
  );
}

type StepProps = { id: string; kind: DowntimeKind; step: StepName; openCount: number; onDone: () => void };

function Step({ id, kind, step, openCount, onDone }: StepProps) {
  const { t } = useTranslation('downtime');
  const change = useChange();
  const words = useDraft(`downtime ${id} ${step}`);
  const [isChecked, setIsChecked] = useState(false);
  const needsWords = takesWords.includes(step);
  const isShort = needsWords && words.text.trim().length < wordsLeast;
  const take = useMutation({
    mutationFn: () => {
      const body = needsWords ? { words: words.text.trim() } : {};
      return change(`/api/downtime/${id}/${step}`, { method: 'POST', body }, ['downtime']);
    },
    onSuccess: () => {
      words.forget();
      onDone();
    },
  });
  const follows = step === 'declare' ? t('follows-declare', { kind: t(`kind-${kind}`) }) : t(`follows-${step}`);
  return (
    <Confirm
      title={t(`do-${step}`)}
      follows={step === 'end' && openCount > 0 ? t('follows-end-open', { count: openCount }) : follows}
      action={t(`do-${step}`)}
      isDanger={step === 'declare'}
      isPending={take.isPending}
      onConfirm={() => {
        setIsChecked(true);
        if (!isShort) take.mutate();
      }}
      onCancel={onDone}
    >
      {needsWords && (
        <Textarea
          label={t('in-words')}
          value={words.text}
          maxLength={2000}
          minRows={2}
          onChange={(event) => words.write(event.target.value)}
          error={isChecked && isShort && t('words-lack')}
        />
      )}
      <Problem error={take.error} />
    </Confirm>
  );
}
