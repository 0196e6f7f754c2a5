/** Content negotiation (https://hl7.org/fhir/R4/http.html#mime-type): in which format a request came and its answer goes. */
import { Fault } from '#kernel/fault.ts';
import { formatOf, isR4, parseMimeType, type Format } from './mime-type.ts';

export type { Format } from './mime-type.ts';

type Range = { name: string; quality: number; position: number; isR4: boolean };

/**
 * The format of an answer: `_format` before the Accept header, JSON when neither says.
 * @throws Fault 'notAcceptable' when neither JSON nor XML of R4 is asked for.
 */
export function chooseFormat(asked: { accept?: string | undefined; format?: string | undefined }): Format {
  if (asked.format !== undefined && asked.format !== '') return namedFormat(asked.format);
  const ranges = acceptedRanges(asked.accept ?? '');
  if (ranges.length === 0) return 'json';
  // A browser names what it can draw, XML among it; the person in front of it reads JSON more easily.
  if (ranges.some(({ name }) => name === 'text/html')) return 'json';
  const json = bestRange(ranges, 'json');
  const xml = bestRange(ranges, 'xml');
  if (json !== undefined && (xml === undefined || isBefore(json, xml))) return 'json';
  if (xml !== undefined) return 'xml';
  throw notAcceptable();
}

/**
 * The format of a request's body by its Content-Type; JSON when there is none.
 * @throws Fault 'unsupportedMediaType' for other types, other charsets than UTF-8, and other versions of FHIR than R4.
 */
export function requestFormat(contentType: string | undefined): Format {
  if (contentType === undefined || contentType.trim() === '') return 'json';
  const type = parseMimeType(contentType);
  const format = type.name === 'application/json-patch+json' ? 'json' : formatOf(type.name);
  if (format === undefined) {
    throw new Fault(
      'unsupportedMediaType',
      'The body must be application/fhir+json, application/fhir+xml or application/json-patch+json',
    );
  }
  const charset = type.parameters.get('charset') ?? 'utf-8';
  if (charset !== 'utf-8' && charset !== 'utf8') throw new Fault('unsupportedMediaType', 'The body must be UTF-8');
  if (!isR4(type)) throw new Fault('unsupportedMediaType', 'The body must be FHIR version 4.0');
  return format;
}

function namedFormat(text: string): Format {
  // A plus sign that was not escaped in an address arrives as a blank.
  const type = parseMimeType(text.trim().replace(' ', '+'));
  const format = type.name === 'json' || type.name === 'xml' ? type.name : formatOf(type.name);
  if (format === undefined || !isR4(type)) throw notAcceptable();
  return format;
}

function acceptedRanges(accept: string): Range[] {
  const ranges: Range[] = [];
  for (const text of accept.split(',')) {
    if (text.trim() === '') continue;
    const type = parseMimeType(text);
    const quality = type.parameters.get('q') ?? '1';
    const isQuality = /^(?:0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)$/.test(quality);
    ranges.push({
      name: type.name,
      quality: isQuality ? Number(quality) : 1,
      position: ranges.length,
      isR4: isR4(type),
    });
  }
  return ranges;
}

/** What the header says of a format: the best of the names it gives, before any wildcard (RFC 9110 section 12.5.1). */
function bestRange(ranges: Range[], format: Format): Range | undefined {
  const named = ranges.filter(({ name }) => formatOf(name) === format);
  const wildcards = ['application/*', 'text/*', '*/*', '*'];
  const found = named.length > 0 ? named : firstOf(ranges, wildcards);
  const usable = found.filter(({ quality, isR4: fits }) => quality > 0 && fits);
  return usable.reduce<Range | undefined>(
    (best, one) => (best === undefined || isBefore(one, best) ? one : best),
    undefined,
  );
}

/** The ranges of the first name that occurs. */
function firstOf(ranges: Range[], names: string[]): Range[] {
  for (const wanted of names) {
    const found = ranges.filter(({ name }) => name === wanted);
    if (found.length > 0) return found;
  }
  return [];
}

function isBefore(one: Range, other: Range): boolean {
  if (one.quality !== other.quality) return one.quality > other.quality;
  return one.position <= other.position;
}

function notAcceptable(): Fault {
  return new Fault('notAcceptable', 'Answers are application/fhir+json or application/fhir+xml, FHIR version 4.0');
}
