/** What was captured on this device, and what became of each: here only, in the record, or waiting for a person. */
import { CheckmarkCircleIcon, ClockDashedIcon, ExclamationmarkTriangleIcon } from '@navikt/aksel-icons';
import { Button } from '@navikt/ds-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useWritten } from '../text/written.ts';
import { Confirm } from '../ui/confirm.tsx';
import type { Captured } from './captured.ts';
import { entryWords } from './entry-words.ts';
import type { Say } from './words.ts';
import { useKeeper } from './keeper-context.ts';

export function OwnCaptures({ patient }: { patient: string }) {
  const { t } = useTranslation('ward');
  const { captures } = useKeeper().state;
  const own = captures.filter(({ entry }) => entry.patient === patient);
  if (own.length === 0) return null;
  return (
    <section className="fyr-card" aria-labelledby="own">
      <h2 id="own">{t('own')}</h2>
      <CaptureList captures={own} />
    </section>
  );
}

export function CaptureList({ captures, hasNames }: { captures: readonly Captured[]; hasNames?: boolean }) {
  return (
    <ul className="fyr-plain fyr-rows">
      {captures.map((capture) => (
        <One key={capture.id} capture={capture} hasName={hasNames === true} />
      ))}
    </ul>
  );
}

function One({ capture, hasName }: { capture: Captured; hasName: boolean }) {
  const { t } = useTranslation('ward');
  const written = useWritten();
  const { entry, patientName, state, isVolatile } = capture;
  const Sign =
    state.name === 'recorded'
      ? CheckmarkCircleIcon
      : state.name === 'waiting'
        ? ClockDashedIcon
        : ExclamationmarkTriangleIcon;
  const words = {
    waiting: () => t(isVolatile === true ? 'state-volatile' : 'state-waiting'),
    recorded: () => t('state-recorded', { when: written.when(timeOf(state)) }),
    asks: () => askedWords(state, t, written.when),
    refused: () => t('state-refused', { problem: state.name === 'refused' ? state.problem : '' }),
  }[state.name]();
  return (
    <li>
      <p className="fyr-plain">
        {hasName && <strong>{patientName}: </strong>}
        {entryWords(entry, written, t)}
      </p>
      <p className={`fyr-plain fyr-sign fyr-ward-state-${state.name}`}>
        <Sign aria-hidden fontSize="1.25rem" />
        <span>{words}</span>
      </p>
      <Decision capture={capture} />
    </li>
  );
}

const timeOf = (state: Captured['state']): string =>
  state.name === 'recorded' ? new Date(state.at).toISOString() : new Date(0).toISOString();

function askedWords(state: Captured['state'], t: Say, when: (of: string) => string): string {
  if (state.name !== 'asks') return '';
  const { question, about } = state;
  return t(`asks-${question}`, { about: question === 'possible-double' ? when(about) : about });
}

/** What a person says to it: in two steps where something is thrown away. */
function Decision({ capture: { id, state } }: { capture: Captured }) {
  const { t } = useTranslation('ward');
  const { keeper, state: all } = useKeeper();
  const [isDiscarding, setIsDiscarding] = useState(false);
  if (state.name === 'recorded' || state.name === 'waiting') return null;
  const isOther = state.name === 'asks' && state.question === 'other-person';
  const go = state.name === 'refused' ? 'again' : isOther ? 'for-other' : 'confirm';
  const words =
    state.name === 'refused' ? t('decide-again') : state.name === 'asks' ? t(`decide-${state.question}`) : '';
  return (
    <div className="fyr-row">
      <Button
        size="small"
        variant="secondary"
        disabled={all.contact !== 'node'}
        onClick={() => void keeper.decide(id, go)}
      >
        {words}
      </Button>
      <Button size="small" variant="tertiary" onClick={() => setIsDiscarding(true)}>
        {t('discard')}
      </Button>
      {isDiscarding && (
        <Confirm
          title={t('discard')}
          follows={t('discard-more')}
          action={t('discard')}
          isDanger
          isPending={false}
          onConfirm={() => void keeper.decide(id, 'discard')}
          onCancel={() => setIsDiscarding(false)}
        />
      )}
    </div>
  );
}
