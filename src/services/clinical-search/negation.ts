/**
 * What a text denies: cues of Bokmål, Nynorsk and English, and how far each reaches (after NegEx; Chapman et al., 2001). A search shows what is denied
 * last and says so. Pure.
 */
import { wordsOf, type Word } from './words.ts';

export type Cue = {
  /** Where the cue stands (UTF-16). */
  readonly from: number;
  readonly to: number;
  /** Words that it denies, as positions among the words of the text: from the first up to, not with, the second. */
  readonly denies: readonly [number, number];
};

/** Deny what follows them, in their clause. */
const before: ReadonlySet<string> = new Set(
  (
    'ikke ikkje uten utan ingen ingenting inga inkje intet aldri nei verken korkje hverken fravær fråvær manglende manglande mangel ' +
    'mangelen mangler manglar mangla manglet savner saknar nekter nektar nektet benekter benektet benektar avkrefter avkrefta ' +
    'utelukker utelukke utelukka utelate utelates utelatt ekskludere ekskluderer ekskludert ekskluderes eksklusjon unntatt unnateken ' +
    'no not without denies denied never neither absent absence lacks lacking none cannot nothing'
  )
    .split(/\s+/)
    .filter(Boolean),
);

/** Deny what stands before them, in their clause. */
const after: ReadonlySet<string> = new Set(
  (
    'utelukket utelukkes utelukka avkreftet avkreftes avkrefta fraværende fråverande negativ negativt negative opphevet oppheva uteble uteblir ' +
    'forsvant forsvunnet forsvinner savnes saknast manglet utelates excluded negative resolved ' +
    'fjernet fjernes fjerning fjerna mistet mista'
  ).split(' '),
);

/** Where a cue says something else: nothing is denied. */
const notDenials: readonly (readonly string[])[] = (
  'ikke bare;ikke minst;ikke sant;ikke utelukke;ikke utelukkes;ikke utelukka;ikkje berre;ikkje minst;ikkje utelukkast;med og uten;med eller uten;' +
  'med og utan;med eller utan;uten tvil;utan tvil;uten videre;not only;with or without;no doubt;no change;' +
  'ingen endring;inga endring;ikke-invasiv;nei takk'
)
  .split(';')
  .map((phrase) => phrase.split(' '));

/** Words that deny by their first letters: the rest of the word is what isn't so. */
const affixed =
  /^(?:u(?:avhengig|avklar|avbrut|av(?:slutt|vikel)|bebo|begrens|begrun|behagelig|behandl|bekref|berettig|berør|beskyt|bestem|betydelig|brukel|dekk|dyktig|egnet|egna|eg(?:ent|en)lig|endr|enig|erfar|ferdig|fleksib|forand|forbered|foren|forklar|forutsigb|fullstend|gift|gunstig|heldig|helbredel|hensikt|håndter|innskrenk|interess|jevn|kjent|klar|komplisert|kontroll|kritisk|komfort|lovlig|merket|mulig|naturlig|nyttig|nødvend|nøyakt|oppdag|oppmerks|ordn|pålitel|påvirk|påvis|rein|ren|regelmess|regulert|rett|rimelig|riktig|selvstend|sannsyn|sikk|sikr|skadd|skadel|spesif|stabil|stelt|symmetr|synlig|tidlig|tilfreds|tilgjengel|tilpas|tilstrekk|tilrådel|trygg|trøst|tvilsom|tydel|tøm|tålmod|utviklet|vanlig|vel|velkom|verd|vesentl|vilk|villig|virksom|viss|viten|ønsk|økonomisk)|in(?:adekvat|aktiv|aktivitet|akseptab|alter|direkte|effektiv|fertil|formell|homogen|kompatib|komplet|kontinen|konsisten|kurab|operab|signifik|suffis|stabil|toler|varian|valid)|im(?:mobil|perfora|potens|potent)|ir(?:regul|relevan|rever|)|il(?:legal|logisk)|a(?:febril|ganglion|krom|melanot|nuri|pati|plastisk|septisk|spesif|symmetr|symptomatisk|syst?oli|tonisk|topisk|typi|vaskul|normal)|ab(?:norm)|ikke-?\w{3,}|non-?\p{L}{4,})/u;

