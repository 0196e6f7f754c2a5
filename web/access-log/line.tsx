/** One line of the log as a sentence, and the form for what one does not recognise. */
import { Button, InlineMessage, Tag, Textarea } from '@navikt/ds-react';
import { useMutation } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { LogLine, WrongAnswer } from '#trust/access-log/contract.ts';
import { doneWords } from '../record/done.ts';
import { useChange } from '../session/queries.ts';
import { useWritten } from '../text/written.ts';
import { useDraft } from '../ui/draft.ts';
import { Problem } from '../ui/problem.tsx';

type LineProps = { line: LogLine; patient: string | undefined; onlyThis: (() => void) | undefined };

export function Line({ line, patient, onlyThis }: LineProps) {
  const { t } = useTranslation('access-log');
  const written = useWritten();
  const [isTelling, setIsTelling] = useState(false);
  const { who, count, first, last, why } = line;
  return (
    <li className="fyr-card fyr-line">
      <p className="fyr-plain">
        <Sentence line={line} />
      </p>
      <p className="fyr-plain fyr-subtle">
        <time dateTime={last}>
          {count > 1 && written.when(first) !== written.when(last)
            ? t('times', { count, first: written.when(first), last: written.when(last) })
            : written.when(last)}
        </time>
        {!who.isSelf && ` · ${t('why', { why: why.words })}`}
      </p>
      <Marks line={line} />
      {!who.isSelf && (
        <div className="fyr-row fyr-not-on-paper">
          <Button
            size="small"
            variant="tertiary"
            aria-expanded={isTelling}
            onClick={() => setIsTelling((before) => !before)}
          >
            {t('wrong')}
          </Button>
          {onlyThis && (
            <Button size="small" variant="tertiary" data-color="neutral" onClick={onlyThis}>
              {t('show-only')}
              <span className="fyr-unseen">: {who.name}</span>
            </Button>
          )}
        </div>
      )}
      {isTelling && <Telling line={line} patient={patient} />}
    </li>
  );
}

function Sentence({ line }: { line: LogLine }) {
  const { t } = useTranslation('access-log');
  const written = useWritten();
  const { who, organisation, department } = line;
  const place = [department?.name, organisation?.name].filter(Boolean)[0];
  const said = who.isSelf
    ? t('you')
    : t(place === undefined ? 'someone' : 'at', { name: who.name, profession: who.profession, place });
  return (
    <>
      <strong>{said}</strong> {doneWords(line, written.list)}
    </>
  );
}

function Marks({ line: { isEmergency, outcome, isOffline } }: { line: LogLine }) {
  const { t } = useTranslation('access-log');
  if (!isEmergency && outcome === 'allowed' && !isOffline) return null;
  return (
    <div className="fyr-row">
      {isEmergency && (
        <Tag size="small" data-color="danger">
          {t('emergency')}
        </Tag>
      )}
      {outcome !== 'allowed' && (
        <Tag size="small" data-color="warning">
          {t(outcome)}
        </Tag>
      )}
      {isOffline && (
        <Tag size="small" data-color="neutral">
          {t('offline')}
        </Tag>
      )}
    </div>
  );
}

function Telling({ line, patient }: { line: LogLine; patient: string | undefined }) {
  const { t } = useTranslation('access-log');
  const draft = useDraft(`wrong ${line.id}`);
  const change = useChange();
  const sending = useMutation({
    mutationFn: (message: string) =>
      change<WrongAnswer>(
        '/api/log/mine/wrong',
        { method: 'POST', body: { ...(patient === undefined ? {} : { patient }), entry: line.id, message } },
        [],
      ),
    onSuccess: () => draft.forget(),
  });
  if (sending.data) {
    return (
      <div role="status">
        <InlineMessage status="success">{t('wrong-sent', { number: sending.data.case.slice(-6) })}</InlineMessage>
      </div>
    );
  }
  const send = (event: FormEvent): void => {
    event.preventDefault();
    if (draft.text.trim() !== '') sending.mutate(draft.text.trim());
  };
  return (
    <form onSubmit={send} className="fyr-stack">
      <Textarea
        label={t('wrong-label')}
        description={t('wrong-hint')}
        value={draft.text}
        maxLength={4000}
        minRows={3}
        onChange={(event) => draft.write(event.target.value)}
      />
      <Problem error={sending.error} />
      <div>
        <Button type="submit" size="small" loading={sending.isPending}>
          {t('wrong-send')}
        </Button>
      </div>
    </form>
  );
}
