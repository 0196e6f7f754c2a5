/** What waits for me, and what I wait for: tasks, referrals to assess, what I asked others for, what I ordered. */
import { Heading } from '@navikt/ds-react';
import { useTranslation } from 'react-i18next';
import { useSignedIn } from '../session/queries.ts';
import { OwnOrders } from './own-orders.tsx';
import { Referrals } from './referral-list.tsx';
import { Tasks } from './tasks.tsx';

export function Component() {
  const { t } = useTranslation('work');
  const role = useSignedIn()?.role?.practitionerRole;
  return (
    <>
      <title>{t('title')}</title>
      <Heading size="large" level="1" spacing>
        {t('title')}
      </Heading>
      {role !== undefined && (
        <>
          <Tasks role={role} whose="mine" />
          <Referrals role={role} />
          <Tasks role={role} whose="given" />
          <OwnOrders role={role} />
        </>
      )}
    </>
  );
}
