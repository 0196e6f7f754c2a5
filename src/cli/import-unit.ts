/** Cuts FHIR content into units: what is written to the record as one, and what an interrupted import counts. */
import { parseJson } from '#fhir/json/index.ts';
import type { Resource } from '#fhir/types.ts';
import { Fault } from '#kernel/fault.ts';
import type { Content } from './import-source.ts';

/**
 * A transaction or batch Bundle whole, or some hundred resources. The texts are parsed when the unit is written, so that units which
 * an earlier run has written cost next to nothing.
 */
export type ImportUnit = {
  /** Where it is from, for people: `patients.ndjson line 501`. */
  from: string;
  /** Lines of NDJSON, with the number of the first; or one JSON text. In the place of a text that can't be read, its refusal. */
  texts: (string | Fault)[];
  firstLine: number | undefined;
};

const linesMax = 500;
const charactersMax = 4_000_000;
/** One JSON text is parsed in memory; a larger load comes as NDJSON or as several Bundles. */
const jsonBytesMax = 512 * 1024 * 1024 - 1;

/** The units of one content, the same ones each time it is read. */
export async function* importUnits(content: Content): AsyncGenerator<ImportUnit> {
  if (content.kind === 'json') {
    yield { from: content.name, texts: [await wholeText(content)], firstLine: undefined };
    return;
  }
  let texts: (string | Fault)[] = [];
  let characters = 0;
  let line = 0;
  let firstLine = 1;
  const cut = (): ImportUnit => ({ from: `${content.name} line ${firstLine}`, texts, firstLine });
  for await (const text of linesOf(content)) {
    line++;
    if (texts.length === 0) firstLine = line;
    texts.push(text);
    characters += typeof text === 'string' ? text.length : 0;
    if (texts.length === linesMax || characters >= charactersMax) {
      yield cut();
      texts = [];
      characters = 0;
    }
  }
  if (texts.length > 0) yield cut();
}

/** Parses one text of a unit. Throws a Fault('invalid') when it is no resource. */
export function parseResource(text: string | Fault): Resource {
  if (text instanceof Fault) throw text;
  const value = parseJson(text);
  if (typeof value === 'object' && value !== null && typeof (value as Resource).resourceType === 'string')
    return value as Resource;
  throw new Fault('invalid', 'This is JSON, but not a FHIR resource: it has no resourceType.');
}

async function wholeText(content: Content): Promise<string | Fault> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of content.stream) {
    bytes += chunk.length;
    if (bytes > jsonBytesMax)
      throw tooLarge(content.name, 'a JSON text of more than 512 MB. Give it as NDJSON, or as several Bundles');
    chunks.push(chunk);
  }
  return utf8(Buffer.concat(chunks), content.name);
}

async function* linesOf({ stream, name }: Content): AsyncGenerator<string | Fault> {
  let rest: Buffer[] = [];
  let restBytes = 0;
  for await (const chunk of stream) {
    let begin = 0;
    for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, begin)) {
      yield utf8(Buffer.concat([...rest, chunk.subarray(begin, end)]), name);
      rest = [];
      restBytes = 0;
      begin = end + 1;
    }
    rest.push(chunk.subarray(begin));
    restBytes += chunk.length - begin;
    if (restBytes > jsonBytesMax) throw tooLarge(name, 'a line of more than 512 MB');
  }
  const last = utf8(Buffer.concat(rest), name);
  if (last !== '') yield last;
}

function tooLarge(name: string, what: string): Fault {
  return new Fault('tooLarge', `${name} has ${what}.`);
}

function utf8(bytes: Buffer, name: string): string | Fault {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes).trim();
  } catch (error) {
    return new Fault('invalid', `${name} is not UTF-8 here.`, { cause: error });
  }
}
