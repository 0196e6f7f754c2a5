/** What is closed, for whom and since when; to open it again; to close more. */
import { BodyLong, Button, Heading, Loader } from '@navikt/ds-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { BlockAnswer } from '#trust/control/contract.ts';
import { blocksQuery } from '../record/blocks.ts';
import { useChange } from '../session/queries.ts';
import { useWritten } from '../text/written.ts';
import { Confirm } from '../ui/confirm.tsx';
import { Loaded } from '../ui/loaded.tsx';
import { Named } from '../ui/named.tsx';
import { Problem } from '../ui/problem.tsx';

/** Loaded when it is opened. */
const AddBlock = lazy(() => import('./add-block.tsx'));

export function Blocks({ patient }: { patient: string | undefined }) {
  const { t } = useTranslation('control');
  const query = useQuery(blocksQuery(patient));
  const [isAdding, setIsAdding] = useState(false);
  return (
    <section className="fyr-card fyr-stack">
      <Heading size="small" level="2">
        {t('blocks')}
      </Heading>
      <BodyLong>{t('blocks-more')}</BodyLong>
      <Loaded query={query}>
        {({ blocks }) =>
          blocks.length === 0 ? (
            <p className="fyr-plain fyr-subtle">{t('blocks-none')}</p>
          ) : (
            <ul className="fyr-plain fyr-rows">
              {blocks.map((block) => (
                <Block key={block.id} block={block} />
              ))}
            </ul>
          )
        }
      </Loaded>
      {isAdding ? (
        <Suspense fallback={<Loader />}>
          <AddBlock patient={patient} done={() => setIsAdding(false)} />
        </Suspense>
      ) : (
        <div>
          <Button variant="secondary" onClick={() => setIsAdding(true)}>
            {t('block-add')}
          </Button>
        </div>
      )}
    </section>
  );
}

function Block({ block }: { block: BlockAnswer }) {
  const { t } = useTranslation('control');
  const written = useWritten();
  const [isAsking, setIsAsking] = useState(false);
  const change = useChange();
  const lifting = useMutation({
    mutationFn: () => change(`/api/control/blocks/${block.id}`, { method: 'DELETE' }, ['control', 'record']),
  });
  return (
    <li>
      <div className="fyr-row fyr-row-middle fyr-row-apart">
        <div>
          <BlockWords block={block} />
          <div className="fyr-subtle fyr-small">{t('since', { date: written.date(block.since) })}</div>
        </div>
        <Button size="small" variant="tertiary" onClick={() => setIsAsking(true)}>
          {t('block-lift')}
        </Button>
      </div>
      {isAsking && (
        <Confirm
          title={t('block-lift-title')}
          follows={t('block-lift-follows')}
          action={t('block-lift')}
          isPending={lifting.isPending}
          onConfirm={() => lifting.mutate()}
          onCancel={() => setIsAsking(false)}
        >
          <p>
            <BlockWords block={block} />
          </p>
          <Problem error={lifting.error} />
        </Confirm>
      )}
    </li>
  );
}

/** `Hele journalen, for Odd Lie`; for nobody named: for all. */
function BlockWords({ block }: { block: BlockAnswer }) {
  const { t } = useTranslation('control');
  const who =
    block.for === undefined
      ? undefined
      : 'practitioner' in block.for
        ? `Practitioner/${block.for.practitioner}`
        : `Organization/${block.for.organization}`;
  return (
    <>
      <strong>
        {block.document === undefined ? (
          t('whole-record')
        ) : (
          <Named reference={`DocumentReference/${block.document}`} otherwise={t('a-document')} />
        )}
      </strong>{' '}
      {who === undefined ? (
        t('for-all')
      ) : (
        <>
          {t('for')} <Named reference={who} />
        </>
      )}
    </>
  );
}
