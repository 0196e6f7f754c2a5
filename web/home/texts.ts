import type { Texts } from '../text/texts.ts';

export const homeTexts: Texts = {
  nb: { title: 'Fyr', lead: 'Helsetjenester som lyser når alt annet er mørkt.', welcome: 'Hei, {{name}}' },
  nn: { title: 'Fyr', lead: 'Helsetenester som lyser når alt anna er mørkt.', welcome: 'Hei, {{name}}' },
  en: { title: 'Fyr', lead: 'Health services that stay lit when all else is dark.', welcome: 'Hello, {{name}}' },
};
