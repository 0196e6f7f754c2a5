/** Messages to lines and back. */
import { z } from 'zod';
import { Fault } from '#kernel/fault.ts';
import type { Answer, Request } from '../protocol/messages.ts';
import { lineLimits, packLines, unpackLines, type LineLimits } from './lines.ts';
import { answeredShape, entryShape, fillPageShape, headShape, operationShape, type Head } from './shapes.ts';

export type Message = Request | Answer;

/** A message as bytes. `protocol`: the version that both sides speak. */
export function encode(message: Message, protocol: number): AsyncIterable<Buffer> {
  return packLines(linesOf(message, protocol));
}

/**
 * A message from bytes that nobody has checked.
 * @throws Fault 'invalid' with the place of what is wrong; 'tooLarge' beyond a limit.
 */
export async function decode(bytes: AsyncIterable<Uint8Array>, limits: LineLimits = lineLimits): Promise<Message> {
  let head: Head | undefined;
  const items: unknown[] = [];
  let line = 0;
  for await (const text of unpackLines(bytes, limits)) {
    line++;
    const value = parsed(text, line);
    if (head === undefined) head = checked(headShape, value, line);
    else items.push(checked(itemShapeOf(head, line), value, line));
  }
  if (head === undefined) throw new Fault('invalid', 'The message is empty.');
  return joined(head, items);
}

function* linesOf(message: Message, protocol: number): Generator<string> {
  const { head, items } = parted(message);
  yield JSON.stringify({ protocol, ...head });
  for (const item of items) yield JSON.stringify(item);
}

/** The first line of a message, and the lines that follow. */
function parted(message: Message): { head: object; items: readonly object[] } {
  switch (message.kind) {
    case 'push':
    case 'handOver': {
      const { operations, ...head } = message;
      return { head, items: operations };
    }
    case 'ahead':
    case 'page': {
      const { entries, ...head } = message;
      return { head, items: entries };
    }
    case 'fillPages': {
      const { pages, ...head } = message;
      return { head, items: pages };
    }
    case 'verdicts': {
      const { verdicts, ...head } = message;
      return { head, items: verdicts };
    }
    case 'rights':
    case 'pull':
      return { head: { ...message, cursor: [...message.cursor] }, items: [] };
    case 'compare':
      return { head: { ...message, digests: [...message.digests] }, items: [] };
    case 'welcome':
      return { head: { ...message, heads: [...message.heads] }, items: [] };
    default:
      return { head: message, items: [] };
  }
}

function itemShapeOf({ kind }: Head, line: number): z.ZodType {
  switch (kind) {
    case 'push':
    case 'handOver':
      return operationShape;
    case 'ahead':
    case 'page':
      return entryShape;
    case 'fillPages':
      return fillPageShape;
    case 'verdicts':
      return answeredShape;
    default:
      throw new Fault('invalid', `Line ${line}: nothing may follow a message of the kind ${kind}.`);
  }
}

/** The shapes have been checked: what they say is what the message's type says. */
function joined(head: Head, items: readonly unknown[]): Message {
  switch (head.kind) {
    case 'push':
    case 'handOver':
      return { ...head, operations: items } as Message;
    case 'ahead':
    case 'page':
      return { ...head, entries: items } as Message;
    case 'fillPages':
      return { ...head, pages: items } as Message;
    case 'verdicts':
      return { ...head, verdicts: items } as Message;
    case 'rights':
    case 'pull':
      return { ...head, cursor: new Map(head.cursor) };
    case 'compare':
      return { ...head, digests: new Map(head.digests) };
    case 'welcome':
      return { ...head, heads: new Map(head.heads) };
    default:
      return head;
  }
}

function parsed(text: string, line: number): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Fault('invalid', `Line ${line} is not JSON.`);
  }
}

function checked<Shape extends z.ZodType>(shape: Shape, value: unknown, line: number): z.infer<Shape> {
  const { success, data, error } = shape.safeParse(value);
  if (success) return data;
  const [issue] = error.issues;
  throw new Fault(
    'invalid',
    `Line ${line}, ${issue?.path.join('.') || 'whole'}: ${issue?.message ?? 'not as agreed'}.`,
  );
}
