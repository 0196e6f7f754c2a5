/** A sheet that was never written on, or that nobody can find: said by a person, with a reason. */
import { Button, Radio, RadioGroup, Textarea } from '@navikt/ds-react';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useChange } from '../session/queries.ts';
import { useDraft } from '../ui/draft.ts';
import { Problem } from '../ui/problem.tsx';

export function CloseForm({ code }: { code: string }) {
  const { t } = useTranslation('paper');
  const change = useChange();
  const reason = useDraft(`paper close ${code}`);
  const [isOpen, setIsOpen] = useState(false);
  const [as, setAs] = useState('');
  const [isChecked, setIsChecked] = useState(false);
  const isShort = reason.text.trim() === '';
  const close = useMutation({
    mutationFn: () => {
      const body = { as, reason: reason.text.trim() };
      return change(`/api/back-entry/forms/${code}/close`, { method: 'POST', body }, ['paper']);
    },
    onSuccess: () => reason.forget(),
  });
  return (
    <section className="fyr-stack">
      <div>
        <Button size="small" variant="tertiary" aria-expanded={isOpen} onClick={() => setIsOpen((was) => !was)}>
          {t('close')}
        </Button>
      </div>
      {isOpen && (
        <form
          className="fyr-card fyr-stack fyr-narrow-left"
          noValidate
          aria-label={t('close')}
          onSubmit={(event) => {
            event.preventDefault();
            setIsChecked(true);
            if (as !== '' && !isShort) close.mutate();
          }}
        >
          <RadioGroup
            size="small"
            legend={t('close-as')}
            value={as}
            onChange={setAs}
            error={isChecked && as === '' && t('lack-lacks')}
          >
            <Radio value="unused">{t('state-unused')}</Radio>
            <Radio value="lost">{t('state-lost')}</Radio>
          </RadioGroup>
          <Textarea
            size="small"
            label={t('close-why')}
            value={reason.text}
            maxLength={2000}
            minRows={2}
            onChange={(event) => reason.write(event.target.value)}
            error={isChecked && isShort && t('lack-lacks')}
          />
          <Problem error={close.error} />
          <div>
            <Button size="small" type="submit" loading={close.isPending}>
              {t('close-action')}
            </Button>
          </div>
        </form>
      )}
    </section>
  );
}
