import type { Texts } from '../text/texts.ts';
import { texts as first } from './first-texts.ts';
import { texts as sheet } from './sheet-texts.ts';

export const texts: Texts = {
  nb: { ...first.nb, ...sheet.nb },
  nn: { ...first.nn, ...sheet.nn },
  en: { ...first.en, ...sheet.en },
};
