/** The summary that a code opened: critical information first, then section by section. */
import { Button, Heading } from '@navikt/ds-react';
import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { LineView, SharedAnswer, SummaryView } from '#services/summary-record/contract.ts';
import { useLanguage } from '../text/texts.ts';
import { useWritten } from '../text/written.ts';
import { Refusal } from '../session/ask.ts';
import { SharedProblem } from './shared-problem.tsx';
import { saveFile } from '../ui/save-file.ts';
import type { Told } from './shared-page.tsx';
import './shared.css';

type SharedSummaryProps = { shared: SharedAnswer; told: Told; another: () => void };

export function SharedSummary({ shared: { until, view }, told, another }: SharedSummaryProps) {
  const { t } = useTranslation('shared');
  const written = useWritten();
  return (
    <>
      <div>
        <Heading size="xlarge" level="1">
          {view.patient.name}
        </Heading>
        <p className="fyr-plain fyr-subtle">
          {[t('born', { date: written.date(view.patient.birthDate) }), t('until', { when: written.when(until) })].join(
            ' · ',
          )}
        </p>
      </div>
      <Critical critical={view.critical} />
      {view.sections.map((section) => (
        <section key={section.key} className="fyr-card">
          <h2>{section.title}</h2>
          {section.text !== undefined && <p className="fyr-plain">{section.text}</p>}
          <ul className="fyr-plain fyr-rows">
            {section.lines.map((line) => (
              <Line key={line.reference} line={line} />
            ))}
          </ul>
          {section.more > 0 && <p className="fyr-plain fyr-subtle">{t('more', { count: section.more })}</p>}
        </section>
      ))}
      <Files told={told} />
      <div className="fyr-not-on-paper">
        <Button variant="tertiary" onClick={another}>
          {t('another')}
        </Button>
      </div>
    </>
  );
}

function Critical({ critical }: Pick<SummaryView, 'critical'>) {
  const { t } = useTranslation('shared');
  return (
    <section className="fyr-card fyr-shared-critical">
      <h2>{t('critical')}</h2>
      {critical.length === 0 && <p className="fyr-plain">{t('critical-none')}</p>}
      {critical.map(({ category, title, items }) => (
        <div key={category}>
          <h3>{title}</h3>
          <ul className="fyr-plain fyr-rows">
            {items.map(({ reference, text, details, since }) => (
              <li key={reference}>
                <strong>{text}</strong>{' '}
                <span className="fyr-subtle">{[details, since].filter(Boolean).join(' · ')}</span>
              </li>
            ))}
          </ul>
        </div>
      ))}
    </section>
  );
}

function Line({ line: { what, details, when, isOwn } }: { line: LineView }) {
  const { t } = useTranslation('shared');
  return (
    <li>
      <strong>{what}</strong>{' '}
      <span className="fyr-subtle">{[details, when, isOwn ? t('own') : ''].filter(Boolean).join(' · ')}</span>
    </li>
  );
}

/** Asked for by the code anew: what is handed out is in the log each time. */
function Files({ told }: { told: Told }) {
  const { t } = useTranslation('shared');
  const language = useLanguage();
  const fetching = useMutation({
    async mutationFn(as: 'pdf' | 'fhir') {
      const answer = await fetch('/api/summary/shared', {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'accept-language': language },
        body: JSON.stringify({ ...told, as }),
      });
      if (!answer.ok) throw new Refusal(answer.status, answer.statusText);
      const type = as === 'pdf' ? 'application/pdf' : 'application/fhir+json';
      saveFile(as === 'pdf' ? 'summary.pdf' : 'summary.json', [await answer.arrayBuffer()], type);
    },
  });
  return (
    <div className="fyr-row fyr-not-on-paper">
      <Button variant="secondary" loading={fetching.isPending} onClick={() => fetching.mutate('pdf')}>
        {t('pdf')}
      </Button>
      <Button variant="secondary" loading={fetching.isPending} onClick={() => fetching.mutate('fhir')}>
        {t('as-fhir')}
      </Button>
      <SharedProblem error={fetching.error} />
    </div>
  );
}
