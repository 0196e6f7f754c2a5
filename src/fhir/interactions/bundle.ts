/** Bundles glued from the texts of the record: no resource is parsed to be sent (R4 bundle.html). */

export type BundleLink = { relation: 'self' | 'next' | 'first' | 'previous'; url: string };

/** What was asked, as the links of its answer repeat it. */
export type Asked = {
  baseUrl: string;
  segments: readonly string[];
  parameters: readonly (readonly [string, string])[];
};

/** The address of a request. */
export function addressOf({ baseUrl, segments, parameters }: Asked): string {
  const query = new URLSearchParams(parameters.map(([name, value]): [string, string] => [name, value])).toString();
  return `${baseUrl}/${segments.join('/')}${query === '' ? '' : `?${query}`}`;
}

/** `self` says what was asked; `next`, where there is more, carries the place to go on from in the parameter `cursor`. */
export function pageLinks(asked: Asked, cursor: string, next: string | undefined): BundleLink[] {
  const links: BundleLink[] = [{ relation: 'self', url: addressOf(asked) }];
  if (next === undefined) return links;
  const kept = asked.parameters.filter(([name]) => name !== cursor);
  links.push({ relation: 'next', url: addressOf({ ...asked, parameters: [...kept, [cursor, next]] }) });
  return links;
}

export type BundleEntry = {
  extension?: readonly object[];
  fullUrl?: string;
  /** The resource as JSON text. */
  text?: string;
  search?: { mode: 'match' | 'include' | 'outcome' };
  request?: { method: string; url: string };
  response?: { status: string; location?: string; etag?: string; lastModified?: string; outcomeText?: string };
};

export type BundleParts = {
  type: 'searchset' | 'history' | 'batch-response' | 'transaction-response' | 'collection';
  total?: number;
  links?: readonly BundleLink[];
  entries: readonly BundleEntry[];
};

/** The Bundle's JSON text, elements in the order of the standard. */
export function bundleText({ type, total, links, entries }: BundleParts): string {
  let text = `{"resourceType":"Bundle","type":"${type}"`;
  if (total !== undefined) text += `,"total":${total}`;
  if (links !== undefined) text += `,"link":${JSON.stringify(links)}`;
  if (entries.length > 0) text += `,"entry":[${entries.map(entryText).join(',')}]`;
  return `${text}}`;
}

/** An entry whose resource is bytes. */
export type BytesEntry = Pick<BundleEntry, 'fullUrl' | 'search'> & { bytes: Buffer };

/** A Bundle of much, glued from bytes: they never become text. */
export function bundleBytes({
  entries,
  ...head
}: Omit<BundleParts, 'entries'> & { entries: readonly BytesEntry[] }): Buffer {
  const pieces: Buffer[] = [];
  let text = bundleText({ ...head, entries: [] }).slice(0, -1);
  for (const [i, { bytes, fullUrl, search }] of entries.entries()) {
    text += `${i === 0 ? ',"entry":[' : ','}{${fullUrl === undefined ? '' : `"fullUrl":${JSON.stringify(fullUrl)},`}"resource":`;
    pieces.push(Buffer.from(text), bytes);
    text = `${search === undefined ? '' : `,"search":{"mode":"${search.mode}"}`}}`;
  }
  pieces.push(Buffer.from(`${text}${entries.length > 0 ? ']' : ''}}`));
  return Buffer.concat(pieces);
}

function entryText({ extension, fullUrl, text, search, request, response }: BundleEntry): string {
  const parts: string[] = [];
  if (extension !== undefined) parts.push(`"extension":${JSON.stringify(extension)}`);
  if (fullUrl !== undefined) parts.push(`"fullUrl":${JSON.stringify(fullUrl)}`);
  if (text !== undefined) parts.push(`"resource":${text}`);
  if (search !== undefined) parts.push(`"search":{"mode":"${search.mode}"}`);
  if (request !== undefined) parts.push(`"request":${JSON.stringify(request)}`);
  if (response !== undefined) parts.push(`"response":${responseText(response)}`);
  return `{${parts.join(',')}}`;
}

function responseText({ outcomeText, ...response }: NonNullable<BundleEntry['response']>): string {
  const text = JSON.stringify(response);
  return outcomeText === undefined ? text : `${text.slice(0, -1)},"outcome":${outcomeText}}`;
}
