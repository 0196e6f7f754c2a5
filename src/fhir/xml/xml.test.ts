import { beforeAll, describe, expect, test } from 'vitest';
import { Fault } from '#kernel/fault.ts';
import { loadDefinitions } from '../definitions/index.ts';
import type { Model } from '../definitions/model.ts';
import { Decimal } from '../json/index.ts';
import type { Resource } from '../types.ts';
import { readXml, writeXml } from './index.ts';

let model: Model;
beforeAll(() => {
  model = loadDefinitions().model;
});

const patient = (inner: string, attributes = ''): string =>
  `<Patient xmlns="http://hl7.org/fhir"${attributes}>${inner}</Patient>`;
const div = (inner: string): string => `<div xmlns="http://www.w3.org/1999/xhtml">${inner}</div>`;
const text = (inner: string): string => patient(`<text><status value="generated"/>${inner}</text>`);

test('reads arrays, primitives by their types, siblings of primitives, contained resources and choices', () => {
  const xml = `<?xml version="1.0" encoding="utf-8"?>
<!-- a comment -->
<Observation xmlns="http://hl7.org/fhir" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="a b">
  <id value="o1"/>
  <contained><Patient><id value="p"/><active value="true"/>
    <name id="n1"><given value="Åse"/><given><extension url="http://x/e"><valueCode value="masked"/></extension></given><given id="g3" value="M"/></name>
    <birthDate id="b" value="1990-01-01"/></Patient></contained>
  <valueQuantity><value value="1.00"/></valueQuantity>
  <component><valueInteger value="42"/></component>
</Observation>`;
  expect(readXml(xml, model)).toEqual({
    resourceType: 'Observation',
    id: 'o1',
    contained: [
      {
        resourceType: 'Patient',
        id: 'p',
        active: true,
        name: [
          {
            id: 'n1',
            given: ['Åse', null, 'M'],
            _given: [null, { extension: [{ url: 'http://x/e', valueCode: 'masked' }] }, { id: 'g3' }],
          },
        ],
        birthDate: '1990-01-01',
        _birthDate: { id: 'b' },
      },
    ],
    valueQuantity: { value: new Decimal('1.00') },
    component: [{ valueInteger: 42 }],
  });
});

test('writes elements in the order of the standard, with only what must be escaped escaped', () => {
  const resource: Resource = {
    birthDate: '1990-01-01',
    name: [{ given: ['A&B', '"<>\'', 'x\ny\tz\r'], family: 'Ærlig' }],
    id: 'p',
    resourceType: 'Patient',
  };
  expect(writeXml(resource, model)).toBe(
    '<?xml version="1.0" encoding="UTF-8"?>' +
      patient(
        '<id value="p"/><name><family value="Ærlig"/><given value="A&amp;B"/><given value="&quot;&lt;&gt;\'"/>' +
          '<given value="x&#10;y&#9;z&#13;"/></name><birthDate value="1990-01-01"/>',
      ),
  );
  expect(readXml(writeXml(resource, model, true), model)).toEqual(resource);
});

test('indents by two spaces when asked, and never inside the narrative', () => {
  const narrative = div('<p>a <b>b</b></p>');
  const resource: Resource = { resourceType: 'Patient', text: { status: 'generated', div: narrative }, active: false };
  const lines = writeXml(resource, model, true).split('\n');
  expect(lines).toContain(`    ${narrative}`);
  expect(lines).toContain('  <active value="false"/>');
});

