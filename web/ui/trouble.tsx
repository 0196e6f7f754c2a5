/** Pages for what isn't there and for what went wrong: why, and what one can do. */
import { Button, Heading, BodyLong } from '@navikt/ds-react';
import { useTranslation } from 'react-i18next';
import { useRouteError } from 'react-router';

export function NotThere() {
  const { t } = useTranslation('ui');
  return (
    <>
      <Heading size="large" level="1">
        {t('not-there')}
      </Heading>
      <BodyLong>{t('not-there-why')}</BodyLong>
    </>
  );
}

export function WentWrong() {
  const { t } = useTranslation('ui');
  const error = useRouteError();
  return (
    <main id="content" className="fyr-content">
      <Heading size="large" level="1">
        {t('went-wrong')}
      </Heading>
      <BodyLong spacing>{error instanceof Error ? error.message : String(error)}</BodyLong>
      <Button onClick={() => window.location.reload()}>{t('try-again')}</Button>
    </main>
  );
}
