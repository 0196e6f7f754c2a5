/** Messages of the line in a row, as they lie in a carried file: each as it would go over the line, with its length before it. */
import { Fault } from '#kernel/fault.ts';
import type { Bytes } from '#trust/encryption/sealed-stream.ts';
import type { Answer, Request } from '../protocol/messages.ts';
import { protocols } from '../protocol/serve.ts';
import { decode, encode } from '../wire/codec.ts';

/** Packed bytes of one message: what the limits of the line let through, compressed at its worst. */
const messageBytesMax = 150_000_000;

export async function* packMessages(messages: AsyncIterable<Request | Answer>): AsyncGenerator<Buffer> {
  for await (const message of messages) {
    const pieces: Buffer[] = [];
    for await (const piece of encode(message, protocols.newest)) pieces.push(piece);
    const body = Buffer.concat(pieces);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(body.length);
    yield length;
    yield body;
  }
}

/** Faults: invalid, tooLarge. */
export async function* unpackMessages(content: Bytes): AsyncGenerator<Request | Answer> {
  let rest: Buffer = Buffer.alloc(0);
  let wanted = 4;
  let isLength = true;
  for await (const piece of content) {
    rest = rest.length === 0 ? Buffer.from(piece) : Buffer.concat([rest, piece]);
    while (rest.length >= wanted) {
      const taken = rest.subarray(0, wanted);
      rest = rest.subarray(wanted);
      if (isLength) {
        wanted = taken.readUInt32BE();
        if (wanted > messageBytesMax) throw new Fault('tooLarge', 'A message of the file is larger than is taken.');
      } else {
        yield await decode(inOne(taken));
        wanted = 4;
      }
      isLength = !isLength;
    }
  }
  if (!isLength || rest.length > 0) throw new Fault('invalid', 'The file ends in the middle of a message.');
}

async function* inOne(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes;
}
