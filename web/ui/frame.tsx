/** What is around every page: who one is and where one can go, a band when something is out of the ordinary, the content, the language. */
import { ChevronDownIcon } from '@navikt/aksel-icons';
import { Button } from '@navikt/ds-react';
import { useSuspenseQuery } from '@tanstack/react-query';
import { lazy, Suspense, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, NavLink, Outlet, ScrollRestoration, useLocation, useNavigation } from 'react-router';
import { ActingFor, useActingSearch } from '../session/acting-for.tsx';
import { placesOf } from '../session/places.ts';
import { sessionQuery } from '../session/queries.ts';
import { Choices } from './choices.tsx';
import { GoTo, type PaletteComponent } from './go-to.tsx';
import { LineBand } from './line-band.tsx';
import { noteSignOut } from './sign-out.ts';
import { WentWrong } from './trouble.tsx';

const SlashKey = lazy(() => import('./slash-key.tsx'));

export function Frame({ palette }: { palette: PaletteComponent }) {
  const { t } = useTranslation('ui');
  const { data: session } = useSuspenseQuery(sessionQuery);
  const content = useFocusOnNewPage();
  const { state } = useNavigation();
  return (
    <>
      <a className="fyr-skip" href="#content">
        {t('skip')}
      </a>
      <header>
        {session.isTrial && (
          <p className="fyr-band fyr-band-trial fyr-plain" role="note">
            {t('trial')}
          </p>
        )}
        {session.signedIn && session.isOffline && (
          <p className="fyr-band fyr-band-warning fyr-plain" role="status">
            {t('offline')}
          </p>
        )}
        <LineBand />
        <div className="fyr-header">
          <Link to="/" className="fyr-name">
            <img src="/fyr.svg" alt="" width={28} height={28} /> Fyr
          </Link>
          <Places />
          {session.signedIn && session.kind === 'personnel' && <GoTo palette={palette} />}
          <Person />
        </div>
        <ActingFor />
      </header>
      <main id="content" ref={content} tabIndex={-1} className="fyr-content" aria-busy={state !== 'idle'}>
        <Outlet />
      </main>
      <Footer />
      {session.signedIn && session.kind === 'personnel' && (
        <Suspense>
          <SlashKey />
        </Suspense>
      )}
      <ScrollRestoration />
    </>
  );
}

/** When not even who is signed in could be asked. */
export function BareTrouble() {
  return (
    <main id="content" className="fyr-content">
      <WentWrong />
    </main>
  );
}

/** A new page is read from its beginning: by the eye, and by who listens. */
function useFocusOnNewPage() {
  const content = useRef<HTMLElement>(null);
  const { pathname } = useLocation();
  const last = useRef(pathname);
  useEffect(() => {
    if (last.current === pathname) return;
    last.current = pathname;
    // Unless the page has put it where one begins.
    if (!content.current?.contains(document.activeElement)) content.current?.focus({ preventScroll: true });
  }, [pathname]);
  return content;
}

function Places() {
  const { t } = useTranslation('session');
  const { t: ui } = useTranslation('ui');
  const { data: session } = useSuspenseQuery(sessionQuery);
  const places = placesOf(session);
  const search = useActingSearch();
  if (places.length === 0) return null;
  return (
    <nav aria-label={ui('places')} className="fyr-places">
      {places.map(({ to, name, isApart }) =>
        isApart === true ? (
          <a key={to} href={to}>
            {t(name)}
          </a>
        ) : (
          <NavLink key={to} to={to + search} end={to === '/'}>
            {t(name)}
          </NavLink>
        ),
      )}
    </nav>
  );
}

/** Who one is; behind it the language, the theme and the way out. */
function Person() {
  const { t } = useTranslation('session');
  const { data: session } = useSuspenseQuery(sessionQuery);
  const { pathname, search } = useLocation();
  if (!session.signedIn) {
    const back = pathname === '/' ? '' : `?${new URLSearchParams({ to: pathname + search })}`;
    return (
      <div className="fyr-person">
        <Choices />
        <Button as="a" role="link" href={`/sign-in${back}`} size="small">
          {t('sign-in')}
        </Button>
      </div>
    );
  }
  return (
    <div className="fyr-person">
      <button type="button" className="fyr-me" popoverTarget="fyr-me">
        <span>
          <span className="fyr-unseen">{t('signed-in-as')} </span>
          {session.name}
          {session.role && <small>{[session.role.title, session.role.organisations[0]].join(', ')}</small>}
        </span>
        <ChevronDownIcon aria-hidden fontSize="1.25rem" />
      </button>
      <form method="post" action="/sign-out" id="fyr-me" popover="auto" className="fyr-menu" onSubmit={noteSignOut}>
        <Choices />
        <input type="hidden" name="_csrf" value={session.csrf} />
        <Button type="submit" size="small" variant="secondary">
          {t('sign-out')}
        </Button>
      </form>
    </div>
  );
}

function Footer() {
  const { t } = useTranslation('ui');
  return (
    <footer className="fyr-footer">
      <span>{t('about')}</span>
      <a href="/start">{t('developers')}</a>
    </footer>
  );
}
