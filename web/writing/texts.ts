import type { Texts } from '../text/texts.ts';
import { en } from './texts-en.ts';
import { nb } from './texts-nb.ts';
import { nn } from './texts-nn.ts';

export const texts: Texts = { nb, nn, en };
