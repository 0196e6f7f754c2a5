/** A drill that is on: its clock, what is away, a line for what somebody saw, and the end. */
import { Button, Tag, TextField } from '@navikt/ds-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { DrillAnswer, DrillStateAnswer } from '#continuity/drill/contract.ts';
import { useChange } from '../session/queries.ts';
import { useLanguage } from '../text/texts.ts';
import { Confirm } from '../ui/confirm.tsx';
import { useDraft } from '../ui/draft.ts';
import { Loaded } from '../ui/loaded.tsx';
import { Problem } from '../ui/problem.tsx';
import { useNow } from '../ui/use-now.ts';
import { DrillTasks } from './drill-tasks.tsx';
import { drillReportQuery } from './queries.ts';

type Drill = NonNullable<DrillStateAnswer['drill']>;

const tickMs = 1000;

/** `04:09`, `1:00:00` */
function clockWords(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const two = (value: number): string => String(value).padStart(2, '0');
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  return hours === 0 ? `${two(minutes)}:${two(seconds % 60)}` : `${hours}:${two(minutes)}:${two(seconds % 60)}`;
}

export function RunningDrill({ drill, at }: { drill: Drill; at: number }) {
  const { t } = useTranslation('downtime');
  const language = useLanguage();
  const change = useChange();
  // The node's clock counts: this machine's may be wrong.
  const [offset] = useState(() => at - Date.now());
  const now = useNow(tickMs) + offset;
  const [isEnding, setIsEnding] = useState(false);
  const report = useQuery(drillReportQuery(drill.id));
  const { id, state, began, until, title, happens } = drill;
  const end = useMutation({
    mutationFn: () => change<DrillAnswer>(`/api/drill/${id}/end`, { method: 'POST', body: {} }, ['drill', 'downtime']),
    onSuccess: () => setIsEnding(false),
  });
  return (
    <>
      <section aria-labelledby="running" className="fyr-card fyr-stack">
        <div className="fyr-row fyr-row-middle fyr-card-head">
          <h2 id="running">{title[language]}</h2>
          <Tag data-color="meta-purple" variant="moderate">
            {t(`drill-state-${state}`)}
          </Tag>
        </div>
        <p className="fyr-plain">{happens[language]}</p>
        <p className="fyr-plain fyr-clock" role="timer">
          {clockWords(now - began)}{' '}
          <span className="fyr-clock-more">
            {state === 'running' ? t('drill-left', { left: clockWords(until - now) }) : t('drill-recovering')}
          </span>
        </p>
        {state === 'running' && (
          <>
            <Note id={id} />
            <div>
              <Button variant="secondary" onClick={() => setIsEnding(true)}>
                {t('drill-end')}
              </Button>
            </div>
          </>
        )}
        {isEnding && (
          <Confirm
            title={t('drill-end')}
            follows={t('drill-end-more')}
            action={t('drill-end')}
            isPending={end.isPending}
            onConfirm={() => end.mutate()}
            onCancel={() => setIsEnding(false)}
          >
            <Problem error={end.error} />
          </Confirm>
        )}
      </section>
      <Loaded query={report}>{(answer) => <DrillTasks report={answer} />}</Loaded>
    </>
  );
}

function Note({ id }: { id: string }) {
  const { t } = useTranslation('downtime');
  const change = useChange();
  const words = useDraft(`drill ${id}`);
  const [isChecked, setIsChecked] = useState(false);
  const isShort = words.text.trim().length < 3;
  const note = useMutation({
    mutationFn: () =>
      change(`/api/drill/${id}/note`, { method: 'POST', body: { words: words.text.trim() } }, ['drill', 'downtime']),
    onSuccess: () => {
      words.forget();
      setIsChecked(false);
    },
  });
  return (
    <form
      className="fyr-row"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        setIsChecked(true);
        if (!isShort) note.mutate();
      }}
    >
      <TextField
        className="fyr-wide-field"
        label={t('drill-note')}
        description={t('drill-note-more')}
        value={words.text}
        maxLength={2000}
        onChange={(event) => words.write(event.target.value)}
        error={isChecked && isShort && t('words-lack')}
      />
      <Button type="submit" variant="secondary" loading={note.isPending}>
        {t('drill-note-action')}
      </Button>
      <Problem error={note.error} />
    </form>
  );
}
