/**
 * KITH XML that a person can read: discharge summaries (epikrise), referrals (henvisning) and results (svarrapport), with or without MsgHead around them.
 * Which headings, in which order, is here; what the message says stands as it is. What no heading is known for is shown under its own name, never left out.
 */
import { escapeHtml, sanitise } from './html.ts';
import { allOf, childrenOf, firstOf, innerText, type XmlElement } from './xml-tree.ts';

/** What a message is of, beside what it says. */
export type KithMessage = {
  title: string;
  html: string;
  formatCode: string | undefined;
  documentType: string | undefined;
};

const families: readonly { namespace: RegExp; title: string; documentType: string }[] = [
  { namespace: /xmlstds\/epikrise\//, title: 'Epikrise', documentType: 'A03-2' },
  { namespace: /xmlstds\/henvisning\//, title: 'Henvisning', documentType: 'I01-2' },
  { namespace: /xmlstds\/labsvar\//, title: 'Svarrapport', documentType: 'C00-1' },
];

/** Results by the kind of service (8202), as Type/@V says it. */
const resultTypes: Readonly<Record<string, string>> = {
  SVAR_RTG: 'E00-1',
  SVAR_PAT: 'C04-2',
  SVAR_MIK: 'C03-2',
  SVAR_KJEM: 'C01-2',
  SVAR_IMM: 'C02-2',
};

/** The readable form of a message. */
export function renderKith(root: XmlElement): KithMessage {
  const body = bodyOf(root);
  const family = families.find(({ namespace }) => namespace.test(body.namespace));
  const type = firstOf(body, 'Type') ?? firstOf(root, 'MsgInfo', 'Type');
  const title = type?.attributes['DN'] ?? family?.title ?? 'Melding';
  const report = firstOf(body, 'ServReport') ?? firstOf(body, 'ServRprt') ?? body;
  const html = [
    `<h1>${escapeHtml(title)}</h1>`,
    renderHead(root, report),
    ...(allOf(report, 'ResultItem').some(hasNumber) ? [renderResults(report)] : []),
    ...contentOf(report),
  ].join('');
  const formatCode =
    family === undefined
      ? undefined
      : body.namespace
          .replace(/^https?:\/\/(www\.)?(kith|ehelse)\.no\//, (_whole, _www, who: string) => `urn:no:${who}:`)
          .replace(/\//g, ':');
  return {
    title,
    html: sanitise(html),
    formatCode,
    documentType: resultTypes[type?.attributes['V'] ?? ''] ?? family?.documentType,
  };
}

function bodyOf(root: XmlElement): XmlElement {
  if (root.name !== 'MsgHead') return root;
  const content = allOf(root, 'Content')[0];
  return (content && childrenOf(content)[0]) ?? root;
}

/** Who, when, from whom to whom. */
function renderHead(root: XmlElement, report: XmlElement): string {
  const patient = allOf(root, 'Patient')[0];
  const info = firstOf(root, 'MsgInfo');
  const rows: [string, string][] = [
    ['Pasient', patient === undefined ? '' : nameOf(patient)],
    ['Født', valueOf(patient && firstOf(patient, 'DateOfBirth'))],
    ['Fødselsnummer', innerText(patient && (firstOf(patient, 'OffId') ?? firstOf(patient, 'Ident', 'Id'))).trim()],
    ['Dato', valueOf(firstOf(report, 'IssueDate') ?? firstOf(info, 'GenDate'))],
    ['Status', valueOf(firstOf(report, 'Status'))],
    ['Gjelder', valueOf(firstOf(report, 'MsgDescr'))],
    ['Fra', partyOf(firstOf(report, 'ServProvider') ?? firstOf(info, 'Sender'))],
    ['Til', partyOf(firstOf(report, 'Requester') ?? firstOf(info, 'Receiver'))],
    [
      'Ansvarlig',
      [...allOf(report, 'RelServProvider'), ...allOf(report, 'RelServProv'), ...allOf(report, 'AnsvarligRapport')]
        .map(partyOf)
        .filter(Boolean)
        .join(', '),
    ],
  ];
  return listOf(rows);
}

function listOf(rows: readonly (readonly [string, string])[]): string {
  const shown = rows.filter(([, value]) => value !== '' && !isMachineId(value));
  if (shown.length === 0) return '';
  return `<dl>${shown.map(([label, value]) => `<dt>${escapeHtml(label)}</dt><dd>${escapeHtml(value)}</dd>`).join('')}</dl>`;
}

/** An id that says nothing to a reader. */
const isMachineId = (value: string): boolean => /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i.test(value);

function nameOf(person: XmlElement): string {
  const own = innerText(firstOf(person, 'Name')).trim();
  const parts = ['GivenName', 'MiddleName', 'FamilyName'].map((name) => innerText(firstOf(person, name)).trim());
  return own || parts.filter(Boolean).join(' ');
}

function partyOf(party: XmlElement | undefined): string {
  if (party === undefined) return '';
  const named = ['Name', 'OrganisationName'].flatMap((name) => allOf(party, name).map((one) => innerText(one).trim()));
  return [...new Set([...named, nameOf(party)].filter(Boolean))].join(', ');
}

/** What an element says by itself: the word of its code, its value with unit, a time as people write it, or its text. */
function valueOf(element: XmlElement | undefined): string {
  if (element === undefined) return '';
  const { V, DN, U, OT } = element.attributes;
  if (DN) return DN;
  const said = OT ?? V ?? innerText(element).replace(/\s+/g, ' ').trim();
  const time = /^(\d{4})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d).*)?$/.exec(said);
  const shown = time ? `${time[3]}.${time[2]}.${time[1]}${time[4] ? ` kl. ${time[4]}:${time[5]}` : ''}` : said;
  return U === undefined || /^[01]$/.test(U) ? shown : `${shown} ${U}`;
}

const hasNumber = (item: XmlElement): boolean => firstOf(item, 'NumResult') !== undefined;

/** Numbers as a table: what, value, reference, mark. */
function renderResults(report: XmlElement): string {
  const rows = allOf(report, 'ResultItem')
    .filter(hasNumber)
    .map((item) => {
      const number = firstOf(item, 'NumResult');
      const operator = valueOf(firstOf(number, 'ArithmeticComp'));
      const cells = [
        valueOf(firstOf(item, 'Investigation', 'Id')),
        `${operator ? `${operator} ` : ''}${valueOf(firstOf(number, 'NumResultValue'))}`,
        childrenOf(item, 'RefInterval')
          .map((one) => innerText(one).trim().replace(/\s+/g, ' '))
          .join('; '),
        [valueOf(firstOf(item, 'DevResultInd')), ...childrenOf(item, 'Comment').map(valueOf)]
          .filter(Boolean)
          .join('. '),
      ];
      return `<tr>${cells.map((cell) => `<td>${escapeHtml(cell)}</td>`).join('')}</tr>`;
    });
  return `<h2>Resultater</h2><table><thead><tr><th>Undersøkelse</th><th>Svar</th><th>Referanse</th><th>Merknad</th></tr></thead><tbody>${rows.join('')}</tbody></table>`;
}

/** What is in the head already, or says nothing to a reader. */
const notShown = new Set(
  'Type MIGversion GenDate MsgId Status IssueDate MsgDescr ServProvider Requester RelServProvider RelServProv CopyDest OffId TypeOffId DateOfBirth Sex Name Address PatRelHCP ResponsibleHcp ServProvId DocumentId IdResultItem RefAnalysedSubject Accredited ServType Sender Receiver Ident FamilyName GivenName MiddleName AnsvarForRapport PaymentCat IdByServProvider IdByRequester TypeId NumResult RefInterval'.split(
    ' ',
  ),
);

const labels: Readonly<Record<string, string>> = {
  Medication: 'Legemiddel',
  DrugId: 'Legemiddel',
  UnitDose: 'Dose',
  DosageText: 'Dosering',
  Diagnosis: 'Diagnose',
  Concept: 'Kode',
  Modifier: 'Tillegg',
  ReqServ: 'Ønsket tjeneste',
  Priority: 'Prioritet',
  ReportedEvent: 'Opphold',
  EventDate: 'Tidspunkt',
  StartDateTime: 'Fra',
  EndDateTime: 'Til',
  AdmOutcome: 'Utskrevet til',
  AdmCat: 'Type opphold',
  Comment: 'Kommentar',
  Investigation: 'Undersøkelse',
  InvDate: 'Undersøkt',
  StatusInvestigation: 'Status',
  AnalysedSubject: 'Prøvemateriale',
  CollectedDate: 'Prøve tatt',
  TypeCoded: 'Materiale',
  AnatomicalOrigin: 'Lokalisasjon',
  Spec: 'Spesifisering',
  Number: 'Nummer',
  ReceiptDate: 'Mottatt',
  ApprDate: 'Godkjent',
  ServReq: 'Rekvisisjon',
  TypeInnhold: 'Innhold',
  DevResultInd: 'Avvik',
  Descr: 'Beskrivelse',
  Event: 'Opphold',
  Value: 'Verdi',
  Description: 'Beskrivelse',
};

/** The sections that follow, in the order of the message. */
function contentOf(report: XmlElement): string[] {
  return childrenOf(report)
    .filter(({ name }) => !notShown.has(name))
    .map((element) => {
      if (element.name === 'Patient' || element.name === 'ReasonAsText' || element.name === 'TypeInnholdIMelding')
        return sectionsWithin(element);
      return section(element);
    });
}

function sectionsWithin(element: XmlElement): string {
  const heading = valueOf(firstOf(element, 'Heading'));
  const text = firstOf(element, 'TextResultValue');
  if (text !== undefined) return `<h2>${escapeHtml(heading || 'Tekst')}</h2>${proseOf(text)}`;
  return contentOf(element).join('');
}

/** An entry (InfItem, ResultItem, …) under the heading that its own type gives it. */
function section(element: XmlElement): string {
  if (element.name === 'ResultItem' && hasNumber(element) && childrenOf(element, 'ResultItem').length === 0) return '';
  const heading =
    valueOf(firstOf(element, 'Type')) ||
    valueOf(firstOf(element, 'Heading')) ||
    valueOf(firstOf(element, 'TextResult', 'Heading')) ||
    labelOf(element.name);
  const body = entryOf(element);
  return body === '' ? '' : `<h2>${escapeHtml(heading)}</h2>${body}`;
}

/** What has a heading of its own, wherever it stands. */
const entryNames = new Set(['InfItem', 'ResultItem', 'ReasonAsText']);

function entryOf(element: XmlElement): string {
  const prose: string[] = [];
  const rows: [string, string][] = [];
  const entries: string[] = [];
  const walk = (one: XmlElement): void => {
    for (const child of childrenOf(one)) {
      if (notShown.has(child.name) || child.name === 'Heading') continue;
      if (entryNames.has(child.name) || firstOf(child, 'Heading') !== undefined) entries.push(section(child));
      else if (isProse(child)) prose.push(proseOf(child));
      else if (child.name === 'ResultItem' && hasNumber(child)) continue;
      else if (childrenOf(child).length > 0) walk(child);
      else rows.push([labelOf(child.name), codeBeside(child)]);
    }
  };
  if (isProse(element)) prose.push(proseOf(element));
  else if (childrenOf(element).length === 0) rows.push([labelOf(element.name), codeBeside(element)]);
  else walk(element);
  return `${prose.join('')}${listOf(rows)}${entries.join('')}`;
}

function codeBeside(element: XmlElement): string {
  const { V, DN, S } = element.attributes;
  return DN && V && S ? `${DN} (${V})` : valueOf(element);
}

function labelOf(name: string): string {
  const known = labels[name];
  if (known !== undefined) return known;
  const spaced = name.replace(/([a-zæøå])([A-ZÆØÅ])/g, '$1 $2').toLowerCase();
  return spaced.charAt(0).toUpperCase() + spaced.slice(1);
}

function isProse(element: XmlElement): boolean {
  if (firstOf(element, 'Heading') !== undefined) return false;
  const hasXhtml = childrenOf(element).some(({ namespace }) => namespace === 'http://www.w3.org/1999/xhtml');
  return hasXhtml || /^(TextResultValue|Description|Text|Comment|Descr)$/.test(element.name);
}

/** Text, or XHTML as it stands; both are sanitised with the whole. */
function proseOf(element: XmlElement): string {
  const isMarked = allOf(element, 'div').length + allOf(element, 'p').length > 0;
  if (!isMarked) return `<p>${escapeHtml(innerText(element).trim() || valueOf(element)).replace(/\r?\n/g, '<br>')}</p>`;
  return element.children.map(markup).join('');
}

function markup(node: XmlElement | string): string {
  if (typeof node === 'string') return escapeHtml(node);
  const name = /^[a-z][a-z0-9]{0,10}$/.test(node.name) ? node.name : 'span';
  return name === 'br' || name === 'hr' ? `<${name}>` : `<${name}>${node.children.map(markup).join('')}</${name}>`;
}
