/** A summary as a page: readable without script or style, and printable. Its style is a file of the same origin's policy: none but what the text needs. */
import { hash } from 'node:crypto';
import type { LineView, SummaryView } from './contract.ts';
import { languageTags, writeDate, type Language } from './languages.ts';
import { escapeXml } from './narrative.ts';
import { labels } from './words.ts';

const style = `
body{font:1rem/1.5 system-ui,sans-serif;max-width:60rem;margin:0 auto;padding:1rem;color:#1f2329;background:#fff}
h1{font-size:1.5rem}h2{font-size:1.2rem;margin:1.5rem 0 .5rem}h3{font-size:1rem;margin:1rem 0 .25rem}
table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;padding:.3rem .5rem;border-bottom:1px solid #c2c7d0}
.critical{border:3px solid #a32a22;padding:0 1rem 1rem}.ended{color:#4a4f57}dl{display:grid;grid-template-columns:max-content 1fr;gap:.1rem 1rem}dd{margin:0}
@media(max-width:40rem){table,tbody,tr,td{display:block}thead{position:absolute;left:-999rem}td{border:0;padding:.1rem 0}tr{border-bottom:1px solid #c2c7d0;padding:.4rem 0}}
@media print{body{max-width:none}tr{break-inside:avoid}}`;

/** Nothing runs and nothing loads; the one style is known by its hash. */
export const pagePolicy = `default-src 'none'; style-src 'sha256-${hash('sha256', style, 'base64')}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;

export function pageOf(view: SummaryView): string {
  const { language, title, patient } = view;
  return `<!doctype html>
<html lang="${languageTags[language]}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>${escapeXml(`${patient.name} – ${title}`)}</title><style>${style}</style></head>
<body><main><h1>${escapeXml(patient.name)}</h1>${patientPart(view)}${criticalPart(view)}${view.sections
    .map((section) => sectionPart(section, language))
    .join('')}${contactsPart(view)}${visitsPart(view)}</main></body></html>`;
}

function patientPart({ language, patient, madeAt, title, donorCard }: SummaryView): string {
  const rows: [string, string | undefined][] = [
    [labels.born[language], patient.birthDate && writeDate(language, patient.birthDate)],
    [labels.number[language], patient.number],
    [labels.donorCard[language], donorCard && `${donorCard.details} (${labels.own[language]})`],
    [labels.made[language], writeDate(language, madeAt)],
  ];
  const shown = rows.flatMap(([name, value]) =>
    value === undefined ? [] : [`<dt>${escapeXml(name)}</dt><dd>${escapeXml(value)}</dd>`],
  );
  return `<p>${escapeXml(title)}</p><dl>${shown.join('')}</dl>`;
}

function criticalPart({ critical, conflicts, language }: SummaryView): string {
  const groups = critical.map(({ title, items }) => {
    const lines = items.map(({ text, details, since, isActive, isOwn }) => {
      const marks = [
        details,
        since,
        isOwn ? labels.own[language] : undefined,
        isActive ? undefined : labels.ended[language],
      ];
      const words = [text, ...marks.filter((mark) => mark !== undefined && mark !== '')].join('; ');
      return `<li${isActive ? '' : ' class="ended"'}>${escapeXml(words)}</li>`;
    });
    return `<h3>${escapeXml(title)}</h3><ul>${lines.join('')}</ul>`;
  });
  const disagreeing = conflicts.map(({ about }) => `<p>${escapeXml(`${labels.conflict[language]}: ${about}`)}</p>`);
  const body = groups.length === 0 ? `<p>${escapeXml(labels.noCritical[language])}</p>` : groups.join('');
  return `<section class="critical"><h2>${escapeXml(labels.criticalInformation[language])}</h2>${body}${disagreeing.join('')}</section>`;
}

function sectionPart({ title, text, lines, more }: SummaryView['sections'][number], language: Language): string {
  const body = text === undefined ? tableOf(lines, language) : `<p>${escapeXml(text)}</p>`;
  const rest = more > 0 ? `<p>${escapeXml(`${labels.more[language]}: ${more}.`)}</p>` : '';
  return `<section><h2>${escapeXml(title)}</h2>${body}${rest}</section>`;
}

function tableOf(lines: readonly LineView[], language: Language): string {
  const head = [labels.what, labels.details, labels.when].map((label) => `<th scope="col">${label[language]}</th>`);
  const rows = lines.map(({ what, details, when, isOwn }) => {
    const shown = isOwn ? `${what} (${labels.own[language]})` : what;
    return `<tr>${[shown, details, when].map((cell) => `<td>${escapeXml(cell)}</td>`).join('')}</tr>`;
  });
  return `<table><thead><tr>${head.join('')}</tr></thead><tbody>${rows.join('')}</tbody></table>`;
}

function contactsPart({ contacts, language }: SummaryView): string {
  if (contacts.length === 0) return '';
  const rows = contacts.map(
    ({ name, relation, phone }) =>
      `<li>${escapeXml([name, relation, phone ?? ''].filter((one) => one !== '').join('; '))}</li>`,
  );
  return `<section><h2>${escapeXml(labels.contacts[language])}</h2><ul>${rows.join('')}</ul></section>`;
}

function visitsPart({ visits, language }: SummaryView): string {
  if (visits.length === 0) return '';
  return `<section><h2>${escapeXml(labels.visits[language])}</h2>${tableOf(visits, language)}</section>`;
}
