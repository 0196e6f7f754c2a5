/**
 * Lines of JSON, compressed, as they go over the wire or onto a stick: read and written as they come, so that memory does not grow with what is sent. What
 * comes is not trusted: each line, their number and the sum of what unpacks are limited, and the last line says how many there were.
 */
import { Readable } from 'node:stream';
import { createGunzip, createGzip } from 'node:zlib';
import { Fault } from '#kernel/fault.ts';

export type LineLimits = {
  /** Bytes of one line, unpacked: the largest single version that travels. */
  lineBytesMax: number;
  /** Bytes of all lines, unpacked. */
  totalBytesMax: number;
  linesMax: number;
};

/** A version of 15 MB fits, with its escapes; a page of ordinary ones is far below. */
export const lineLimits: LineLimits = { lineBytesMax: 33_554_432, totalBytesMax: 134_217_728, linesMax: 20_000 };

const lineFeed = 0x0a;

/** The lines as gzip, with a last line that tells their number. */
export function packLines(lines: Iterable<string> | AsyncIterable<string>): AsyncIterable<Buffer> {
  return Readable.from(withEnd(lines)).pipe(createGzip({ level: 4 }));
}

async function* withEnd(lines: Iterable<string> | AsyncIterable<string>): AsyncGenerator<Buffer> {
  let count = 0;
  for await (const line of lines) {
    count++;
    yield Buffer.from(`${line}\n`);
  }
  yield Buffer.from(`{"end":${count}}\n`);
}

/**
 * The lines of what `packLines` made, without the last.
 * @throws Fault 'invalid' for what is not gzip, is cut short or has something behind its end; 'tooLarge' beyond a limit.
 */
export async function* unpackLines(packed: AsyncIterable<Uint8Array>, limits: LineLimits): AsyncGenerator<string> {
  let count = 0;
  let ended = false;
  for await (const line of splitLines(unzipped(packed), limits)) {
    if (ended) throw new Fault('invalid', 'There is something behind the end of the message.');
    const end = /^\{"end":(\d+)\}$/.exec(line)?.[1];
    if (end === undefined) {
      if (++count > limits.linesMax) throw new Fault('tooLarge', 'The message has too many lines.');
      yield line;
    } else if (Number(end) === count) ended = true;
    else throw new Fault('invalid', `The message says that it has ${end} lines, and has ${count}.`);
  }
  if (!ended) throw new Fault('invalid', 'The message is cut short.');
}

async function* unzipped(packed: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  const source = Readable.from(packed);
  const gunzip = createGunzip();
  // An error of the source must end the reading of what it is unpacked to.
  source.on('error', (error) => gunzip.destroy(error));
  try {
    for await (const chunk of source.pipe(gunzip)) yield chunk as Buffer;
  } catch (error) {
    const code = (error as { code?: unknown }).code;
    if (typeof code === 'string' && code.startsWith('Z_')) {
      throw new Fault('invalid', 'The message can not be unpacked.', { cause: error });
    }
    throw error;
  } finally {
    source.destroy();
    gunzip.destroy();
  }
}

async function* splitLines(chunks: AsyncIterable<Buffer>, limits: LineLimits): AsyncGenerator<string> {
  let parts: Buffer[] = [];
  let partBytes = 0;
  let totalBytes = 0;
  for await (const chunk of chunks) {
    totalBytes += chunk.length;
    if (totalBytes > limits.totalBytesMax) throw new Fault('tooLarge', 'The message is too large.');
    let from = 0;
    for (let end = chunk.indexOf(lineFeed); end !== -1; end = chunk.indexOf(lineFeed, from)) {
      yield utf8([...parts, chunk.subarray(from, end)]);
      parts = [];
      partBytes = 0;
      from = end + 1;
    }
    if (from === chunk.length) continue;
    partBytes += chunk.length - from;
    if (partBytes > limits.lineBytesMax) throw new Fault('tooLarge', 'A line of the message is too large.');
    parts.push(chunk.subarray(from));
  }
  if (parts.length > 0) throw new Fault('invalid', 'The message is cut short.');
}

function utf8(parts: readonly Buffer[]): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(parts));
  } catch {
    throw new Fault('invalid', 'The message is not valid UTF-8.');
  }
}
