/** Which ward: those of this node; cut off, the one that this device keeps. */
import { BodyLong, Heading, LinkCard } from '@navikt/ds-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useKeeper } from './keeper-context.ts';

export function WardsPage() {
  const { t } = useTranslation('ward');
  const { state } = useKeeper();
  const { wards, ward, contact } = state;
  const shown = contact === 'node' ? wards : ward && [{ ward: ward.ward, name: ward.name }];
  return (
    <div className="fyr-narrow fyr-stack">
      <title>{t('name')}</title>
      <Heading size="large" level="1">
        {t('choose-ward')}
      </Heading>
      <BodyLong>{t('choose-ward-more')}</BodyLong>
      {(shown ?? []).map(({ ward: id, name }) => (
        <LinkCard key={id}>
          <LinkCard.Title as="h2">
            <LinkCard.Anchor asChild>
              <Link to={`/${id}`}>{name}</Link>
            </LinkCard.Anchor>
          </LinkCard.Title>
        </LinkCard>
      ))}
      {shown !== undefined && shown.length === 0 && <p className="fyr-plain">{t('no-wards')}</p>}
      {contact === 'gone' && ward === undefined && !state.isLocked && <p className="fyr-plain">{t('nothing-kept')}</p>}
    </div>
  );
}