describe('the narrative', () => {
  const read = (xml: string): unknown => (readXml(xml, model)['text'] as Record<string, unknown>)['div'];
  const written = (narrative: string): string =>
    writeXml({ resourceType: 'Patient', text: { status: 'generated', div: narrative } }, model);

  test('comes through both ways as it was written', () => {
    for (const inner of ['', ' a\r\n<br/><b class=\'x\'>å &lt; &#160; "q"</b><!-- c -->', '<![CDATA[<x>]]>']) {
      expect(read(text(div(inner)))).toBe(div(inner));
      expect(read(written(div(inner)))).toBe(div(inner));
    }
  });

  test('is rewritten when it leans on prefixes that are declared outside it', () => {
    const xml = `<f:Patient xmlns:f="http://hl7.org/fhir" xmlns:h="http://www.w3.org/1999/xhtml"><f:text><h:div><h:p xml:lang="no" class="a&amp;b">x &amp; y<h:br/></h:p></h:div></f:text></f:Patient>`;
    expect(read(xml)).toBe(div('<p xml:lang="no" class="a&amp;b">x &amp; y<br/></p>'));
  });

  test('gets its namespace, and numbers for the entities of HTML, when JSON came without', () => {
    expect(written('<div>a&nbsp;b &Aring;</div>')).toContain(div('a&#160;b &#197;'));
  });

  test.each([
    ['not closed', '<div><p></div>'],
    ['more than one element', '<div></div><active value="true"/>'],
    ['another element', '<script>alert(1)</script>'],
    ['text after it', '<div></div>text'],
    ['an entity of nobody', '<div>&who;</div>'],
    ['an entity named as a property of objects', '<div>&constructor;</div>'],
    ['a document type', '<!DOCTYPE div><div></div>'],
    ['another namespace', '<div xmlns="http://hl7.org/fhir"></div>'],
    ['plain text', 'a & b'],
  ])('that is no narrative (%s) is shown as text and breaks nothing', (_what, narrative) => {
    const back = read(written(narrative)) as string;
    expect(back.startsWith('<div xmlns="http://www.w3.org/1999/xhtml">')).toBe(true);
    expect(readXml(written(narrative), model)['active']).toBeUndefined();
  });
});

const laughs = `<!DOCTYPE x [<!ENTITY a "ha">${[...'bcdefghij'].map((name, index) => `<!ENTITY ${name} "${`&${'abcdefghij'[index]};`.repeat(10)}">`).join('')}]>`;

