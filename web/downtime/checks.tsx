/** The check-list before the end: what is counted by the node, and what a person has to answer for. */
import { CheckmarkCircleIcon, ExclamationmarkTriangleIcon } from '@navikt/aksel-icons';
import { Button, Textarea } from '@navikt/ds-react';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { DowntimeAnswer } from '#continuity/downtime/contract.ts';
import { useChange } from '../session/queries.ts';
import { useLanguage } from '../text/texts.ts';
import { useWritten } from '../text/written.ts';
import { useDraft } from '../ui/draft.ts';
import { Problem } from '../ui/problem.tsx';

type Check = DowntimeAnswer['checks'][number];
type ChecksProps = { id: string; checks: readonly Check[]; canSettle: boolean };

export function Checks({ id, checks, canSettle }: ChecksProps) {
  const { t } = useTranslation('downtime');
  const change = useChange();
  const count = useMutation({
    mutationFn: () => change<DowntimeAnswer>(`/api/downtime/${id}/check`, { method: 'POST', body: {} }, ['downtime']),
  });
  return (
    <section aria-labelledby="checks" className="fyr-card fyr-stack">
      <div className="fyr-row fyr-row-apart fyr-row-middle fyr-card-head">
        <h2 id="checks">{t('checks')}</h2>
        {canSettle && (
          <Button size="small" variant="tertiary" loading={count.isPending} onClick={() => count.mutate()}>
            {t('count-again')}
          </Button>
        )}
      </div>
      <Problem error={count.error} />
      <ul className="fyr-plain fyr-rows">
        {checks.map((check) => (
          <One key={check.name} id={id} check={check} canSettle={canSettle} />
        ))}
      </ul>
    </section>
  );
}

function One({ id, check, canSettle }: { id: string; check: Check; canSettle: boolean }) {
  const { t } = useTranslation('downtime');
  const language = useLanguage();
  const written = useWritten();
  const [isOpen, setIsOpen] = useState(false);
  const { name, title, count, settled, isOpen: isUnsettled } = check;
  const Sign = isUnsettled ? ExclamationmarkTriangleIcon : CheckmarkCircleIcon;
  return (
    <li>
      <div className="fyr-row fyr-row-apart fyr-row-middle">
        <p className="fyr-plain fyr-sign">
          <Sign aria-hidden fontSize="1.25rem" className={isUnsettled ? 'fyr-sign-warning' : 'fyr-sign-good'} />
          <span>
            <strong>{title[language]}</strong>: {count === undefined ? t('node-can-not-tell') : written.number(count)}
            <span className="fyr-unseen">, {t(isUnsettled ? 'unsettled' : 'settled')}</span>
          </span>
        </p>
        {canSettle && isUnsettled && (
          <Button size="small" variant="secondary" aria-expanded={isOpen} onClick={() => setIsOpen((was) => !was)}>
            {t('settle')}
          </Button>
        )}
      </div>
      {settled && (
        <p className="fyr-plain fyr-subtle">
          {settled.words} ({settled.by.name}, {written.when(new Date(settled.at).toISOString())})
        </p>
      )}
      {isOpen && isUnsettled && <Settle id={id} name={name} />}
    </li>
  );
}

function Settle({ id, name }: { id: string; name: string }) {
  const { t } = useTranslation('downtime');
  const change = useChange();
  const words = useDraft(`downtime ${id} ${name}`);
  const [isChecked, setIsChecked] = useState(false);
  const isShort = words.text.trim().length < 3;
  const settle = useMutation({
    mutationFn: () =>
      change(`/api/downtime/${id}/settle`, { method: 'POST', body: { name, words: words.text.trim() } }, ['downtime']),
    onSuccess: () => words.forget(),
  });
  return (
    <form
      className="fyr-stack fyr-narrow-left"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        setIsChecked(true);
        if (!isShort) settle.mutate();
      }}
    >
      <Textarea
        size="small"
        label={t('settle-words')}
        description={t('settle-more')}
        value={words.text}
        maxLength={2000}
        minRows={2}
        onChange={(event) => words.write(event.target.value)}
        error={isChecked && isShort && t('words-lack')}
      />
      <Problem error={settle.error} />
      <div>
        <Button size="small" type="submit" loading={settle.isPending}>
          {t('settle-action')}
        </Button>
      </div>
    </form>
  );
}
