/** The reasons in plain words. */
import type { Language } from '../words.ts';
import type { Reason, Rule } from './rules.ts';

const words: { readonly [rule in Rule]: { readonly [language in Language]: string } } = {
  'own-record': {
    nb: 'åpnet sin egen journal',
    nn: 'opna sin eigen journal',
    en: 'opened their own record',
  },
  'same-address': {
    nb: 'bor på samme adresse som pasienten',
    nn: 'bur på same adresse som pasienten',
    en: 'lives at the same address as the patient',
  },
  'same-family-name': {
    nb: 'har samme etternavn som pasienten',
    nn: 'har same etternamn som pasienten',
    en: 'has the same family name as the patient',
  },
  colleague: {
    nb: 'pasienten arbeider på samme sted',
    nn: 'pasienten arbeider på same stad',
    en: 'the patient works at the same place',
  },
  'marked-patient': {
    nb: 'journalen er merket for ekstra varsomhet ({mark})',
    nn: 'journalen er merkt for ekstra varsemd ({mark})',
    en: 'the record is marked for extra care ({mark})',
  },
  'break-glass': { nb: 'brukte nødtilgang', nn: 'brukte naudtilgang', en: 'used emergency access' },
  'no-relationship': {
    nb: 'ingen behandlingsrelasjon i journalen, bare egen oppgitt grunn',
    nn: 'ingen behandlingsrelasjon i journalen, berre eigen oppgjeven grunn',
    en: 'no care relationship in the record, only the person’s own word',
  },
  'ended-relationship': {
    nb: 'behandlingen var avsluttet {days} dager før',
    nn: 'behandlinga var avslutta {days} dagar før',
    en: 'the treatment had ended {days} days before',
  },
  'odd-hours': {
    nb: 'utenfor egen arbeidstid (kl. {time})',
    nn: 'utanfor eiga arbeidstid (kl. {time})',
    en: 'outside their working hours (at {time})',
  },
  volume: {
    nb: '{patients} pasienter på en dag, vanligvis {usual}',
    nn: '{patients} pasientar på ein dag, vanlegvis {usual}',
    en: '{patients} patients in a day, usually {usual}',
  },
};

export function reasonWords({ rule, detail }: Reason, language: Language): string {
  return words[rule][language].replace(/\{(\w+)\}/g, (_whole, name: string) => String(detail?.[name] ?? ''));
}
