/**
 * The words that `_text` (narrative) and `_content` (all human-readable text, narrative included) find a resource by (R4 search.html#content).
 * Stored apart, so that narrative is not kept twice: `_content` looks at both.
 */
import type { Resource } from '../types.ts';
import { stems } from './fold.ts';
import type { Seed } from './hash.ts';
import { wordSeed } from './tokens.ts';

/** Elements that hold text for people. `display` of a Reference is the name of another resource, and left to that one. */
const readable = new Set([
  'display',
  'text',
  'title',
  'name',
  'family',
  'given',
  'description',
  'comment',
  'note',
  'conclusion',
  'valueString',
  'valueMarkdown',
  'patientInstruction',
  'summary',
  'publisher',
  'subtitle',
  'alias',
  'city',
  'district',
  'line',
  'purpose',
  'usage',
  'label',
  'reason',
  'information',
  'details',
  'diagnostics',
  'manufacturer',
  'deviceName',
  'onsetString',
  'abatementString',
  'disposition',
]);

const depthMax = 40;
const cachedTextLengthMax = 100;
const cacheSizeMax = 20_000;

/** More distinct words than this are not kept; a marker sends searches to the content itself. */
export const wordsMax = 256;

export class Words {
  readonly #cache = new Map<string, string[]>();
  readonly #seeds = new Map<string, { text: Seed; content: Seed }>();

  /** Where the hashing of a type's words begins. */
  seeds(type: string): { text: Seed; content: Seed } {
    const known = this.#seeds.get(type);
    if (known !== undefined) return known;
    const made = { text: wordSeed(type, 'text'), content: wordSeed(type, 'content') };
    this.#seeds.set(type, made);
    return made;
  }

  /** Distinct stems of the narrative. */
  ofNarrative(resource: Resource): Set<string> {
    const found = new Set<string>();
    const narrative = resource['text'];
    const div =
      typeof narrative === 'object' && narrative !== null ? (narrative as Record<string, unknown>)['div'] : undefined;
    if (typeof div === 'string') for (const stem of stems(withoutMarkup(div))) found.add(stem);
    return found;
  }

  /** Distinct stems of every other readable text. */
  ofContent(resource: Resource): Set<string> {
    const found = new Set<string>();
    this.#collect(resource as Record<string, unknown>, found, 0);
    return found;
  }

  #collect(item: Record<string, unknown>, found: Set<string>, depth: number): void {
    if (depth > depthMax) return;
    const isReference = 'reference' in item;
    for (const key in item) {
      const value = item[key];
      if (typeof value === 'string') {
        if (readable.has(key) && !(isReference && key === 'display')) this.#add(value, found);
      } else if (Array.isArray(value)) {
        const isReadable = readable.has(key);
        for (const one of value) {
          if (typeof one === 'object' && one !== null) this.#collect(one as Record<string, unknown>, found, depth + 1);
          else if (isReadable && typeof one === 'string') this.#add(one, found);
        }
      } else if (typeof value === 'object' && value !== null) {
        if (depth > 0 || (key !== 'text' && key !== 'meta'))
          this.#collect(value as Record<string, unknown>, found, depth + 1);
      }
    }
  }

  #add(text: string, found: Set<string>): void {
    let words = this.#cache.get(text);
    if (words === undefined) {
      words = stems(text);
      if (text.length <= cachedTextLengthMax) {
        if (this.#cache.size >= cacheSizeMax) this.#cache.clear();
        this.#cache.set(text, words);
      }
    }
    for (const word of words) found.add(word);
  }
}

const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };

/** The text of XHTML, its tags as spaces. */
export function withoutMarkup(xhtml: string): string {
  return xhtml
    .replace(/<[^>]*>/g, ' ')
    .replace(
      /&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,6}));/gi,
      (whole, decimal?: string, hex?: string, name?: string) => {
        if (name !== undefined) return entities[name] ?? ' ';
        const point = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal);
        return point <= 0x10ffff ? String.fromCodePoint(point) : whole;
      },
    );
}
