/** The pages that `oidc-provider` shows by itself: what went wrong, signing out. */
import type { KoaContextWithOIDC } from 'oidc-provider';
import { escapeHtml, languageIn, languageOf, pageHeaders, renderPage, type Language } from './page.ts';
import { texts } from './texts.ts';

type Out = { error: string; error_description?: string | undefined };

/** Says in plain words that it can't go on, and the error's own code for who makes the application. */
export function errorPage(ctx: KoaContextWithOIDC, { error, error_description: description }: Out): void {
  const language = languageOfContext(ctx);
  const t = texts[language];
  const isOld = error === 'invalid_request' && /session|expired/.test(description ?? '');
  const detail = `<p><code>${escapeHtml(error)}</code>${description === undefined ? '' : `: <span lang="en">${escapeHtml(description)}</span>`}</p>`;
  const body = isOld
    ? `<h1>${t.expired}</h1><p>${t.expiredLead}</p>${detail}`
    : `<h1>${t.wrong}</h1><p>${t.wrongLead}</p>${detail}`;
  send(ctx, language, isOld ? t.expired : t.wrong, body);
}

/** Asks before signing out, so that no other site can do it. `form` is the library's own, with its secret. */
export function signOutPage(ctx: KoaContextWithOIDC, form: string): void {
  const language = languageOfContext(ctx);
  const t = texts[language];
  const buttons = `<div class="actions"><button class="main" type="submit" form="op.logoutForm" value="yes" name="logout">${t.doSignOut}</button>
<button class="other" type="submit" form="op.logoutForm">${t.staySignedIn}</button></div>`;
  const after = ctx.oidc.session?.state?.['postLogoutRedirectUri'];
  send(ctx, language, t.signOut, `<h1>${t.signOut}</h1><p>${t.signOutLead}</p>${form}${buttons}`, after);
}

export function signedOutPage(ctx: KoaContextWithOIDC): void {
  const language = languageOfContext(ctx);
  const t = texts[language];
  send(ctx, language, t.signedOut, `<h1>${t.signedOut}</h1><p>${t.signedOutLead}</p>`);
}

function languageOfContext(ctx: KoaContextWithOIDC): Language {
  return languageOf(languageIn(ctx.get('cookie')), String(ctx.query['ui_locales'] ?? ''), ctx.get('accept-language'));
}

function send(ctx: KoaContextWithOIDC, language: Language, title: string, body: string, after?: unknown): void {
  ctx.set(pageHeaders(typeof after === 'string' ? [new URL(after).origin] : []));
  ctx.body = renderPage({ language, title, body, style: `${new URL(ctx.oidc.issuer).pathname}/style.css` });
}
