/** The design system's own words, in the language of the pages. */
import { Provider } from '@navikt/ds-react';
import { en, nb, nn } from '@navikt/ds-react/locales';
import type { ReactNode } from 'react';
import { useLanguage } from '../text/texts.ts';

const locales = { nb, nn, en } as const;

export function DesignTexts({ children }: { children: ReactNode }) {
  return <Provider locale={locales[useLanguage()]}>{children}</Provider>;
}
