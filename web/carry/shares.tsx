/** Codes for a summary: one is made, told once, and withdrawn. */
import { BodyLong, Button, Heading, InlineMessage, Select, TextField } from '@navikt/ds-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { NewShareAnswer, ShareAnswer } from '#trust/control/contract.ts';
import { useChange } from '../session/queries.ts';
import { useWritten } from '../text/written.ts';
import { Loaded } from '../ui/loaded.tsx';
import { Problem } from '../ui/problem.tsx';
import { sharesQuery } from './queries.ts';
import './carry.css';

const spans = ['1', '7', '30', '90'] as const;

export function Shares({ patient }: { patient: string }) {
  const { t } = useTranslation('carry');
  const query = useQuery(sharesQuery(patient));
  return (
    <>
      <Make patient={patient} />
      <section className="fyr-card fyr-stack">
        <Heading size="small" level="2">
          {t('shares')}
        </Heading>
        <Loaded query={query}>
          {({ shares }) =>
            shares.length === 0 ? (
              <p className="fyr-plain fyr-subtle">{t('shares-none')}</p>
            ) : (
              <ul className="fyr-plain fyr-rows">
                {shares.map((share) => (
                  <Share key={share.id} share={share} />
                ))}
              </ul>
            )
          }
        </Loaded>
      </section>
    </>
  );
}

function Make({ patient }: { patient: string }) {
  const { t } = useTranslation('carry');
  const written = useWritten();
  const [days, setDays] = useState('7');
  const [note, setNote] = useState('');
  const change = useChange();
  const making = useMutation({
    mutationFn: () => {
      const said = note.trim() === '' ? {} : { note: note.trim() };
      const body = { patient, days: Number(days), ...said };
      return change<NewShareAnswer>('/api/control/shares', { method: 'POST', body }, ['control']);
    },
    onSuccess: () => setNote(''),
  });
  const make = (event: FormEvent): void => {
    event.preventDefault();
    making.mutate();
  };
  return (
    <form className="fyr-card fyr-stack" onSubmit={make}>
      <Heading size="small" level="2">
        {t('share')}
      </Heading>
      <BodyLong>{t('share-more', { address: `${location.host}/shared` })}</BodyLong>
      <Select label={t('days')} value={days} onChange={(event) => setDays(event.target.value)}>
        {spans.map((span) => (
          <option key={span} value={span}>
            {t(`days-${span}`)}
          </option>
        ))}
      </Select>
      <TextField
        label={t('note')}
        value={note}
        maxLength={200}
        autoComplete="off"
        onChange={(event) => setNote(event.target.value)}
      />
      <Problem error={making.error} />
      <div>
        <Button type="submit" loading={making.isPending}>
          {t('make')}
        </Button>
      </div>
      <div role="status">
        {making.data && (
          <InlineMessage status="success">
            {t('made')}
            <br />
            <strong className="fyr-share-code">{making.data.code}</strong>
            <br />
            {t('made-until', { when: written.when(making.data.until) })}
          </InlineMessage>
        )}
      </div>
    </form>
  );
}

function Share({ share: { id, note, until, holds, isWithdrawn } }: { share: ShareAnswer }) {
  const { t } = useTranslation('carry');
  const written = useWritten();
  const change = useChange();
  const withdrawing = useMutation({
    mutationFn: () => change(`/api/control/shares/${id}`, { method: 'DELETE' }, ['control']),
  });
  const state = holds ? t('works-until', { when: written.when(until) }) : t(isWithdrawn ? 'withdrawn' : 'ended');
  return (
    <li>
      <div className="fyr-row fyr-row-middle fyr-row-apart">
        <span>
          <strong>{note ?? t('a-share')}</strong> <span className="fyr-subtle">{state}</span>
        </span>
        {holds && (
          <Button size="small" variant="tertiary" loading={withdrawing.isPending} onClick={() => withdrawing.mutate()}>
            {t('withdraw')}
            <span className="fyr-unseen"> {note ?? t('a-share')}</span>
          </Button>
        )}
      </div>
      <Problem error={withdrawing.error} />
    </li>
  );
}
