/** To close a case with what was found. */
import { Button, Radio, RadioGroup, Textarea } from '@navikt/ds-react';
import { useMutation } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { CaseAnswer } from '#trust/control/contract.ts';
import { useChange } from '../session/queries.ts';
import { useDraft } from '../ui/draft.ts';
import { Problem } from '../ui/problem.tsx';

const conclusions = ['justified', 'not-justified', 'not-clear'] as const;
const textMin = 5;

export function FollowUp({ of }: { of: CaseAnswer }) {
  const { t } = useTranslation('privacy');
  const draft = useDraft(`case ${of.id}`);
  const [conclusion, setConclusion] = useState('');
  const [wasTried, setWasTried] = useState(false);
  const change = useChange();
  const closing = useMutation({
    mutationFn: (body: object) =>
      change<CaseAnswer>(`/api/control/cases/${of.id}/follow-up`, { method: 'POST', body }, ['privacy']),
    onSuccess: () => draft.forget(),
  });
  const lacksText = draft.text.trim().length < textMin;
  const close = (event: FormEvent): void => {
    event.preventDefault();
    setWasTried(true);
    if (conclusion !== '' && !lacksText) closing.mutate({ conclusion, text: draft.text.trim() });
  };
  return (
    <form onSubmit={close} className="fyr-stack fyr-narrow-left" noValidate>
      <RadioGroup
        legend={t('conclusion')}
        value={conclusion}
        onChange={setConclusion}
        error={wasTried && conclusion === '' ? t('conclusion-lacks') : undefined}
      >
        {conclusions.map((one) => (
          <Radio key={one} value={one}>
            {t(`conclusion-${one}`)}
          </Radio>
        ))}
      </RadioGroup>
      <Textarea
        label={t('conclusion-text')}
        value={draft.text}
        maxLength={4000}
        minRows={3}
        error={wasTried && lacksText ? t('conclusion-text-lacks') : undefined}
        onChange={(event) => draft.write(event.target.value)}
      />
      <Problem error={closing.error} />
      <div>
        <Button type="submit" loading={closing.isPending}>
          {t('close-case')}
        </Button>
      </div>
    </form>
  );
}
