/** Something that one has given: a power of attorney, a parent's access. */
import { Button } from '@navikt/ds-react';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { RepresentationAnswer } from '#trust/control/contract.ts';
import { useChange } from '../session/queries.ts';
import { useWritten } from '../text/written.ts';
import { Confirm } from '../ui/confirm.tsx';
import { Named } from '../ui/named.tsx';
import { Problem } from '../ui/problem.tsx';

export function TakeBack({ given }: { given: RepresentationAnswer['given'][number] }) {
  const { t } = useTranslation('control');
  const written = useWritten();
  const [isAsking, setIsAsking] = useState(false);
  const change = useChange();
  const taking = useMutation({
    mutationFn: () => change(`/api/control/representation/${given.id}`, { method: 'DELETE' }, ['control', 'record']),
  });
  return (
    <li className="fyr-row fyr-row-middle fyr-row-apart">
      <span>
        <strong>{given.to === undefined ? t('given-parents') : (given.name ?? <Named reference={given.to} />)}</strong>{' '}
        <span className="fyr-subtle">
          {[
            t(`given-${given.kind}`),
            given.kind === 'power-of-attorney' && t(given.mayWrite ? 'power-act-short' : 'power-see-short'),
            given.scopes !== undefined && written.list(given.scopes.map((scope) => t(`scope-${scope}`).toLowerCase())),
            given.since !== undefined && t('since', { date: written.date(given.since) }),
            // It ends as its last day does: a moment before, it is still that day.
            given.until !== undefined && t('until', { date: written.date(lastDayOf(given.until)) }),
          ]
            .filter(Boolean)
            .join(', ')}
        </span>
      </span>
      <Button size="small" variant="tertiary" onClick={() => setIsAsking(true)}>
        {t('take-back')}
      </Button>
      {isAsking && (
        <Confirm
          title={t('take-back')}
          follows={t('take-back-follows')}
          action={t('take-back')}
          isPending={taking.isPending}
          onConfirm={() => taking.mutate()}
          onCancel={() => setIsAsking(false)}
        >
          <Problem error={taking.error} />
        </Confirm>
      )}
    </li>
  );
}

const lastDayOf = (end: string): string => new Date(Date.parse(end) - 1).toISOString();
