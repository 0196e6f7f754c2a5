/**
 * The words of the pages in bokmål, nynorsk and English. Each feature brings its own (`<feature>/texts.ts`), in all three; a test finds what is
 * missing or unused. The language is the person's choice, kept in the browser, else what the browser asks for; changing it loses nothing typed.
 */
import i18next from 'i18next';
import type { ReactNode } from 'react';
import { createElement, Fragment } from 'react';
import { I18nextProvider, initReactI18next } from 'react-i18next';
import { homeTexts } from '../home/texts.ts';
import { sessionTexts } from '../session/texts.ts';
import { uiTexts } from '../ui/texts.ts';

export const languages = ['nb', 'nn', 'en'] as const;
export type Language = (typeof languages)[number];

/** The texts of one feature: the same keys in each language. */
export type Texts = Readonly<Record<Language, Readonly<Record<string, string>>>>;

const features = { ui: uiTexts, session: sessionTexts, home: homeTexts } satisfies Record<string, Texts>;

const keptAs = 'fyr-language';

const isLanguage = (text: string | null | undefined): text is Language => languages.includes(text as Language);

function firstLanguage(): Language {
  const chosen = localStorage.getItem(keptAs);
  if (isLanguage(chosen)) return chosen;
  for (const wanted of navigator.languages) {
    const base = wanted.toLowerCase().split('-', 1)[0];
    if (base === 'no') return 'nb';
    if (isLanguage(base)) return base;
  }
  return 'nb';
}

/** Readies the texts; `wrap` hands them to what is below. */
export async function startTexts(): Promise<{ wrap(children: ReactNode): ReactNode }> {
  const own = i18next.createInstance();
  await own.use(initReactI18next).init({
    lng: firstLanguage(),
    fallbackLng: false,
    ns: Object.keys(features),
    defaultNS: 'ui',
    resources: Object.fromEntries(
      languages.map((language) => [
        language,
        Object.fromEntries(Object.entries(features).map(([name, texts]) => [name, texts[language]])),
      ]),
    ),
    interpolation: { escapeValue: false },
    returnNull: false,
  });
  const tell = (language: string): void => {
    document.documentElement.lang = language;
    localStorage.setItem(keptAs, language);
  };
  tell(own.language);
  own.on('languageChanged', tell);
  return { wrap: (children) => createElement(I18nextProvider, { i18n: own }, createElement(Fragment, null, children)) };
}
