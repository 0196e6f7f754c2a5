/** What the pages behind the operations room have around them: title, what it is, the way back; and who is refused. */
import { BodyLong, Heading, InlineMessage } from '@navikt/ds-react';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { Loaded } from './loaded.tsx';
import './rooms.css';

type RoomPageProps<Data> = {
  title: string;
  lead: string;
  query: UseQueryResult<Data>;
  children: (data: Data) => ReactNode;
};

export function RoomPage<Data>({ title, lead, query, children }: RoomPageProps<Data>): ReactNode {
  const { t } = useTranslation('ui');
  return (
    <div className="fyr-stack">
      <title>{title}</title>
      <div>
        <Heading size="large" level="1" spacing>
          {title}
        </Heading>
        <BodyLong className="fyr-measure">{lead}</BodyLong>
      </div>
      <Loaded query={query} onRefused={() => <InlineMessage status="warning">{t('for-operators')}</InlineMessage>}>
        {children}
      </Loaded>
      <p className="fyr-plain">
        <Link to="/operations">{t('to-operations')}</Link>
      </p>
    </div>
  );
}
