/** A summary as PDF: A4, a line a fact, the patient and the page number on every page. */
import PDFDocument from 'pdfkit';
import { readFonts, type Fonts } from '#kernel/fonts.ts';
import type { LineView, SummaryView } from './contract.ts';
import { languageTags, writeDate, type Language } from './languages.ts';
import { labels } from './words.ts';

const margin = 48;
const width = 595.28 - 2 * margin;
const alarm = '#a32a22';
const ink = '#1f2329';
const faint = '#4a4f57';

type Page = { pdf: PDFKit.PDFDocument; language: Language };

/** Reads the letters once, when the first is written. */
export function createPdfWriter(): (view: SummaryView) => Promise<Buffer> {
  let fonts: Fonts | undefined;
  return (view) => writePdf(view, (fonts ??= readFonts()));
}

async function writePdf(view: SummaryView, fonts: Fonts): Promise<Buffer> {
  const { language, patient, title, madeAt } = view;
  const pdf = new PDFDocument({
    size: 'A4',
    margins: { top: margin, bottom: margin + 16, left: margin, right: margin },
    bufferPages: true,
    lang: languageTags[language],
    info: { Title: `${patient.name} – ${title}`, Creator: 'Fyr', CreationDate: new Date(madeAt) },
    tagged: true,
    displayTitle: true,
  });
  pdf.registerFont('regular', fonts.regular);
  pdf.registerFont('bold', fonts.bold);
  const whole = collect(pdf);
  const page: Page = { pdf, language };
  writeHead(page, view);
  writeCritical(page, view);
  for (const section of view.sections) {
    writeTitle(page, section.title);
    if (section.text !== undefined) writeText(page, section.text);
    for (const line of section.lines) writeLine(page, line);
    if (section.more > 0) writeText(page, `${labels.more[language]}: ${section.more}.`);
  }
  if (view.contacts.length > 0) {
    writeTitle(page, labels.contacts[language]);
    for (const { name, relation, phone } of view.contacts) writeFact(page, name, [relation, phone ?? '']);
  }
  if (view.visits.length > 0) {
    writeTitle(page, labels.visits[language]);
    for (const visit of view.visits) writeLine(page, visit);
  }
  writeFeet(page, view);
  pdf.end();
  return whole;
}

function collect(pdf: PDFKit.PDFDocument): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    pdf.on('data', (part: Buffer) => parts.push(part));
    pdf.on('end', () => resolve(Buffer.concat(parts)));
    pdf.on('error', reject);
  });
}

function writeHead({ pdf, language }: Page, { patient, title, madeAt, donorCard }: SummaryView): void {
  pdf.fillColor(ink).font('bold').fontSize(16).text(patient.name);
  const facts = [
    patient.birthDate && `${labels.born[language]} ${writeDate(language, patient.birthDate)}`,
    patient.number && `${labels.number[language]} ${patient.number}`,
    donorCard && `${labels.donorCard[language]}: ${donorCard.details} (${labels.own[language]})`,
    `${labels.made[language]} ${writeDate(language, madeAt)}`,
  ];
  pdf.font('regular').fontSize(10).text(title);
  pdf.text(facts.filter((one) => one !== undefined && one !== '').join('   '));
}

function writeCritical(page: Page, { critical, conflicts }: SummaryView): void {
  const { pdf, language } = page;
  pdf.moveDown(0.6).fillColor(alarm).font('bold').fontSize(12).text(labels.criticalInformation[language]);
  pdf.fillColor(ink);
  if (critical.length === 0) writeText(page, labels.noCritical[language]);
  for (const { title, items } of critical) {
    pdf.font('bold').fontSize(10).text(title);
    for (const { text, details, since, isActive, isOwn } of items) {
      const marks = [details, since ?? '', isOwn ? labels.own[language] : '', isActive ? '' : labels.ended[language]];
      writeFact(page, text, marks);
    }
  }
  for (const { about } of conflicts) writeText(page, `${labels.conflict[language]}: ${about}`);
}

function writeTitle({ pdf }: Page, title: string): void {
  // A title does not stand alone at the foot of a page.
  if (pdf.y > pdf.page.height - margin - 64) pdf.addPage();
  pdf.moveDown(0.6).fillColor(ink).font('bold').fontSize(12).text(title, margin, pdf.y, { width });
}

function writeText({ pdf }: Page, text: string): void {
  pdf.fillColor(ink).font('regular').fontSize(10).text(text, { width });
}

function writeLine(page: Page, { what, details, when, isOwn }: LineView): void {
  writeFact(page, isOwn ? `${what} (${labels.own[page.language]})` : what, [details, when]);
}

function writeFact({ pdf }: Page, what: string, more: readonly string[]): void {
  const rest = more.filter((one) => one !== '').join('; ');
  pdf
    .fillColor(ink)
    .font('bold')
    .fontSize(10)
    .text(what, { width, continued: rest !== '' });
  if (rest !== '') pdf.font('regular').text(`  ${rest}`, { width });
}

function writeFeet({ pdf, language }: Page, { patient }: SummaryView): void {
  const { start, count } = pdf.bufferedPageRange();
  for (let at = start; at < start + count; at++) {
    pdf.switchToPage(at);
    // Below the margin text would begin a page of its own.
    pdf.page.margins.bottom = 0;
    const foot = `${patient.name}   ${patient.number ?? ''}   ${labels.page[language]} ${at - start + 1}/${count}`;
    pdf
      .fillColor(faint)
      .font('regular')
      .fontSize(9)
      .text(foot, margin, pdf.page.height - margin, { width, lineBreak: false });
  }
}
