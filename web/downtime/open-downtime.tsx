/** A downtime as it stands: what it means, what can be done next, the check-list, and what happened. Each step says what it changes for whom. */
import { BodyLong, Button, Tag } from '@navikt/ds-react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { DowntimeAnswer } from '#continuity/downtime/contract.ts';
import { useLanguage } from '../text/texts.ts';
import { useWritten } from '../text/written.ts';
import { Loaded } from '../ui/loaded.tsx';
import { Checks } from './checks.tsx';
import { Steps } from './downtime-steps.tsx';
import { downtimeQuery } from './queries.ts';

const colours = {
  proposed: 'warning',
  declared: 'danger',
  reconciling: 'info',
  ended: 'success',
  dismissed: 'neutral',
} as const;

export function OpenDowntime({ id }: { id: string }) {
  const query = useQuery(downtimeQuery(id));
  return <Loaded query={query}>{(answer) => <Shown answer={answer} />}</Loaded>;
}

function Shown({ answer: { downtime, checks, history } }: { answer: DowntimeAnswer }) {
  const { t } = useTranslation('downtime');
  const written = useWritten();
  const language = useLanguage();
  const { id, kind, state, began, reason } = downtime;
  const when = (at: number): string => written.when(new Date(at).toISOString());
  const isOver = state === 'ended' || state === 'dismissed';
  const report = new URLSearchParams({ format: 'html', language });
  return (
    <>
      <section aria-labelledby="open" className="fyr-card fyr-stack">
        <div className="fyr-row fyr-row-middle fyr-card-head">
          <h2 id="open">{t(`kind-${kind}`)}</h2>
          <Tag data-color={colours[state]} variant={state === 'declared' ? 'strong' : 'moderate'}>
            {t(`state-${state}`)}
          </Tag>
        </div>
        <p className="fyr-plain">
          {t('since', { when: when(began) })} · {reason}
        </p>
        {!isOver && <BodyLong>{t(`next-${state}`)}</BodyLong>}
        <Steps id={id} kind={kind} state={state} openCount={checks.filter(({ isOpen }) => isOpen).length} />
        <div className="fyr-not-on-paper">
          <Button
            as="a"
            role="link"
            size="small"
            variant="tertiary"
            href={`/api/downtime/${id}/report?${report}`}
            download
          >
            {t('report')}
          </Button>
        </div>
      </section>
      {(state === 'reconciling' || state === 'ended') && <Checks id={id} checks={checks} canSettle={!isOver} />}
      <section aria-labelledby="history" className="fyr-card">
        <h2 id="history">{t('history')}</h2>
        <ol className="fyr-plain fyr-rows">
          {history.map((step) => (
            <li key={`${step.at} ${step.what}`}>
              <span className="fyr-number">{when(step.at)}</span> <strong>{step.by.name}</strong>{' '}
              {t(`step-${step.what}`)}
              {step.words && `: ${step.words}`}
            </li>
          ))}
        </ol>
      </section>
    </>
  );
}
