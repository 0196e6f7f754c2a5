/** Pages for what isn't there and for what went wrong: why, and what one can do. */
import { BodyLong, Button, Heading } from '@navikt/ds-react';
import { useTranslation } from 'react-i18next';
import { Link, useRouteError } from 'react-router';
import { Refusal } from '../session/ask.ts';

export function NotThere() {
  const { t } = useTranslation('ui');
  return (
    <div className="fyr-narrow">
      <title>{t('not-there')}</title>
      <Heading size="large" level="1" spacing>
        {t('not-there')}
      </Heading>
      <BodyLong spacing>{t('not-there-why')}</BodyLong>
      <Link to="/">{t('home')}</Link>
    </div>
  );
}

export function WentWrong() {
  const { t } = useTranslation('ui');
  const error = useRouteError();
  if (error instanceof Refusal && error.status === 404) return <NotThere />;
  return (
    <div className="fyr-narrow">
      <title>{t('went-wrong')}</title>
      <Heading size="large" level="1" spacing>
        {t('went-wrong')}
      </Heading>
      <BodyLong spacing>{error instanceof Refusal ? error.message : t('no-line')}</BodyLong>
      <div className="fyr-row">
        <Button onClick={() => window.location.reload()}>{t('try-again')}</Button>
        <Link to="/">{t('home')}</Link>
      </div>
    </div>
  );
}
