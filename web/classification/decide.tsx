/** One document: its text with the words that decided, what it may be, and the decision, by keyboard or by pointer. */
import { BodyLong, BodyShort, Button, Heading, Radio, RadioGroup, Select } from '@navikt/ds-react';
import { useMutation } from '@tanstack/react-query';
import { useEffect, useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { DecideAnswer, QueuedAnswer } from '#services/classification/contract.ts';
import { useChange } from '../session/queries.ts';
import { Problem } from '../ui/problem.tsx';
import { piecesOf } from './pieces.ts';

const another = 'another';
type Choice = { code: string; display: string; confidence: number };

export function Decide({ queued, onDecided }: { queued: QueuedAnswer; onDecided: () => void }) {
  const { t } = useTranslation('classification');
  const { id, version, title, patient, suggestion } = queued;
  const choices: Choice[] = suggestion
    ? [{ ...suggestion.type, confidence: suggestion.confidence }, ...suggestion.others]
    : [];
  const [chosen, setChosen] = useState(choices.length === 0 ? another : '');
  const [other, setOther] = useState('');
  const [wasTried, setWasTried] = useState(false);
  useNumberKeys(choices, setChosen);
  const change = useChange();
  const deciding = useMutation({
    mutationFn: (type: string) =>
      change<DecideAnswer>(
        `/api/classification/queue/${encodeURIComponent(id)}/decide`,
        { method: 'POST', body: { type, version } },
        ['classification', 'record'],
      ),
    onSuccess: onDecided,
  });
  const type = chosen === another ? other : chosen;
  const decide = (event: FormEvent): void => {
    event.preventDefault();
    setWasTried(true);
    if (type !== '') deciding.mutate(type);
  };
  return (
    <section className="fyr-card fyr-stack">
      <Heading size="small" level="2">
        {title}
      </Heading>
      <Link to={`/patients/${patient}/documents/${id}`}>{t('patient')}</Link>
      <Text queued={queued} />
      <form className="fyr-stack" onSubmit={decide}>
        <RadioGroup
          legend={t('what')}
          description={choices.length > 0 ? t('keys') : undefined}
          size="small"
          value={chosen}
          onChange={setChosen}
          error={wasTried && type === '' ? t('lacks') : undefined}
        >
          {choices.map((choice, at) => (
            <Offered key={choice.code} choice={choice} number={at + 1} />
          ))}
          <Radio value={another}>{t('another')}</Radio>
        </RadioGroup>
        {chosen === another && (
          <Select size="small" label={t('which-type')} value={other} onChange={(event) => setOther(event.target.value)}>
            <option value="">{t('choose-type')}</option>
            {queued.types.map(({ code, display }) => (
              <option key={code} value={code}>{`${display} (${code})`}</option>
            ))}
          </Select>
        )}
        <Problem error={deciding.error} />
        <div>
          <Button loading={deciding.isPending}>{t('decide')}</Button>
        </div>
      </form>
    </section>
  );
}

function Offered({ choice: { code, display, confidence }, number }: { choice: Choice; number: number }) {
  const { t } = useTranslation('classification');
  return (
    <Radio value={code} description={`${code} · ${t('sure', { percent: `${Math.round(confidence * 100)} %` })}`}>
      {`${number}. ${display}`}
    </Radio>
  );
}

/** The numbers choose, wherever one is but in a field that takes text. */
function useNumberKeys(choices: readonly Choice[], choose: (code: string) => void): void {
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      const isTyping =
        event.target instanceof HTMLElement && event.target.matches('input[type=text], select, textarea');
      const choice = choices[Number(event.key) - 1];
      if (isTyping || choice === undefined || event.ctrlKey || event.altKey || event.metaKey) return;
      choose(choice.code);
      // From here Enter decides.
      document.querySelector<HTMLInputElement>(`input[type=radio][value="${choice.code}"]`)?.focus();
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  });
}

function Text({ queued: { text, suggestion } }: { queued: QueuedAnswer }) {
  const { t } = useTranslation('classification');
  if (text === undefined) return <BodyLong>{t('no-text')}</BodyLong>;
  return (
    <>
      {suggestion && <BodyShort size="small">{t('why', { type: suggestion.type.display })}</BodyShort>}
      {/* Scrolls, so the keyboard has to get to it. */}
      <div className="fyr-sorting-text" role="region" aria-label={t('text')} tabIndex={0}>
        {piecesOf(text, suggestion?.words ?? []).map(({ text: piece, from, isMarked }) =>
          isMarked ? <mark key={from}>{piece}</mark> : <span key={from}>{piece}</span>,
        )}
      </div>
    </>
  );
}
