/** The first of two steps: what is lost, since when, why. Nothing changes for anybody before the second. */
import { BodyLong, Button, Select, Textarea } from '@navikt/ds-react';
import { useMutation } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { DowntimeAnswer } from '#continuity/downtime/contract.ts';
import { useChange } from '../session/queries.ts';
import { useDraft } from '../ui/draft.ts';
import { Problem } from '../ui/problem.tsx';
import { TimeField } from '../ui/time-field.tsx';
import { instantOf } from '../text/typed-time.ts';

const kinds = ['network', 'storage', 'upstream', 'slow', 'sign-in', 'planned', 'other'] as const;
const wordsLeast = 3;

export function BeginDowntime() {
  const { t } = useTranslation('downtime');
  const change = useChange();
  const reason = useDraft('downtime');
  const [kind, setKind] = useState('');
  const [began, setBegan] = useState('');
  const [isChecked, setIsChecked] = useState(false);
  const at = began === '' ? undefined : instantOf(began);
  const lacks = {
    kind: kind === '' ? t('kind-lacks') : undefined,
    reason: reason.text.trim().length < wordsLeast ? t('reason-lacks') : undefined,
    began: began !== '' && (at === undefined || at > Date.now()) ? t('began-wrong') : undefined,
  };
  const begin = useMutation({
    mutationFn: () =>
      change<DowntimeAnswer>(
        '/api/downtime',
        { method: 'POST', body: { kind, reason: reason.text.trim(), ...(at === undefined ? {} : { began: at }) } },
        ['downtime'],
      ),
    onSuccess: () => reason.forget(),
  });
  const send = (event: FormEvent): void => {
    event.preventDefault();
    setIsChecked(true);
    if (Object.values(lacks).every((lack) => lack === undefined)) begin.mutate();
  };
  return (
    <form onSubmit={send} className="fyr-card fyr-stack fyr-narrow-left" aria-labelledby="begin" noValidate>
      <h2 id="begin">{t('begin')}</h2>
      <BodyLong>{t('begin-more')}</BodyLong>
      <Select
        label={t('kind')}
        value={kind}
        onChange={(event) => setKind(event.target.value)}
        error={isChecked && lacks.kind}
      >
        <option value="">{t('choose')}</option>
        {kinds.map((each) => (
          <option key={each} value={each}>
            {t(`kind-${each}`)}
          </option>
        ))}
      </Select>
      <Textarea
        label={t('reason')}
        description={t('reason-more')}
        value={reason.text}
        maxLength={2000}
        minRows={2}
        onChange={(event) => reason.write(event.target.value)}
        error={isChecked && lacks.reason}
      />
      <TimeField
        label={t('began-earlier')}
        description={t('began-earlier-more')}
        className="fyr-short"
        value={began}
        onTyped={setBegan}
        error={isChecked && lacks.began}
      />
      <Problem error={begin.error} />
      <div>
        <Button type="submit" loading={begin.isPending}>
          {t('begin-action')}
        </Button>
      </div>
    </form>
  );
}
