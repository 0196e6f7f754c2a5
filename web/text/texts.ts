/**
 * The words of the pages in bokmål, nynorsk and English. Each feature brings its own (`<feature>/texts.ts`), in all three, when it is first opened;
 * a test finds what is missing, differing or unused. The language is the person's choice, kept in the browser, else what the browser asks for;
 * changing it loses nothing typed.
 */
import i18next, { type i18n } from 'i18next';
import { initReactI18next, useTranslation } from 'react-i18next';
import { homeTexts } from '../home/texts.ts';
import { recordTexts } from '../record/texts.ts';
import { sessionTexts } from '../session/texts.ts';
import { uiTexts } from '../ui/texts.ts';

export const languages = ['nb', 'nn', 'en'] as const;
export type Language = (typeof languages)[number];

/** The texts of one feature: the same keys in each language. */
export type Texts = Readonly<Record<Language, Readonly<Record<string, string>>>>;

/** Those that every page may need. */
const firstTexts: Readonly<Record<string, Texts>> = {
  ui: uiTexts,
  session: sessionTexts,
  home: homeTexts,
  record: recordTexts,
};

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

/** Readies the texts of the first load. */
export async function startTexts(): Promise<i18n> {
  const texts = i18next.createInstance();
  await texts.use(initReactI18next).init({
    lng: firstLanguage(),
    fallbackLng: false,
    ns: [],
    defaultNS: 'ui',
    resources: {},
    interpolation: { escapeValue: false },
    returnNull: false,
  });
  for (const [name, feature] of Object.entries(firstTexts)) addTexts(texts, name, feature);
  const tell = (language: string): void => {
    document.documentElement.lang = language;
    localStorage.setItem(keptAs, language);
  };
  tell(texts.language);
  texts.on('languageChanged', tell);
  return texts;
}

export function addTexts(texts: i18n, name: string, feature: Texts): void {
  for (const language of languages) texts.addResourceBundle(language, name, feature[language]);
}

/** The language that the pages are in now; inside a component use `useLanguage`, which draws anew when it changes. */
export function currentLanguage(): Language {
  const { lang } = document.documentElement;
  return isLanguage(lang) ? lang : 'nb';
}

export function useLanguage(): Language {
  const { i18n: texts } = useTranslation();
  return texts.language as Language;
}
