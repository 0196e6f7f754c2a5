import type { Texts } from '../text/texts.ts';

export const sessionTexts: Texts = {
  nb: { 'sign-in': 'Logg inn', 'sign-out': 'Logg ut', 'signed-in-as': 'Innlogget som {{name}}' },
  nn: { 'sign-in': 'Logg inn', 'sign-out': 'Logg ut', 'signed-in-as': 'Innlogga som {{name}}' },
  en: { 'sign-in': 'Sign in', 'sign-out': 'Sign out', 'signed-in-as': 'Signed in as {{name}}' },
};
