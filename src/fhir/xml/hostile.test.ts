/** Whatever comes in, a resource or a Fault comes out; whatever is stored, what goes out is XML or a Fault. */
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { Fault } from '#kernel/fault.ts';
import { loadDefinitions } from '../definitions/index.ts';
import type { Model } from '../definitions/model.ts';
import type { Resource } from '../types.ts';
import { readXml, writeXml } from './index.ts';

let model: Model;
beforeAll(() => {
  model = loadDefinitions().model;
});

const document = `<?xml version="1.0" encoding="UTF-8"?><Patient xmlns="http://hl7.org/fhir"><id value="p"/><text>
<status value="generated"/><div xmlns="http://www.w3.org/1999/xhtml"><p class="x">Åse &lt;b&gt; &#160;</p></div></text>
<contained><Organization><name value="H"/></Organization></contained><active value="true"/><name id="n">
<given value="A"/><given><extension url="u"><valueDecimal value="1.00"/></extension></given></name></Patient>`;

/** What `act` gives, or undefined when it refuses with a Fault 'invalid'. */
function unlessRefused<T>(act: () => T): T | undefined {
  try {
    return act();
  } catch (error) {
    expect(error).toBeInstanceOf(Fault);
    expect((error as Fault).kind).toBe('invalid');
    expect((error as Fault).message.length).toBeLessThan(300);
    return undefined;
  }
}

const piece = fc.constantFrom(
  ...'<>/="\'&; \n!?-[]:ax0',
  '<!--',
  '-->',
  '<![CDATA[',
  ']]>',
  '<?x ?>',
  '&lt;',
  '&#0;',
  '&constructor;',
  '<!DOCTYPE x>',
  '<id value="1"/>',
  ' xmlns=""',
  ' xmlns:a="http://hl7.org/fhir"',
  ' __proto__="1"',
  '</name>',
  '\u0000',
  '\ud800',
  '\ufffe',
);

test('any change of a document gives a resource that can be written again, or a refusal', () => {
  const change = fc.record({ at: fc.nat(document.length), length: fc.nat(6), piece });
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 3 }), (changes) => {
      let text = document;
      for (const { at, length, piece: put } of changes) text = text.slice(0, at) + put + text.slice(at + length);
      const resource = unlessRefused(() => readXml(text, model));
      if (resource === undefined) return;
      expect(readXml(writeXml(resource, model), model)).toEqual(resource);
      expect(Object.getPrototypeOf(resource)).toBe(Object.prototype);
    }),
    { numRuns: 1000 },
  );
});

test('any text is read or refused', () => {
  fc.assert(
    fc.property(
      fc.array(piece).map((pieces) => pieces.join('')),
      (text) => void unlessRefused(() => readXml(text, model)),
    ),
  );
});

test('any JSON for a narrative and any text for a value is written as XML that reads back', () => {
  fc.assert(
    fc.property(
      fc.array(piece).map((pieces) => pieces.join('')),
      fc.boolean(),
      (text, isDiv) => {
        const div = isDiv ? `<div>${text}</div>` : text;
        const resource: Resource = {
          resourceType: 'Patient',
          text: { status: 'generated', div },
          gender: 'other',
          name: [{ family: text || 'x' }],
        };
        const back = readXml(writeXml(resource, model), model);
        expect(Object.keys(back)).toEqual(['resourceType', 'text', 'name', 'gender']);
        const name = (back['name'] as { family: string }[])[0];
        expect(name?.family).toBe(
          (text || 'x').toWellFormed().replaceAll('\u0000', '\ufffd').replaceAll('\ufffe', '\ufffd'),
        );
      },
    ),
    { numRuns: 500 },
  );
});

test('long things take no long time', () => {
  const startMs = performance.now();
  const long = 1_000_000;
  const wrap = (inner: string): string => `<Patient xmlns="http://hl7.org/fhir">${inner}</Patient>`;
  for (const text of [
    'a'.repeat(long),
    '<'.repeat(long),
    '&'.repeat(long),
    `<${'a'.repeat(long)}`,
    wrap(' '.repeat(long)),
    wrap(`<!--${'-'.repeat(long)}`),
    wrap(`<id value="${'&amp;'.repeat(long / 5)}`),
    wrap(`<text><div xmlns="http://www.w3.org/1999/xhtml">${'<br/>'.repeat(long / 5)}`),
    wrap('<name><family value="x"/></name>'.repeat(long / 50)),
    `<!DOCTYPE x [${'<!ENTITY a "a">'.repeat(long / 15)}]>`,
  ]) {
    unlessRefused(() => readXml(text, model));
  }
  expect(performance.now() - startMs).toBeLessThan(15_000);
}, 30_000);
