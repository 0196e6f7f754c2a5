import type { Texts } from '../text/texts.ts';

export const homeTexts: Texts = {
  nb: {
    title: 'Fyr',
    lead: 'Helsetjenester som lyser når alt annet er mørkt.',
    'lead-more': 'Logg inn for å se din egen helse, eller for å gå på jobb.',
    welcome: 'Hei, {{name}}',
    'your-record': 'Du bestemmer over journalen din. Her ser du hvem som har brukt den, og hvem som får bruke den.',
    'see-log': 'Hvem har sett i journalen?',
    'see-log-more': 'Hvem, når, hva og hvorfor. Si fra om noe du ikke kjenner deg igjen i.',
    'see-control': 'Min kontroll',
    'see-control-more':
      'Sperr for en person, et sted eller alle. Gi innsyn til en forelder. Bytt til den du handler på vegne av.',
    'no-place': 'Det er ingen sider her for rollen du er logget inn med ennå.',
    'choose-role': 'Velg hvilken rolle du arbeider i',
    'choose-role-more': 'Du har flere roller. Det du får se avhenger av hvilken du arbeider i nå.',
  },
  nn: {
    title: 'Fyr',
    lead: 'Helsetenester som lyser når alt anna er mørkt.',
    'lead-more': 'Logg inn for å sjå di eiga helse, eller for å gå på jobb.',
    welcome: 'Hei, {{name}}',
    'your-record': 'Du avgjer over journalen din. Her ser du kven som har brukt han, og kven som får bruke han.',
    'see-log': 'Kven har sett i journalen?',
    'see-log-more': 'Kven, når, kva og kvifor. Sei frå om noko du ikkje kjenner deg att i.',
    'see-control': 'Min kontroll',
    'see-control-more':
      'Sperr for ein person, ein stad eller alle. Gje innsyn til ein forelder. Byt til den du handlar på vegner av.',
    'no-place': 'Det er ingen sider her for rolla du er logga inn med enno.',
    'choose-role': 'Vel kva rolle du arbeider i',
    'choose-role-more': 'Du har fleire roller. Det du får sjå avheng av kva for ei du arbeider i no.',
  },
  en: {
    title: 'Fyr',
    lead: 'Health services that stay lit when all else is dark.',
    'lead-more': 'Sign in to see your own health, or to go to work.',
    welcome: 'Hello, {{name}}',
    'your-record': 'You decide over your record. Here you see who has used it, and who may use it.',
    'see-log': 'Who has seen my record?',
    'see-log-more': 'Who, when, what and why. Tell us about anything you do not recognise.',
    'see-control': 'My control',
    'see-control-more': 'Block a person, a place or everybody. Let a parent see. Switch to the one whom you act for.',
    'no-place': 'There are no pages here yet for the role that you signed in with.',
    'choose-role': 'Choose the role that you work in',
    'choose-role-more': 'You have several roles. What you see depends on the one you work in now.',
  },
};
