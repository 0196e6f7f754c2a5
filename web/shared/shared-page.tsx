/** For who was given a code: says who they are, and sees the summary. Nobody signs in here. */
import { BodyLong, Button, Checkbox, Heading, TextField } from '@navikt/ds-react';
import { useMutation } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { SharedAnswer } from '#services/summary-record/contract.ts';
import { askJson } from '../session/ask.ts';
import { SharedProblem } from './shared-problem.tsx';
import { SharedSummary } from './shared-summary.tsx';

export type Told = { code: string; name: string; isConfirmed: true };

export function Component() {
  const { t } = useTranslation('shared');
  const opening = useMutation({
    mutationFn: (told: Told) => askJson<SharedAnswer>('/api/summary/shared', { method: 'POST', body: told }),
  });
  return (
    <div className="fyr-narrow fyr-stack">
      <title>{t('title')}</title>
      {opening.data && opening.variables ? (
        <SharedSummary shared={opening.data} told={opening.variables} another={() => opening.reset()} />
      ) : (
        <Asking isPending={opening.isPending} error={opening.error} open={(told) => opening.mutate(told)} />
      )}
    </div>
  );
}

type AskingProps = { isPending: boolean; error: Error | null; open: (told: Told) => void };

function Asking({ isPending, error, open }: AskingProps) {
  const { t } = useTranslation('shared');
  const [code, setCode] = useState('');
  const [name, setName] = useState('');
  const [isConfirmed, setIsConfirmed] = useState(false);
  const [isTried, setIsTried] = useState(false);
  const lacks = (isThere: boolean): string | undefined => (isTried && !isThere ? t('lacks') : undefined);
  const send = (event: FormEvent): void => {
    event.preventDefault();
    setIsTried(true);
    if (code.trim() !== '' && name.trim().length >= 2 && isConfirmed) open({ code, name: name.trim(), isConfirmed });
  };
  return (
    <>
      <Heading size="xlarge" level="1">
        {t('title')}
      </Heading>
      <BodyLong size="large">{t('lead')}</BodyLong>
      <form className="fyr-card fyr-stack" onSubmit={send} noValidate>
        <TextField
          label={t('code')}
          description={t('code-hint')}
          value={code}
          maxLength={60}
          autoComplete="off"
          onChange={(event) => setCode(event.target.value)}
          error={lacks(code.trim() !== '')}
        />
        <TextField
          label={t('name')}
          value={name}
          maxLength={100}
          autoComplete="name"
          onChange={(event) => setName(event.target.value)}
          error={lacks(name.trim().length >= 2)}
        />
        <Checkbox
          checked={isConfirmed}
          onChange={(event) => setIsConfirmed(event.target.checked)}
          error={isTried && !isConfirmed}
        >
          {t('confirm')}
        </Checkbox>
        <SharedProblem error={error} />
        <div>
          <Button type="submit" loading={isPending}>
            {t('open')}
          </Button>
        </div>
      </form>
    </>
  );
}
