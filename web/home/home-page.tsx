/** The front page: what this is, and, signed in, where one's work or one's own health is. */
import { BodyLong, Heading } from '@navikt/ds-react';
import { useSuspenseQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { sessionQuery } from '../session/queries.ts';

export function HomePage() {
  const { t } = useTranslation('home');
  const { data: session } = useSuspenseQuery(sessionQuery);
  return (
    <>
      <title>{t('title')}</title>
      <Heading size="xlarge" level="1" spacing>
        {session.signedIn ? t('welcome', { name: session.name }) : t('title')}
      </Heading>
      <BodyLong size="large">{t('lead')}</BodyLong>
    </>
  );
}