const refusals: [what: string, xml: string, message: RegExp][] = [
  ['nothing', '', /not well-formed/],
  ['no XML', '{"resourceType":"Patient"}', /not well-formed/],
  ['half a document', '<Patient xmlns="http://hl7.org/fhir"><id value="1"/>', /not well-formed/],
  ['two roots', patient('') + patient(''), /not well-formed/],
  ['a billion laughs', `${laughs}${patient('<id value="&j;"/>')}`, /document type/],
  ['an outside entity', `<!DOCTYPE x SYSTEM "file:///etc/passwd">${patient('')}`, /document type/],
  ['an undefined entity', patient('<id value="&nbsp;"/>'), /not well-formed/],
  ['an entity named as a property of objects', patient('<id value="&constructor;"/>'), /not well-formed/],
  ['a processing instruction', `<?xml-stylesheet href="x"?>${patient('')}`, /processing instruction/],
  ['a processing instruction in the narrative', text(div('<?php x ?>')), /processing instruction/],
  ['another encoding', `<?xml version="1.0" encoding="ISO-8859-1"?>${patient('')}`, /not declared as UTF-8/],
  ['no namespace', '<Patient><id value="1"/></Patient>', /namespace/],
  ['another namespace', '<Patient xmlns="urn:hl7-org:v3"/>', /namespace/],
  ['a type that is none', '<Dragon xmlns="http://hl7.org/fhir"/>', /Dragon, which is no resource type/],
  ['a data type as root', '<HumanName xmlns="http://hl7.org/fhir"/>', /no resource type/],
  ['an abstract type', '<DomainResource xmlns="http://hl7.org/fhir"/>', /no resource type/],
  ['an unknown element', patient('<shoeSize value="42"/>'), /shoeSize, which Patient does not have/],
  ['an element named __proto__', patient('<__proto__ value="1"/>'), /__proto__/],
  ['an element named constructor', patient('<constructor value="1"/>'), /constructor/],
  ['an unknown attribute', patient('<id value="1" colour="red"/>'), /attribute colour/],
  ['an attribute on a resource', patient('', ' id="x"'), /attribute id on a resource/],
  ['a foreign element', patient('<x:id xmlns:x="urn:x" value="1"/>'), /outside the namespace/],
  ['text between elements', patient('Ola'), /text between elements/],
  ['an element in a primitive', patient('<id value="1"><name/></id>'), /name inside a primitive/],
  ['an empty element', patient('<name/>'), /name without content/],
  ['an empty primitive', patient('<birthDate/>'), /birthDate without content/],
  ['a single element twice', patient('<gender value="male"/><gender value="female"/>'), /gender twice/],
  ['a boolean that is none', patient('<active value="1"/>'), /neither true nor false/],
  ['an integer that is none', patient('<multipleBirthInteger value="1.5"/>'), /no integer/],
  ['an infinite number', patient('<multipleBirthInteger value="1e999"/>'), /no integer/],
  [
    'two resources in one element',
    patient('<contained><Patient><id value="1"/></Patient><Patient/></contained>'),
    /two resources/,
  ],
  ['a contained nothing', patient('<contained/>'), /contained without content/],
  ['extensions ten thousand deep', patient('<extension url="x">'.repeat(10_000)), /deeper than 64/],
  ['a narrative ten thousand deep', text(div('<b>'.repeat(10_000))), /deeper than 100/],
  ['a foreign element in the narrative', text(div('<id xmlns="http://hl7.org/fhir" value="1"/>')), /not XHTML/],
  [
    'a thousand attributes',
    patient(`<id ${Array.from({ length: 1000 }, (_, at) => `a${at}="1"`).join(' ')}/>`),
    /more than 100 attributes/,
  ],
  ['a NUL', patient('<id value="a\u0000"/>'), /not well-formed/],
  ['a NUL by number', patient('<id value="&#0;"/>'), /not well-formed/],
  ['half a surrogate pair', patient('<id value="\ud800"/>'), /surrogate/],
  ['half a surrogate pair by number', patient('<id value="&#xD800;"/>'), /not well-formed/],
];

test.each(refusals)('refuses %s', (_what, xml, message) => {
  let problem: unknown;
  try {
    readXml(xml, model);
  } catch (error) {
    problem = error;
  }
  expect(problem).toBeInstanceOf(Fault);
  expect((problem as Fault).kind).toBe('invalid');
  expect((problem as Fault).message).toMatch(message);
  expect((problem as Fault).message).toMatch(/line \d+, column \d+/);
  expect((problem as Fault).message.length).toBeLessThan(250);
});

test('names the place of a refusal', () => {
  const xml = patient('<name><family value="A"/></name>\n<name><given value="B"/><nickname value="C"/></name>');
  try {
    readXml(xml, model);
    expect.unreachable();
  } catch (error) {
    expect((error as Fault).expression).toBe('Patient.name[1]');
    expect((error as Fault).message).toMatch(/line 2/);
  }
});

test('takes an attribute of a million characters in its stride', () => {
  const long = 'å&amp;'.repeat(500_000);
  const resource = readXml(patient(`<name><text value="${long}"/></name>`), model);
  expect((resource['name'] as { text: string }[])[0]?.text).toHaveLength(1_000_000);
});

test('refuses to write what the model does not know rather than drop it', () => {
  for (const resource of [
    { resourceType: 'Patient', shoeSize: 1 },
    { resourceType: 'Patient', name: 'Ola' },
    { resourceType: 'Patient', name: ['Ola'] },
    { resourceType: 'Patient', gender: { a: 1 } },
    { resourceType: 'Dragon' },
  ]) {
    expect(() => writeXml(resource, model)).toThrow(Fault);
  }
});