/** Words that deny by their last letters. */
const ending =
  /(?:(?<=\p{L}{3})løs(?:e|t|het|heten)?|(?<=(?:smerte|symptom|feber|sykdoms|residiv|tilbakefalls|anfalls|rus|fisk|kreft|tumor|svulst|metastase|event|komplikasjons|progresjons|behandlings|blødnings|infeksjons|stråle|svangerskaps|medika(?:ment)?|plage|hendelses|opioid|stein|røyk|alkohol))fri(?:e|tt)?)$/u;

/** Words ending like denials that are none. */
const noEnding = /^(?:oppløs|utløs|forløs|innløs|avløs|arbeidsløs|overløs|pålø|nedløs|løsn)/u;

/** Where the reach of a cue ends. */
const ends: ReadonlySet<string> = new Set(
  'men mens medan imidlertid derimot unntatt bortsett likevel fordi siden ettersom derfor slik selv but however except although because though'.split(
    ' ',
  ),
);

const reachWords = 12;

/** The cues of a text, in order. A clause ends at a full stop, semicolon, colon before a line, or a word such as "men". */
export function denialsIn(text: string, words: readonly Word[] = wordsOf(text)): Cue[] {
  const cues: Cue[] = [];
  words.forEach(({ word, from, to }, at) => {
    if (before.has(word) || after.has(word)) {
      if (isNoDenial(words, at)) return;
      const isField = isAnswer(text, words, at);
      const reach = before.has(word) && !isField ? reachAfter(text, words, at) : reachBefore(text, words, at);
      cues.push({ from, to, denies: reach });
    } else if (affixed.test(word) || (ending.test(word) && !noEnding.test(word))) {
      cues.push({ from, to, denies: [at, at + 1] });
    }
  });
  return cues;
}

/**
 * Which words are denied, one flag a word. What a word itself denies ("asymptomatisk") is the word as it stands, and is not flagged: who looks for
 * it looks for that.
 */
export function deniedWords(text: string, words: readonly Word[] = wordsOf(text)): Uint8Array {
  const denied = new Uint8Array(words.length);
  denialsIn(text, words).forEach(({ from, denies: [first, end] }) => {
    if (words[first]?.from === from) return;
    denied.fill(1, first, end);
  });
  return denied;
}

function isNoDenial(words: readonly Word[], at: number): boolean {
  return notDenials.some((phrase) =>
    phrase.some(
      (part, offset) =>
        part === words[at]!.word && phrase.every((one, index) => words[at - offset + index]?.word === one),
    ),
  );
}

/** `Pacemaker: Nei`: what a form asks is denied, not what it asks next. */
function isAnswer(text: string, words: readonly Word[], at: number): boolean {
  const [asked, word, next] = [words[at - 1], words[at]!, words[at + 1]];
  if (asked === undefined || !/:\s*$/.test(text.slice(asked.to, word.from))) return false;
  return answers.has(word.word) && (next === undefined || /[.,;\n]/.test(text.slice(word.to, next.from)));
}

const answers: ReadonlySet<string> = new Set(['nei', 'ingen', 'inga', 'no', 'none', 'negativ', 'negative']);

function isApart(text: string, one: Word, next: Word): boolean {
  return ends.has(next.word) || /[.;!?]|\n\s*\n|\n\s*[-*•]/.test(text.slice(one.to, next.from));
}

function reachAfter(text: string, words: readonly Word[], at: number): [number, number] {
  let end = at + 1;
  while (end < words.length && end - at <= reachWords && !isApart(text, words[end - 1]!, words[end]!)) end++;
  return [at + 1, end];
}

function reachBefore(text: string, words: readonly Word[], at: number): [number, number] {
  let first = at;
  while (first > 0 && at - first < reachWords && !isApart(text, words[first - 1]!, words[first]!)) first--;
  return [first, at];
}
