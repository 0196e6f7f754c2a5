/** Who writes the stay, where a node has taken it; to take, pass, seize and return it, in two steps. */
import { Button, Select, Textarea } from '@navikt/ds-react';
import { queryOptions, useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { CustodyAct, CustodyRequest, CustodyShown } from '#continuity/custody/contract.ts';
import { askJson, Refusal } from '../session/ask.ts';
import { useChange } from '../session/queries.ts';
import { useWritten } from '../text/written.ts';
import { Confirm } from '../ui/confirm.tsx';
import { useDraft } from '../ui/draft.ts';
import { Problem } from '../ui/problem.tsx';

const pathOf = (encounter: string): string => `/api/continuity/encounters/${encodeURIComponent(encounter)}/custody`;

/** `null`: this node has no others to share a stay with. */
const custodyQuery = (encounter: string) =>
  queryOptions({
    queryKey: ['custody', encounter],
    queryFn: async ({ signal }): Promise<CustodyShown | null> => {
      try {
        return await askJson<CustodyShown>(pathOf(encounter), { signal });
      } catch (error) {
        if (error instanceof Refusal && (error.status === 404 || error.status === 403)) return null;
        throw error;
      }
    },
    staleTime: 30_000,
  });

export function Custody({ encounter }: { encounter: string }) {
  const { t } = useTranslation('chart');
  const written = useWritten();
  const { data } = useQuery(custodyQuery(encounter));
  const [act, setAct] = useState<CustodyAct>();
  if (!data) return null;
  const { holder, here, last, acts, nodes, conflict, isSeized } = data;
  if (holder === undefined && nodes.length === 0) return null;
  const offered = acts.filter((one) => one !== 'pass' || nodes.length > 0);
  return (
    <div className="fyr-patient-stay fyr-row fyr-row-middle">
      <span>
        {holder === undefined
          ? t('custody-all')
          : t(holder === here ? 'custody-here' : 'custody-there', { node: holder })}
        {last &&
          ` · ${t(isSeized ? 'custody-seized' : 'custody-since', { who: last.by.name, when: written.when(last.at) })}`}
      </span>
      {conflict !== undefined && <Link to={`/conflicts/${encodeURIComponent(conflict)}`}>{t('custody-conflict')}</Link>}
      {offered.map((one) => (
        <Button key={one} size="xsmall" variant="tertiary" onClick={() => setAct(one)}>
          {t(`custody-${one}`)}
        </Button>
      ))}
      {act && <Change act={act} shown={data} onClose={() => setAct(undefined)} />}
    </div>
  );
}

type ChangeProps = { act: CustodyAct; shown: CustodyShown; onClose: () => void };

function Change({ act, shown: { encounter, holder, nodes }, onClose }: ChangeProps) {
  const { t } = useTranslation('chart');
  const change = useChange();
  const [to, setTo] = useState(nodes[0] ?? '');
  const reason = useDraft(`custody ${encounter}`);
  const [lacksReason, setLacksReason] = useState(false);
  const words = reason.text.trim();
  const changing = useMutation({
    mutationFn: () => {
      const body: CustodyRequest = {
        act,
        ...(act === 'pass' ? { to } : {}),
        ...(words === '' ? {} : { reason: words }),
      };
      return change(pathOf(encounter), { method: 'POST', body }, ['custody', 'record']);
    },
    onSuccess: () => {
      reason.forget();
      onClose();
    },
  });
  const confirm = (): void => {
    const lacks = act === 'seize' && words === '';
    setLacksReason(lacks);
    if (!lacks) changing.mutate();
  };
  return (
    <Confirm
      title={t(`custody-${act}`)}
      follows={t(`custody-follows-${act}`, { node: act === 'pass' ? to : (holder ?? '') })}
      action={t(`custody-${act}`)}
      isDanger={act === 'seize'}
      isPending={changing.isPending}
      onConfirm={confirm}
      onCancel={onClose}
    >
      <div className="fyr-stack">
        {act === 'pass' && (
          <Select size="small" label={t('custody-to')} value={to} onChange={({ target }) => setTo(target.value)}>
            {nodes.map((node) => (
              <option key={node}>{node}</option>
            ))}
          </Select>
        )}
        <Textarea
          size="small"
          label={t(act === 'seize' ? 'custody-reason' : 'custody-reason-optional')}
          minRows={2}
          maxLength={2000}
          value={reason.text}
          error={lacksReason ? t('custody-reason-lacks') : undefined}
          onChange={({ target }) => reason.write(target.value)}
        />
        <Problem error={changing.error} />
      </div>
    </Confirm>
  );
}
