/** An XML document as a tree: names without their prefix, text and attributes. What has a DTD is refused, so that nothing is fetched or grows. */
import { SaxesParser } from 'saxes';
import { Fault } from '#kernel/fault.ts';

export type XmlElement = {
  name: string;
  namespace: string;
  attributes: Readonly<Record<string, string>>;
  children: (XmlElement | string)[];
};

const depthMax = 200;

/** Faults: unprocessable, for what is not well-formed, has a DTD, or is nested beyond reason. */
export function readXmlTree(text: string): XmlElement {
  const parser = new SaxesParser({ xmlns: true });
  const stack: XmlElement[] = [];
  let root: XmlElement | undefined;
  const refuse = (problem: string): never => {
    throw new Fault('unprocessable', `The XML can not be read: ${problem}`);
  };
  parser.on('doctype', () => refuse('it has a DTD.'));
  parser.on('error', (error) => refuse(error.message.slice(0, 200)));
  parser.on('opentag', (tag) => {
    if (stack.length >= depthMax) refuse('it is nested too deep.');
    const attributes = Object.fromEntries(Object.values(tag.attributes).map(({ local, value }) => [local, value]));
    const element: XmlElement = { name: tag.local, namespace: tag.uri, attributes, children: [] };
    stack.at(-1)?.children.push(element);
    root ??= element;
    stack.push(element);
  });
  const addText = (piece: string): void => void stack.at(-1)?.children.push(piece);
  parser.on('text', addText);
  parser.on('cdata', addText);
  parser.on('closetag', () => void stack.pop());
  parser.write(text.replace(/^\uFEFF/, '')).close();
  return root ?? refuse('there is nothing in it.');
}

/** The elements below, of a name or any. */
export function childrenOf(element: XmlElement, name?: string): XmlElement[] {
  return element.children.filter(
    (one): one is XmlElement => typeof one !== 'string' && (name === undefined || one.name === name),
  );
}

/** The first element by a path of names; undefined where there is none. */
export function firstOf(element: XmlElement | undefined, ...path: string[]): XmlElement | undefined {
  let found = element;
  for (const name of path) found = found && childrenOf(found, name)[0];
  return found;
}

/** Every element of the name, however deep, in document order. */
export function allOf(element: XmlElement, name: string): XmlElement[] {
  return childrenOf(element).flatMap((one) => [...(one.name === name ? [one] : []), ...allOf(one, name)]);
}

/** All text within, white space as it stands. */
export function innerText(element: XmlElement | undefined): string {
  if (element === undefined) return '';
  return element.children.map((one) => (typeof one === 'string' ? one : innerText(one))).join('');
}
