/** The front page: what this is, and, signed in, where one's own health is. Who is at work goes straight to the work. */
import { BodyLong, Button, Heading, LinkCard } from '@navikt/ds-react';
import { useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link, redirect, type LoaderFunctionArgs } from 'react-router';
import { useActingFor, useActingSearch } from '../session/acting-for.tsx';
import { queriesContext } from '../session/context.ts';
import { placesOf } from '../session/places.ts';
import { sessionQuery } from '../session/queries.ts';
import { representationQuery } from '../session/representation.ts';
import { Named } from '../ui/named.tsx';

export async function homeLoader({ context }: LoaderFunctionArgs): Promise<Response | null> {
  const session = await context.get(queriesContext).ensureQueryData(sessionQuery);
  if (!session.signedIn || session.kind === 'citizen') return null;
  const [place] = placesOf(session);
  return place === undefined ? null : redirect(place.to);
}

export function HomePage() {
  const { t } = useTranslation('home');
  const { data: session } = useSuspenseQuery(sessionQuery);
  return (
    <div className="fyr-narrow">
      <title>{t('title')}</title>
      {!session.signedIn ? (
        <Welcome />
      ) : session.kind === 'citizen' ? (
        <CitizensHome name={session.name} />
      ) : (
        <NoPlace mustChoose={session.role === undefined && session.roles.length > 1} />
      )}
    </div>
  );
}

function Welcome() {
  const { t } = useTranslation('home');
  const { t: ofSession } = useTranslation('session');
  return (
    <section className="fyr-welcome">
      <img src="/fyr.svg" alt="" width={96} height={96} />
      <Heading size="xlarge" level="1" spacing>
        {t('lead')}
      </Heading>
      <BodyLong size="large" spacing>
        {t('lead-more')}
      </BodyLong>
      <Button as="a" role="link" href="/sign-in">
        {ofSession('sign-in')}
      </Button>
    </section>
  );
}

function CitizensHome({ name }: { name: string }) {
  const { t } = useTranslation('home');
  const search = useActingSearch();
  return (
    <div className="fyr-stack">
      <Heading size="xlarge" level="1">
        {t('welcome', { name })}
      </Heading>
      <BodyLong size="large">{t('your-record')}</BodyLong>
      <ForWhom />
      <Place to={`/health${search}`} title={t('see-health')} more={t('see-health-more')} />
      <Place to={`/access-log${search}`} title={t('see-log')} more={t('see-log-more')} />
      <Place to={`/control${search}`} title={t('see-control')} more={t('see-control-more')} />
      <Place to={`/take-with-me${search}`} title={t('see-carry')} more={t('see-carry-more')} />
    </div>
  );
}

/** Only for those who may act for others: to switch, and to see for whom one is here now. */
function ForWhom() {
  const { t } = useTranslation('home');
  const acting = useActingFor();
  const { data } = useQuery(representationQuery);
  if (data === undefined || data.represents.length === 0) return null;
  return (
    <nav aria-label={t('for-whom')} className="fyr-card">
      <h2>{t('for-whom')}</h2>
      <div className="fyr-row fyr-places">
        <Link to="/" aria-current={acting === undefined ? 'true' : undefined}>
          {t('myself')}
        </Link>
        {data.represents.map(({ patient }) => (
          <Link key={patient} to={`/?for=${patient}`} aria-current={acting === patient ? 'true' : undefined}>
            <Named reference={`Patient/${patient}`} />
          </Link>
        ))}
      </div>
    </nav>
  );
}

function Place({ to, title, more }: { to: string; title: string; more: string }) {
  return (
    <LinkCard>
      <LinkCard.Title as="h2">
        <LinkCard.Anchor asChild>
          <Link to={to}>{title}</Link>
        </LinkCard.Anchor>
      </LinkCard.Title>
      <LinkCard.Description>{more}</LinkCard.Description>
    </LinkCard>
  );
}

function NoPlace({ mustChoose }: { mustChoose: boolean }) {
  const { t } = useTranslation('home');
  if (!mustChoose) return <BodyLong>{t('no-place')}</BodyLong>;
  return (
    <>
      <Heading size="large" level="1" spacing>
        {t('choose-role')}
      </Heading>
      <BodyLong spacing>{t('choose-role-more')}</BodyLong>
      <Button as="a" role="link" href="/sign-in/role">
        {t('choose-role')}
      </Button>
    </>
  );
}
