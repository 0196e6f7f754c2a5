/** The pages of signing in. Server-rendered; only keys need a script, and that is an external one. */
import { escapeHtml, pageHeaders, renderPage, type Language } from '../provider/page.ts';
import type { RoleAnswer } from './contract.ts';
import { texts } from './texts.ts';

export type Frame = {
  language: Language;
  /** The page's own path, for the same page in another language. */
  path: string;
};

export const stylePath = '/sign-in/style.css';
export const scriptPath = '/sign-in/keys.js';

const names: { readonly [kind: string]: string } = { helseid: 'HelseID', idporten: 'ID-porten' };

export type IssuerChoice = { name: string; kind: string };

export type SignInPage = Frame & {
  issuers: readonly IssuerChoice[];
  returnTo: string;
  signedInAs: string | undefined;
  isSignedOut: boolean;
  isTrialBearer: boolean;
};

export function signInPage(page: SignInPage): string {
  const { language, issuers, returnTo, signedInAs, isSignedOut, isTrialBearer } = page;
  const t = texts[language];
  const isTrial = issuers.some(({ kind }) => kind === 'embedded');
  const links = issuers.map(({ name, kind }) => {
    const shown = kind === 'embedded' ? t.trial : (names[kind] ?? name);
    const query = new URLSearchParams({ issuer: name, to: returnTo, lang: language });
    return `<li><a href="${escapeHtml(`/sign-in/start?${query}`)}">${escapeHtml(t.with(shown))}</a></li>`;
  });
  return framed(page, t.signIn, [
    isSignedOut ? note(t.signedOut) : '',
    isTrialBearer ? note(t.bearer) : '',
    signedInAs === undefined
      ? ''
      : `<p>${escapeHtml(t.signedInAs(signedInAs))} <a href="${escapeHtml(returnTo)}">${t.goOn}</a> · <a href="/sign-out">${t.signOut}</a></p>`,
    `<p>${isTrial ? t.trialLead : t.lead}</p><ul>${links.join('')}</ul>`,
    isTrial ? '' : `<p><a href="/sign-in/key">${t.keySignIn}</a></p>`,
  ]);
}

export function refusedPage(page: Frame & { isAway: boolean; reason: string }): string {
  const t = texts[page.language];
  const title = page.isAway ? t.away : t.notSignedIn;
  return framed(page, title, [
    page.isAway ? `<p>${t.awayLead}</p>` : `<p lang="en">${escapeHtml(page.reason)}</p>`,
    `<ul><li><a href="/sign-in">${t.tryAgain}</a></li>${page.isAway ? `<li><a href="/sign-in/key">${t.keySignIn}</a></li>` : ''}</ul>`,
  ]);
}

export function signOutPage(page: Frame & { name: string; csrf: string }): string {
  const t = texts[page.language];
  return framed(page, t.signOut, [
    `<p>${escapeHtml(t.signedInAs(page.name))}</p>`,
    `<form method="post" action="/sign-out"><input type="hidden" name="_csrf" value="${escapeHtml(page.csrf)}">`,
    `<div class="actions"><button class="main">${t.signOutHere}</button> <button class="other" name="everywhere" value="1">${t.signOutEverywhere}</button></div>`,
    `<p>${t.signOutAsk}</p></form>`,
  ]);
}

export function rolePage(page: Frame & { roles: readonly RoleAnswer[]; csrf: string; returnTo: string }): string {
  const t = texts[page.language];
  const choices = page.roles.map(
    (role) =>
      `<li><button name="practitionerRole" value="${escapeHtml(role.practitionerRole)}"><strong>${escapeHtml(
        role.title === '' ? (t.duties[role.duty] ?? role.duty) : role.title,
      )}</strong> ${escapeHtml(role.organisations.join(', '))}</button></li>`,
  );
  return framed(page, t.chooseRole, [
    `<p>${t.chooseLead}</p><form method="post" action="/sign-in/role">`,
    `<input type="hidden" name="_csrf" value="${escapeHtml(page.csrf)}"><input type="hidden" name="to" value="${escapeHtml(page.returnTo)}">`,
    `<ul class="people">${choices.join('')}</ul></form>`,
  ]);
}

export type KeyRow = { id: string; name: string; enrolled: number; used: number | null };

export function keysPage(page: Frame & { keys: readonly KeyRow[]; csrf: string }): string {
  const t = texts[page.language];
  const csrf = escapeHtml(page.csrf);
  const rows = page.keys.map(
    ({ id, name, enrolled, used }) =>
      `<li><form method="post" action="/sign-in/keys/remove"><strong>${escapeHtml(name)}</strong> · ${t.enrolled} ${day(enrolled)} · ${t.used} ${
        used === null ? t.never : day(used)
      } <input type="hidden" name="_csrf" value="${csrf}"><button class="other" name="id" value="${escapeHtml(id)}">${escapeHtml(t.keyRemove(name))}</button></form></li>`,
  );
  return framed(page, t.keys, [
    `<p>${t.keysLead}</p>`,
    rows.length === 0 ? `<p>${t.keysNone}</p>` : `<ul>${rows.join('')}</ul>`,
    `<form id="enrol" data-csrf="${csrf}"><label for="name">${t.keyName}</label><input type="search" id="name" name="name" maxlength="60" required>`,
    `<div class="actions"><button class="main">${t.keyAdd}</button></div></form>`,
    spoken(t),
  ]);
}

export function keySignInPage(page: Frame & { returnTo: string }): string {
  const t = texts[page.language];
  return framed(page, t.keySignIn, [
    `<p>${t.keySignInLead}</p>`,
    `<form id="use" data-to="${escapeHtml(page.returnTo)}"><div class="actions"><button class="main">${t.keyUse}</button></div></form>`,
    spoken(t),
  ]);
}

/** What the script says, where a screen reader hears it. */
function spoken(t: (typeof texts)[Language]): string {
  return `<p id="said" role="status" data-failed="${escapeHtml(t.keyFailed)}"></p><noscript><p>${t.needsScript}</p></noscript><script src="${scriptPath}" defer></script>`;
}

function note(text: string): string {
  return `<p class="note">${escapeHtml(text)}</p>`;
}

function day(ms: number): string {
  const date = new Date(ms).toISOString().slice(0, 10);
  return `<time datetime="${date}">${date}</time>`;
}

function framed({ language, path }: Frame, title: string, parts: readonly string[]): string {
  const inLanguage = (code: Language): string => `${path}${path.includes('?') ? '&' : '?'}lang=${code}`;
  return renderPage({ language, title, body: `<h1>${title}</h1>\n${parts.join('\n')}`, style: stylePath, inLanguage });
}

/** @param formTargets origins that an answer to a form may send on to */
export function signInHeaders(formTargets: readonly string[] = []): Record<string, string> {
  const headers = pageHeaders(formTargets);
  const policy = `${headers['content-security-policy']}; script-src 'self'; connect-src 'self'`;
  return { ...headers, 'content-security-policy': policy };
}
