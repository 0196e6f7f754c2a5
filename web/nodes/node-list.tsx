/** Each node with its certificate, and what can be done with it. */
import { Button, Select, Table } from '@navikt/ds-react';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CodeAnswer, NodeShown, RevokeRequest } from '#continuity/registry/contract.ts';
import { useChange } from '../session/queries.ts';
import { useWritten } from '../text/written.ts';
import { Confirm } from '../ui/confirm.tsx';
import { Problem } from '../ui/problem.tsx';
import { TableHead } from '../ui/table-head.tsx';

type NodeListProps = { nodes: readonly NodeShown[]; region: string; onCode: (told: CodeAnswer | undefined) => void };

const revokeReasons = [
  'unspecified',
  'key-compromise',
  'superseded',
  'cessation-of-operation',
] as const satisfies readonly RevokeRequest['reason'][];
const columns = ['node', 'serves', 'certificate'] as const;

export function NodeList({ nodes, region, onCode }: NodeListProps) {
  const { t } = useTranslation('nodes');
  const below = nodes.filter(({ name }) => name !== region);
  return (
    <section aria-labelledby="nodes" className="fyr-card fyr-stack">
      <h2 id="nodes">{t('list', { region })}</h2>
      {below.length === 0 ? (
        <p className="fyr-plain">{t('list-none')}</p>
      ) : (
        <div className="fyr-scroll">
          <Table size="small" className="fyr-folding" aria-labelledby="nodes">
            <TableHead columns={columns.map((column) => t(column))} acts={t('acts')} />
            <Table.Body>
              {below.map((node) => (
                <One
                  key={node.name}
                  of={node}
                  isLeaf={below.every(({ above }) => above !== node.name)}
                  onCode={onCode}
                />
              ))}
            </Table.Body>
          </Table>
        </div>
      )}
    </section>
  );
}

type OneProps = { of: NodeShown; isLeaf: boolean; onCode: NodeListProps['onCode'] };

function One({ of: node, isLeaf, onCode }: OneProps) {
  const { t } = useTranslation('nodes');
  const written = useWritten();
  const { name, tier, above, roots, places, certificate, hosts, until, revoked } = node;
  const at = certificate === 'revoked' ? revoked : until;
  const day = at === undefined ? '' : written.date(new Date(at).toISOString().slice(0, 10));
  return (
    <Table.Row>
      <Table.HeaderCell scope="row">
        {name}
        <div className="fyr-subtle fyr-small fyr-light-text">{t('tier-below', { tier: t(`tier-${tier}`), above })}</div>
      </Table.HeaderCell>
      <Table.DataCell data-column={t('serves')}>
        {roots.length === 0 ? t('serves-none') : written.list(roots.map((place) => place.name))}
        {places > roots.length && <div className="fyr-subtle fyr-small">{t('places-of', { count: places })}</div>}
      </Table.DataCell>
      <Table.DataCell data-column={t('certificate')}>
        <span className={`fyr-sign fyr-dot fyr-dot-${certificate}`}>{t(`certificate-${certificate}`, { day })}</span>
        {hosts.length > 0 && <div className="fyr-subtle fyr-small">{hosts.join(', ')}</div>}
      </Table.DataCell>
      <Table.DataCell>
        <Acts of={node} isLeaf={isLeaf} onCode={onCode} />
      </Table.DataCell>
    </Table.Row>
  );
}

type Act = 'revoke' | 'remove';

function Acts({ of: { name, hosts, certificate }, isLeaf, onCode }: OneProps) {
  const { t } = useTranslation('nodes');
  const change = useChange();
  const [asked, setAsked] = useState<Act>();
  const [reason, setReason] = useState<RevokeRequest['reason']>('unspecified');
  const path = `/api/nodes/${name}`;
  const code = useMutation({
    mutationFn: () => change<CodeAnswer>(`${path}/code`, { method: 'POST', body: { hosts } }, ['nodes']),
    onSuccess: onCode,
  });
  const act = useMutation({
    mutationFn: (one: Act) =>
      change(`${path}/${one}`, { method: 'POST', body: one === 'revoke' ? { reason } : {} }, ['nodes']),
    onSuccess: () => setAsked(undefined),
  });
  const unseen = <span className="fyr-unseen"> {name}</span>;
  return (
    <div className="fyr-row">
      {certificate !== 'good' && (
        <Button size="small" variant="secondary" loading={code.isPending} onClick={() => code.mutate()}>
          {t('new-code')}
          {unseen}
        </Button>
      )}
      {certificate !== 'none' && certificate !== 'revoked' && (
        <Button size="small" variant="tertiary" onClick={() => setAsked('revoke')}>
          {t('revoke')}
          {unseen}
        </Button>
      )}
      {certificate !== 'good' && isLeaf && (
        <Button size="small" variant="tertiary" onClick={() => setAsked('remove')}>
          {t('remove')}
          {unseen}
        </Button>
      )}
      <Problem error={code.error} />
      {asked && (
        <Confirm
          title={t(`${asked}-title`, { name })}
          follows={t(`${asked}-follows`, { name })}
          action={t(asked)}
          isDanger
          isPending={act.isPending}
          onConfirm={() => act.mutate(asked)}
          onCancel={() => setAsked(undefined)}
        >
          {asked === 'revoke' && (
            <Select
              label={t('reason')}
              value={reason}
              onChange={(event) => setReason(event.target.value as RevokeRequest['reason'])}
            >
              {revokeReasons.map((one) => (
                <option key={one} value={one}>
                  {t(`reason-${one}`)}
                </option>
              ))}
            </Select>
          )}
          <Problem error={act.error} />
        </Confirm>
      )}
    </div>
  );
}
