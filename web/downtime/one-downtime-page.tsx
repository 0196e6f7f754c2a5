/** One downtime by its address: also one that is over. */
import { Heading } from '@navikt/ds-react';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { OpenDowntime } from './open-downtime.tsx';
import '../ui/rooms.css';

export function Component() {
  const { t } = useTranslation('downtime');
  const { downtime = '' } = useParams();
  return (
    <div className="fyr-stack">
      <title>{t('title')}</title>
      <Link to="/downtime">{t('all')}</Link>
      <Heading size="large" level="1">
        {t('title')}
      </Heading>
      <OpenDowntime id={downtime} />
    </div>
  );
}
