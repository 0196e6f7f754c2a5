/** What is around every page: the header with who one is and the language, a band when something is out of the ordinary, the content. */
import { BodyShort, Button, HStack, Link } from '@navikt/ds-react';
import { useSuspenseQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link as RouterLink, Outlet } from 'react-router';
import { sessionQuery } from '../session/queries.ts';
import { languages } from '../text/texts.ts';

export function Frame() {
  const { t } = useTranslation('ui');
  const { data: session } = useSuspenseQuery(sessionQuery);
  return (
    <>
      <a className="fyr-skip" href="#content">
        {t('skip')}
      </a>
      {session.isTrial && (
        <div className="fyr-trial" role="note">
          {t('trial')}
        </div>
      )}
      <header className="fyr-header">
        <Link as={RouterLink} to="/" className="fyr-name">
          <img src="/fyr.svg" alt="" width={28} height={28} /> Fyr
        </Link>
        <HStack gap="space-16" align="center" wrap>
          <LanguageChoice />
          <Person />
        </HStack>
      </header>
      <main id="content" tabIndex={-1} className="fyr-content">
        <Outlet />
      </main>
    </>
  );
}

function LanguageChoice() {
  const { t, i18n } = useTranslation('ui');
  return (
    <nav aria-label={t('language')} className="fyr-languages">
      {languages.map((language) => (
        <button
          key={language}
          type="button"
          lang={language}
          aria-pressed={i18n.language === language}
          onClick={() => void i18n.changeLanguage(language)}
        >
          {t(language)}
        </button>
      ))}
    </nav>
  );
}

function Person() {
  const { t } = useTranslation('session');
  const { data: session } = useSuspenseQuery(sessionQuery);
  if (!session.signedIn) {
    return (
      <Button as="a" href="/sign-in" size="small">
        {t('sign-in')}
      </Button>
    );
  }
  return (
    <form method="post" action="/sign-out" className="fyr-person">
      <BodyShort size="small">{t('signed-in-as', { name: session.name })}</BodyShort>
      <input type="hidden" name="csrf" value={session.csrf} />
      <Button type="submit" size="small" variant="secondary">
        {t('sign-out')}
      </Button>
    </form>
  );
}
