import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  actions,
  actorKey,
  actorOf,
  actorRow,
  derivedOf,
  entryOf,
  entryRow,
  isActorOf,
  outcomes,
} from './canonical.ts';
import { parseCopiedRows } from './copied-rows.ts';
import type { AccessEntry } from './entry.ts';
import { accessEntry } from './log-for-test.ts';
import { leafOf } from './merkle.ts';

const text = fc.string({ unit: 'grapheme', maxLength: 30 });
const entries = fc.record({
  at: fc.integer({ min: 0, max: 4e12 }),
  action: fc.constantFrom(...actions),
  outcome: fc.constantFrom(...outcomes),
  patient: fc.option(text, { nil: undefined }),
  request: fc.uuid(),
  ground: text,
  address: text,
  query: text,
  name: text,
});

function made({ address, query, name, ...more }: Record<string, unknown>): AccessEntry {
  return accessEntry({
    ...more,
    from: { address: address as string },
    what: { types: { Observation: 2, Condition: 1 }, resources: ['Observation/1'], query: query as string },
    who: { kind: 'personnel', reference: 'Practitioner/1', name: name as string },
  });
}

test('a text that is not an entry is refused', () => {
  for (const wrong of ['', 'null', '[]', '{}', '{"t":1}', '{"t":"1","w":"x"}', 'not JSON'])
    expect(() => derivedOf(wrong)).toThrow(/not the content/);
});

test('an entry of a kind or time that is none is a bug, not a row', () => {
  const actor = actorRow(accessEntry());
  expect(() => entryRow(accessEntry({ at: Number.NaN }), actor)).toThrow(/not an entry/);
  expect(() => entryRow(accessEntry({ action: 'peek' as 'read' }), actor)).toThrow(/not an entry/);
});

test('an actor whose text was changed is not the one that was sealed', () => {
  const actor = actorRow(accessEntry());
  expect(isActorOf(actor.content, actor.fingerprint)).toBe(true);
  expect(isActorOf(actor.content.replace('Kari', 'Mari'), actor.fingerprint)).toBe(false);
});

test('what comes back is what went in', () => {
  fc.assert(
    fc.property(entries, (fields) => {
      const entry = made(fields);
      const actor = actorRow(entry);
      expect(entryOf(entryRow(entry, actor).content, actor.content)).toEqual(entry);
    }),
  );
});

test('the columns that are read from the beginning of the text are those that were derived from the entry', () => {
  fc.assert(
    fc.property(entries, (fields) => {
      const entry = made(fields);
      const actor = actorRow(entry);
      const { content, who: _who, actor: key, ...columns } = entryRow(entry, actor);
      expect(derivedOf(content)).toEqual({ ...columns, fingerprint: actor.fingerprint });
      expect(derivedOf(` ${content}`)).toEqual(derivedOf(content));
      expect(actorKey(actorOf(content))).toBe(key);
    }),
  );
});

test('rows as COPY sends them give the content and its hash, whatever is in them', () => {
  const escaped = (value: string): string =>
    value.replace(
      /[\\\t\n\r\b\f\v]/g,
      (letter) => `\\${{ '\t': 't', '\n': 'n', '\r': 'r', '\b': 'b', '\f': 'f', '\v': 'v' }[letter] ?? letter}`,
    );
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(), fc.string({ unit: 'binary' })), { minLength: 1 }), (rows) => {
      const piece = rows
        .map(([number, content]) => `5\t\\N\t-7\tactor\t1\t2\t${number}\t${escaped(content.toWellFormed())}\n`)
        .join('');
      const parsed = parseCopiedRows(Buffer.from(piece));
      expect(parsed.map(({ number, content, leaf }) => ({ number, content, leaf: leaf.toString('hex') }))).toEqual(
        rows.map(([number, content]) => ({
          number,
          content: content.toWellFormed(),
          leaf: leafOf(number, content.toWellFormed()).toString('hex'),
        })),
      );
      expect(parsed[0]).toMatchObject({ at: 5, patient: null, who: '-7', actor: 'actor', action: 1, outcome: 2 });
    }),
  );
});

test('what is too long is cut, what is too many is counted only', () => {
  const resources = Array.from({ length: 80 }, (_, i) => `Observation/${i}`);
  const entry = accessEntry({ ground: 'x'.repeat(5000), what: { types: { Observation: 80 }, resources } });
  const actor = actorRow(entry);
  const kept = entryOf(entryRow(entry, actor).content, actor.content);
  expect(kept.ground.length).toBe(2001);
  expect(kept.what).toEqual({ types: { Observation: 80 }, resources: resources.slice(0, 50) });
});
