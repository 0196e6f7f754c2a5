/** The pages of a sign-in: whom to sign in as, which patient, whether an application may act. */
import { escapeHtml, renderPage, type Language } from './page.ts';
import type { PersonaEntry } from './persona.ts';
import { parseScope } from './scopes.ts';
import { texts } from './texts.ts';

export type PersonaChoice = { persona: PersonaEntry; workplace?: string };

export type PatientChoice = {
  /** `Patient/id`, without the type. */
  id: string;
  name: string;
  /** ISO date. */
  birthDate?: string;
};

/** Where a page stands: its own address without a query, the style sheet, the language. */
export type Place = { address: string; style: string; language: Language };

function page(place: Place, title: string, body: string, query = ''): string {
  return renderPage({
    ...place,
    title,
    body,
    inLanguage: (language) => `${place.address}?lang=${language}${query}`,
  });
}

function form({ address, language }: Place, action: string, content: string): string {
  return `<form method="post" action="${escapeHtml(address)}/${action}?lang=${language}">${content}</form>`;
}

function hidden(name: string, value: string): string {
  return `<input type="hidden" name="${name}" value="${escapeHtml(value)}">`;
}

function cancel(place: Place): string {
  return form(place, 'abort', `<button class="other" type="submit">${texts[place.language].cancel}</button>`);
}

/** The people of the trial, one button each, in groups. */
export function signInPage(place: Place, people: readonly PersonaChoice[]): string {
  const t = texts[place.language];
  const group = (kind: PersonaEntry['kind'], title: string): string => {
    const buttons = people
      .filter(({ persona }) => persona.kind === kind)
      .map((one) => `<li>${personButton(place, one)}</li>`);
    return buttons.length === 0
      ? ''
      : `<h2 id="${kind}">${title}</h2><ul class="people" aria-labelledby="${kind}">${buttons.join('')}</ul>`;
  };
  const list =
    people.length === 0
      ? `<p>${t.notLoaded}</p>`
      : form(place, 'sign-in', group('personnel', t.personnel) + group('citizen', t.citizens));
  return page(
    place,
    t.signIn,
    `<h1>${t.signIn}</h1><p class="note">${t.trial}</p>${list}<div class="actions">${cancel(place)}</div>`,
  );
}

function personButton({ language }: Place, { persona, workplace }: PersonaChoice): string {
  const title = persona.title[language];
  // Titles often name the workplace themselves.
  const place = (workplace ?? '').split(', ').filter((part) => !title.toLowerCase().includes(part.toLowerCase()));
  const about = [title, ...place].filter((part) => part !== '').join(', ');
  return `<button type="submit" name="persona" value="${escapeHtml(persona.key)}"><strong>${escapeHtml(persona.name)}</strong> ${escapeHtml(about)}</button>`;
}

export type PatientQuestion = {
  application: string;
  person: PersonaEntry;
  /** What was searched for; undefined: not yet. */
  name: string | undefined;
  patients: readonly PatientChoice[];
};

/** Personnel search by name; citizens choose among themselves and those whom they represent. */
export function patientPage(place: Place, { application, person, name, patients }: PatientQuestion): string {
  const t = texts[place.language];
  const search = `<form method="get" action="${escapeHtml(place.address)}" role="search">${hidden('lang', place.language)}
<label for="name">${t.searchName}</label><input type="search" id="name" name="name" maxlength="100" value="${escapeHtml(name ?? '')}">
<div class="actions"><button class="main" type="submit">${t.search}</button></div></form>`;
  const buttons = patients.map(
    ({ id, name: shown, birthDate }) =>
      `<li><button type="submit" name="patient" value="${escapeHtml(id)}"><strong>${escapeHtml(shown)}</strong> ${birthDate === undefined ? '' : escapeHtml(t.bornOn(birthDate))}</button></li>`,
  );
  const none = person.kind === 'citizen' || name !== undefined ? `<p role="status">${t.noPatients}</p>` : '';
  const list = buttons.length === 0 ? none : form(place, 'patient', `<ul class="people">${buttons.join('')}</ul>`);
  const body = `<h1>${t.choosePatient}</h1><p>${escapeHtml(t.choosePatientLead(application))} ${escapeHtml(t.asPerson(person.name))}</p>
${person.kind === 'personnel' ? search : ''}${list}<div class="actions">${cancel(place)}</div>`;
  return page(place, t.choosePatient, body, name === undefined ? '' : `&name=${encodeURIComponent(name)}`);
}

export type ConsentQuestion = {
  application: string;
  person: PersonaEntry;
  patient: PatientChoice | undefined;
  scopes: readonly string[];
};

/** What a third-party application would be able to do, in words. */
export function consentPage(place: Place, { application, person, patient, scopes }: ConsentQuestion): string {
  const t = texts[place.language];
  const lines = scopes.map((scope) => scopeInWords(scope, place.language)).filter((line) => line !== undefined);
  const body = `<h1>${t.allow}</h1><p>${escapeHtml(t.asPerson(person.name))} ${patient ? escapeHtml(t.aboutPatient(patient.name)) : ''}</p>
<p>${escapeHtml(t.allowLead(application))}</p><ul>${lines.map((line) => `<li>${line}</li>`).join('')}</ul>
<div class="actions">${form(place, 'consent', `<button class="main" type="submit">${t.yes}</button>`)}
${form(place, 'abort', `<button class="other" type="submit">${t.no}</button>`)}</div>`;
  return page(place, t.allow, body);
}

/** HTML; undefined for scopes that need no words of their own. */
function scopeInWords(text: string, language: Language): string | undefined {
  const t = texts[language];
  const scope = parseScope(text);
  if (!scope) return t.plain[text];
  const reads = scope.interactions.some((one) => one === 'r' || one === 's');
  const writes = scope.interactions.some((one) => one === 'c' || one === 'u' || one === 'd');
  const verbs = [reads ? t.scopes.read : '', writes ? t.scopes.write : ''].filter(Boolean).join(', ');
  const what = scope.type === '*' ? t.scopes.all : `<span lang="en">${escapeHtml(scope.type)}</span>`;
  const whose = scope.level === 'patient' ? t.scopes.own : t.scopes.yours;
  const limit = scope.search.map(([name, value]) => `${name} = ${value}`).join(', ');
  return `${verbs} ${what} ${whose}${limit === '' ? '' : ` (${t.scopes.limited}: <code>${escapeHtml(limit)}</code>)`}`;
}
