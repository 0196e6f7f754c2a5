/** What was to be done in a drill, and what the node saw of it; then what happened, by the clock. */
import { CheckmarkCircleIcon, CircleIcon, PencilIcon } from '@navikt/aksel-icons';
import { useTranslation } from 'react-i18next';
import type { DrillAnswer } from '#continuity/drill/contract.ts';
import { useLanguage } from '../text/texts.ts';
import { useWritten } from '../text/written.ts';

export function DrillTasks({ report: { tasks, drill } }: { report: DrillAnswer }) {
  const { t } = useTranslation('downtime');
  const written = useWritten();
  const language = useLanguage();
  const time = (at: number): string => written.time(new Date(at).toISOString());
  return (
    <div className="fyr-halves">
      <section aria-labelledby="tasks" className="fyr-card">
        <h2 id="tasks">{t('drill-tasks')}</h2>
        <ul className="fyr-plain fyr-rows">
          {tasks.map(({ words, isDone, at }) => {
            const Sign = isDone === undefined ? PencilIcon : isDone ? CheckmarkCircleIcon : CircleIcon;
            const said = isDone === undefined ? 'task-unseen' : isDone ? 'task-done' : 'task-open';
            return (
              <li key={words.en} className="fyr-sign">
                <Sign aria-hidden fontSize="1.25rem" />
                <span>
                  {words[language]}{' '}
                  <span className="fyr-subtle">
                    {t(said)}
                    {at !== undefined && ` ${time(at)}`}
                  </span>
                </span>
              </li>
            );
          })}
        </ul>
      </section>
      <section aria-labelledby="drill-history" className="fyr-card">
        <h2 id="drill-history">{t('history')}</h2>
        <ol className="fyr-plain fyr-rows">
          {drill.history.map((step) => (
            <li key={`${step.at} ${step.what}`}>
              <span className="fyr-number">{time(step.at)}</span> <strong>{step.by.name}</strong>{' '}
              {t(`drill-step-${step.what}`)}
              {step.words && `: ${step.words}`}
            </li>
          ))}
        </ol>
      </section>
    </div>
  );
}
