/** The language and the theme: on every page, kept in this browser. */
import { MoonIcon, SunIcon } from '@navikt/aksel-icons';
import { useTranslation } from 'react-i18next';
import { languages } from '../text/texts.ts';
import { chooseTheme, useTheme } from './theme.ts';

export function Choices() {
  const { t, i18n } = useTranslation('ui');
  const theme = useTheme();
  const isDark = theme === 'dark';
  return (
    <div className="fyr-choices">
      <div role="group" aria-label={t('language')} className="fyr-choices">
        {languages.map((language) => (
          <button
            key={language}
            type="button"
            lang={language}
            aria-pressed={i18n.language === language}
            onClick={() => void i18n.changeLanguage(language)}
          >
            {t(`language-${language}`)}
          </button>
        ))}
      </div>
      <button
        type="button"
        aria-pressed={isDark}
        aria-label={t('dark')}
        title={t('dark')}
        onClick={() => chooseTheme(isDark ? 'light' : 'dark')}
      >
        {isDark ? <SunIcon aria-hidden fontSize="1.375rem" /> : <MoonIcon aria-hidden fontSize="1.375rem" />}
      </button>
    </div>
  );
}
