/** The nodes of the region: who has joined, who may, and who is out; named and let in, given another code, revoked in two steps. */
import { InlineMessage } from '@navikt/ds-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { LoaderFunctionArgs } from 'react-router';
import type { CodeAnswer, NodesAnswer } from '#continuity/registry/contract.ts';
import { queriesContext } from '../session/context.ts';
import { RoomPage } from '../ui/room-page.tsx';
import { AddNode } from './add-node.tsx';
import { CodeTold } from './code-told.tsx';
import { NodeList } from './node-list.tsx';
import { nodesQuery } from './queries.ts';

export async function loader({ context }: LoaderFunctionArgs): Promise<null> {
  await context.get(queriesContext).prefetchQuery(nodesQuery);
  return null;
}

export function Component() {
  const { t } = useTranslation('nodes');
  const query = useQuery(nodesQuery);
  return (
    <RoomPage title={t('title')} lead={t('lead')} query={query}>
      {(answer) => <Registry answer={answer} />}
    </RoomPage>
  );
}

function Registry({ answer: { node, authority, nodes } }: { answer: NodesAnswer }) {
  const { t } = useTranslation('nodes');
  // Told once: it lives as long as this page, and nowhere else.
  const [told, setTold] = useState<CodeAnswer>();
  if (authority !== 'here') return <InlineMessage status="info">{t(`authority-${authority}`)}</InlineMessage>;
  return (
    <>
      <div role="status">{told && <CodeTold key={told.code} told={told} onClose={() => setTold(undefined)} />}</div>
      <NodeList nodes={nodes} region={node} onCode={setTold} />
      <AddNode nodes={nodes} region={node} onCode={setTold} />
    </>
  );
}
