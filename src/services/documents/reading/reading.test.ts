import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sanitise, textOfHtml } from './html.ts';
import { kindOf } from './kinds.ts';
import { languageOf } from './language.ts';
import { createFileOpener } from './read-file.ts';
import { textOfRtf } from './rtf.ts';
import { joinPages, kithOf, readablePage, textOfFile } from './text-of.ts';
import { readXmlTree } from './xml-tree.ts';

const examples = fileURLToPath(
  new URL('../../../../../shared/norway/messages-kith/sarepta/eksempel/', import.meta.url),
);
const areHere = existsSync(examples);
const files = (folder: string): string[] =>
  areHere
    ? readdirSync(join(examples, folder), { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('.xml'))
        .map((name) => join(examples, folder, name))
    : [];
const open = createFileOpener({ threadsMax: 2 });
const bytes = (text: string): Buffer => Buffer.from(text, 'utf8');

describe('XML', () => {
  test('with a DTD is refused, however it is written, and what is not well-formed too', () => {
    expect(() => readXmlTree('<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>')).toThrow('DTD');
    expect(() => readXmlTree('<a><b></a>')).toThrow('can not be read');
    expect(() => readXmlTree('<a>'.repeat(300))).toThrow('too deep');
  });
});

describe('The kind of a file', () => {
  test.each([
    ['{\\rtf1\\ansi Hei}', 'rtf'],
    ['<html><body>x</body></html>', 'html'],
    ['<ClinicalDocument xmlns="urn:hl7-org:v3"></ClinicalDocument>', 'cda'],
    ['<Message xmlns="http://www.kith.no/xmlstds/epikrise/2012-02-15"/>', 'kith'],
    ['%PDF-1.7', 'pdf'],
    ['Bare tekst.', 'text'],
  ])('is told by its content: %s', async (text, kind) => expect(await kindOf(bytes(text))).toBe(kind));
  test('is none for bytes that are no document', async () => {
    expect(await kindOf(Buffer.from([0, 1, 2, 3, 0, 0]))).toBeUndefined();
    expect(await kindOf(Buffer.alloc(0))).toBeUndefined();
  });
});

describe('RTF', () => {
  test('gives words, paragraphs and Norwegian letters, and nothing of fonts and pictures', () => {
    const source =
      "{\\rtf1\\ansi{\\fonttbl{\\f0 Arial;}}{\\*\\generator Word;}\\f0 Bl\\'e5b\\'e6r \\b og\\b0  r\\u248?d gr\\'f8t.\\par Ny linje\\{\\}}";
    expect(textOfRtf(source)).toBe('Blåbær og rød grøt.\nNy linje{}');
  });
  test('of any letters at all is read without failing', () => {
    fc.assert(fc.property(fc.string(), (text) => typeof textOfRtf(`{\\rtf1 ${text}`) === 'string'));
  });
});

describe('HTML', () => {
  test('loses what would do or fetch something', () => {
    const html = sanitise(
      '<p style="x" onclick="a()">Hei<script>a()</script><a href="javascript:b()">her</a><iframe src="x"></iframe><img src="http://x/y.png"></p>',
    );
    expect(html).toBe('<p>Heiher</p>');
  });
  test('of any kind has no script, handler or outer address left', () => {
    const piece = fc.constantFrom(
      '<',
      '>',
      'script',
      'img',
      ' src=',
      'onerror=',
      '"',
      "'",
      'javascript:',
      'http://x',
      '/',
      'svg',
      '&lt;',
      'p',
      'x',
      ' ',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        expect(sanitise(pieces.join(''))).not.toMatch(/<script|<svg|<[^>]*\son\w+=|<[^>]*src="(?!data:)/i);
      }),
    );
  });
  test('has its text by lines', () => {
    expect(
      textOfHtml(
        '<h1>Epikrise</h1><p>Ingen feber &amp; ingen hoste.</p><table><tr><td>Hb</td><td>12</td></tr></table>',
      ),
    ).toBe('Epikrise\nIngen feber & ingen hoste.\nHb\t12');
  });
});

describe('CDA', () => {
  const cda = (body: string): string =>
    `<?xml version="1.0"?><ClinicalDocument xmlns="urn:hl7-org:v3"><title>Sammenfatning</title><component>${body}</component></ClinicalDocument>`;
  test('shows the narrative of its sections', async () => {
    const text = cda(
      '<structuredBody><component><section><title>Allergier</title><text><list><item>Penicillin</item></list></text></section></component></structuredBody>',
    );
    const page = await readablePage(open, { kind: 'cda', bytes: bytes(text) }, 'x');
    expect(page).toContain('<h2>Allergier</h2><ul><li>Penicillin</li></ul>');
  });
  test('shows the file within, where its body is one', async () => {
    const within = Buffer.from('<html><body><p>Et brev</p><script>a()</script></body></html>').toString('base64');
    const text = cda(`<nonXMLBody><text mediaType="text/html" representation="B64">${within}</text></nonXMLBody>`);
    const { text: read } = await textOfFile(open, { kind: 'cda', bytes: bytes(text) });
    expect(read).toContain('Et brev');
    expect(read).not.toContain('a()');
  });
});

describe('Pages', () => {
  test('are found again where they begin, and those without text are told', () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { minLength: 1, maxLength: 6 }), (pages) => {
        const { text, pages: starts } = joinPages(pages);
        return pages.every((page, i) => text.slice(starts[i], (starts[i] ?? 0) + page.length) === page);
      }),
    );
    expect(joinPages(['', 'En side med nok tekst på seg.']).pictures).toEqual([1]);
  });
});

describe('Language', () => {
  test.each([
    ['Pasienten ble ikke innlagt, og jeg har avtalt kontroll.', 'nb'],
    ['Pasienten vart ikkje innlagd, og eg har avtalt kontroll hjå fastlegen.', 'nn'],
    ['The patient was not admitted and is to be seen at the clinic.', 'en'],
    ['CRP 12', 'und'],
  ])('%s', (text, language) => expect(languageOf(text)).toBe(language));
});

describe.skipIf(!areHere)('Messages of KITH (examples are not on this machine)', () => {
  test.each([
    'Epikrise/Epikrise_v1-1',
    'Epikrise/Epikrise_v1-2',
    'Henvisning/Henvisning_v2-0',
    'Svarrapport/Svarrapport-v-1-3',
    'Svarrapport/Svarrapport-v-1-4',
  ])('every example of %s is readable: its codes’ words and its prose are there', async (folder) => {
    for (const path of files(folder)) {
      const content = readFileSync(path);
      expect(await kindOf(content), path).toBe('kith');
      const { html, documentType, formatCode } = kithOf(content);
      expect(documentType, path).toMatch(/^[ACEI]\d\d-[12]$/);
      expect(formatCode, path).toMatch(/^urn:no:(kith|ehelse):xmlstds:(epikrise|henvisning|labsvar):/);
      expect(html.length, path).toBeGreaterThan(200);
      expect(html, path).not.toMatch(/undefined|\[object/);
    }
  });
  test('a discharge summary shows diagnoses with codes, and a referral its problem', async () => {
    const epikrise = kithOf(readFileSync(join(examples, 'Epikrise/Epikrise_v1-2/epikrise_v1.2_n.xml'))).html;
    expect(epikrise).toContain('Endokarditt (I330)');
    expect(epikrise).toContain('Cave-opplysninger');
    expect(epikrise).toContain('Sulfa (exanthem 1999)');
  });
});
