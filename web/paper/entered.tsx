/** What was entered, for a second person with the sheet in hand: it is what stands there, or it is not. */
import { Button, Textarea } from '@navikt/ds-react';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { FormEntry, FormShown } from '#continuity/back-entry/contract.ts';
import { useChange, useSignedIn } from '../session/queries.ts';
import { useWritten } from '../text/written.ts';
import { Confirm } from '../ui/confirm.tsx';
import { useDraft } from '../ui/draft.ts';
import { Problem } from '../ui/problem.tsx';

export function Entered({ form, entry }: { form: FormShown; entry: FormEntry }) {
  const { t } = useTranslation('paper');
  const { state, isClosed, events } = form;
  const own = useSignedIn()?.id;
  const enteredBy = events.findLast(({ what }) => what === 'entered')?.by.reference;
  const isMine = enteredBy === `Practitioner/${own}`;
  const rows = 'rows' in entry ? entry.rows : [entry];
  return (
    <section aria-labelledby="entered" className="fyr-card fyr-stack">
      <h2 id="entered">{t(isClosed ? 'recorded' : 'entered')}</h2>
      <ol className="fyr-plain fyr-rows">
        {rows.map((row, at) => (
          <li key={at}>
            <EnteredRow row={row} />
          </li>
        ))}
      </ol>
      {state === 'entered' && !isClosed && isMine && form.needsSecondPerson && (
        <p className="fyr-plain">{t('somebody-else')}</p>
      )}
      {state === 'entered' && !isClosed && !isMine && <Compare code={form.code} />}
    </section>
  );
}

const kept: readonly string[] = ['kind', 'patient', 'request'];

function EnteredRow({ row }: { row: object }) {
  const { t } = useTranslation('paper');
  const written = useWritten();
  const values = Object.entries(row).filter(([name]) => !kept.includes(name));
  const say = (name: string, value: unknown): string => {
    if (name === 'at') return written.when(String(value));
    if (name === 'given') return t(value === true ? 'option-yes' : 'option-no');
    if (name === 'urgency' || name === 'consciousness') return t(`option-${String(value)}`);
    if (typeof value === 'number') return written.number(value);
    if (typeof value === 'object' && value !== null) {
      const { value: amount, unit } = value as { value: number; unit: string };
      return `${written.number(amount)} ${unit}`;
    }
    return String(value);
  };
  return (
    <dl className="fyr-pairs">
      {values.map(([name, value]) => (
        <Pair key={name} name={name === 'dose' ? t('field-amount') : t(`field-${name}`)} words={say(name, value)} />
      ))}
    </dl>
  );
}

function Pair({ name, words }: { name: string; words: string }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{words}</dd>
    </>
  );
}

function Compare({ code }: { code: string }) {
  const { t } = useTranslation('paper');
  const change = useChange();
  const reason = useDraft(`paper reject ${code}`);
  const [isRejecting, setIsRejecting] = useState(false);
  const [isChecked, setIsChecked] = useState(false);
  const verify = useMutation({
    mutationFn: () => change(`/api/back-entry/forms/${code}/verify`, { method: 'POST', body: {} }, ['paper']),
  });
  const reject = useMutation({
    mutationFn: () => {
      const body = { reason: reason.text.trim() };
      return change(`/api/back-entry/forms/${code}/reject`, { method: 'POST', body }, ['paper']);
    },
    onSuccess: () => reason.forget(),
  });
  const isShort = reason.text.trim() === '';
  return (
    <>
      <p className="fyr-plain">{t('compare')}</p>
      <Problem error={verify.error} />
      <div className="fyr-row">
        <Button loading={verify.isPending} onClick={() => verify.mutate()}>
          {t('verify')}
        </Button>
        <Button variant="secondary" onClick={() => setIsRejecting(true)}>
          {t('reject')}
        </Button>
      </div>
      {isRejecting && (
        <Confirm
          title={t('reject')}
          follows={t('reject-more')}
          action={t('reject')}
          isPending={reject.isPending}
          onConfirm={() => {
            setIsChecked(true);
            if (!isShort) reject.mutate();
          }}
          onCancel={() => setIsRejecting(false)}
        >
          <Textarea
            label={t('reject-why')}
            value={reason.text}
            maxLength={2000}
            minRows={2}
            onChange={(event) => reason.write(event.target.value)}
            error={isChecked && isShort && t('lack-lacks')}
          />
          <Problem error={reject.error} />
        </Confirm>
      )}
    </>
  );
}
