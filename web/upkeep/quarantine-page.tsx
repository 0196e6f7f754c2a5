/** What came from other nodes and could not be taken: why, tried again, or settled in words. Without what it says: that is for who treats. */
import { Button, Heading, InlineMessage, Textarea } from '@navikt/ds-react';
import { queryOptions, useMutation, useQuery } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { Quarantined, QuarantineList, TryAgainAnswer } from '#continuity/quarantine/contract.ts';
import { askJson, Refusal } from '../session/ask.ts';
import { useChange } from '../session/queries.ts';
import { useWritten } from '../text/written.ts';
import { useDraft } from '../ui/draft.ts';
import { Problem } from '../ui/problem.tsx';
import { RoomPage } from '../ui/room-page.tsx';

const path = '/api/continuity/quarantine';
const lookEveryMs = 15_000;

const quarantineQuery = queryOptions({
  queryKey: ['quarantine'],
  queryFn: ({ signal }) => askJson<QuarantineList>(path, { signal }).catch(noneAlone),
  refetchInterval: lookEveryMs,
});

/** A node that stands alone takes nothing from others, and has no such address. */
function noneAlone(error: unknown): QuarantineList {
  if (error instanceof Refusal && error.status === 404) return { open: [], settled: [] };
  throw error;
}

export function Component() {
  const { t } = useTranslation('upkeep');
  const query = useQuery(quarantineQuery);
  return (
    <RoomPage title={t('quarantine')} lead={t('quarantine-more')} query={query}>
      {({ open, settled }) => <Lists open={open} settled={settled} />}
    </RoomPage>
  );
}

function Lists({ open, settled }: QuarantineList) {
  const { t } = useTranslation('upkeep');
  const written = useWritten();
  return (
    <>
      {open.length === 0 && <InlineMessage status="success">{t('quarantine-none')}</InlineMessage>}
      {open.map((one) => (
        <One key={one.operation} of={one} />
      ))}
      {settled.length > 0 && (
        <details className="fyr-card">
          <summary>{t('quarantine-settled', { count: settled.length })}</summary>
          <ul className="fyr-plain fyr-rows">
            {settled.map(({ operation, from, why, settled: done }) => (
              <li key={operation}>
                <div>{done?.words}</div>
                <div className="fyr-subtle fyr-small">
                  {[from, why, done?.by.name, written.when(done?.at)].filter(Boolean).join(' · ')}
                </div>
              </li>
            ))}
          </ul>
        </details>
      )}
    </>
  );
}

function One({ of }: { of: Quarantined }) {
  const { t } = useTranslation('upkeep');
  const written = useWritten();
  const change = useChange();
  const [isSettling, setIsSettling] = useState(false);
  const own = `${path}/${encodeURIComponent(of.operation)}`;
  const again = useMutation({
    mutationFn: () =>
      change<TryAgainAnswer>(`${own}/again`, { method: 'POST', body: {} }, ['quarantine', 'operations']),
  });
  return (
    <section className="fyr-card fyr-stack" aria-label={t('quarantine-from', { node: of.from })}>
      <div>
        <Heading size="small" level="2">
          {t('quarantine-from', { node: of.from })}
        </Heading>
        <p className="fyr-plain fyr-subtle">{t('quarantine-since', { when: written.when(of.setAsideAt) })}</p>
      </div>
      <p className="fyr-plain" lang="en">
        {of.why}
      </p>
      {of.waitsFor !== undefined && <p className="fyr-plain">{t('quarantine-waits', { operation: of.waitsFor })}</p>}
      <ul className="fyr-plain fyr-small">
        {of.resources.map(({ type, id, bytes, isDeletion }) => (
          <li key={`${type} ${id}`}>
            {type} {id} · {isDeletion ? t('quarantine-deletion') : t('quarantine-bytes', { count: bytes })}
          </li>
        ))}
      </ul>
      {again.data?.outcome === 'stays' && <InlineMessage status="warning">{t('quarantine-stays')}</InlineMessage>}
      <Problem error={again.error} />
      <div className="fyr-row">
        <Button size="small" loading={again.isPending} onClick={() => again.mutate()}>
          {t('quarantine-again')}
        </Button>
        <Button size="small" variant="secondary" aria-expanded={isSettling} onClick={() => setIsSettling(!isSettling)}>
          {t('quarantine-settle')}
        </Button>
      </div>
      {isSettling && <Settle of={of} path={`${own}/settle`} />}
    </section>
  );
}

function Settle({ of, path: to }: { of: Quarantined; path: string }) {
  const { t } = useTranslation('upkeep');
  const change = useChange();
  const words = useDraft(`quarantine ${of.operation}`);
  const [wasTried, setWasTried] = useState(false);
  const isTooShort = words.text.trim().length < 3;
  const settling = useMutation({
    mutationFn: () => change(to, { method: 'POST', body: { words: words.text.trim() } }, ['quarantine', 'operations']),
    onSuccess: () => words.forget(),
  });
  const send = (event: FormEvent): void => {
    event.preventDefault();
    setWasTried(true);
    if (!isTooShort) settling.mutate();
  };
  return (
    <form onSubmit={send} className="fyr-stack fyr-narrow-left" noValidate>
      <Textarea
        size="small"
        label={t('quarantine-words')}
        description={t('quarantine-words-more')}
        minRows={2}
        maxLength={2000}
        value={words.text}
        error={wasTried && isTooShort ? t('quarantine-words-lack') : undefined}
        onChange={({ target }) => words.write(target.value)}
      />
      <Problem error={settling.error} />
      <div>
        <Button size="small" type="submit" loading={settling.isPending}>
          {t('quarantine-settle-now')}
        </Button>
      </div>
    </form>
  );
}
