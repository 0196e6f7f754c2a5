/** The frame of the provider's pages: server-rendered, three languages, no script, a static style sheet. */

export type Language = 'nb' | 'nn' | 'en';

export const languageNames: Readonly<Record<Language, string>> = { nb: 'Bokmål', nn: 'Nynorsk', en: 'English' };

/** The first that is spoken here of what was asked for (`?lang=`, `ui_locales`, Accept-Language); else bokmål. */
export function languageOf(...wanted: readonly (string | undefined)[]): Language {
  for (const text of wanted) {
    for (const part of (text ?? '').split(/[,\s]+/)) {
      const code = part.trim().slice(0, 2).toLowerCase();
      if (code === 'no') return 'nb';
      if (code === 'nb' || code === 'nn' || code === 'en') return code;
    }
  }
  return 'nb';
}

const cookieName = 'fyr-oidc-language';

/** Keeps the language from page to page of a sign-in. */
export function languageCookie(language: Language, path: string): string {
  return `${cookieName}=${language}; Path=${path}; HttpOnly; SameSite=Lax`;
}

export function languageIn(cookies: string | undefined): string | undefined {
  return /(?:^|;\s*)fyr-oidc-language=(nb|nn|en)/.exec(cookies ?? '')?.[1];
}

export function escapeHtml(text: string): string {
  return text.replace(
    /[&<>"']/g,
    (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' })[c] ?? c,
  );
}

export type Page = {
  language: Language;
  title: string;
  /** HTML; whoever makes it escapes. */
  body: string;
  /** Path of the style sheet. */
  style: string;
  /** The address in another language; undefined: the choice is not offered. */
  inLanguage?: (language: Language) => string;
};

const choose: Readonly<Record<Language, string>> = { nb: 'Språk', nn: 'Språk', en: 'Language' };

export function renderPage({ language, title, body, style, inLanguage }: Page): string {
  const languages = (Object.keys(languageNames) as Language[]).map((code) => {
    const current = code === language ? ' aria-current="true"' : '';
    return `<li><a href="${escapeHtml(inLanguage?.(code) ?? '')}" lang="${code}" hreflang="${code}"${current}>${languageNames[code]}</a></li>`;
  });
  const choice = inLanguage ? `<nav aria-label="${choose[language]}"><ul>${languages.join('')}</ul></nav>` : '';
  return `<!doctype html>
<html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>${escapeHtml(title)} · Fyr</title><link rel="stylesheet" href="${escapeHtml(style)}"></head>
<body>${choice}<main>
${body}
</main></body></html>
`;
}

/** Nothing but our style; forms go here, and on to where the application waits for the answer. */
export function pageHeaders(formTargets: readonly string[] = []): Record<string, string> {
  const targets = ["'self'", ...formTargets].join(' ');
  return {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': `default-src 'none'; style-src 'self'; form-action ${targets}; base-uri 'none'; frame-ancestors 'none'`,
    'x-content-type-options': 'nosniff',
    // Without any, browsers send forms of our own with `Origin: null`, and ours can't be told from others'.
    'referrer-policy': 'same-origin',
    'cache-control': 'no-store',
  };
}

export const styleSheet = `:root{color-scheme:light dark;--ink:#1b1b1b;--paper:#fff;--line:#6b6b6b;--link:#0b5a9c;--note:#fff4d6;--edge:#8a5a00}
*{box-sizing:border-box}
body{font:1.125rem/1.5 system-ui,sans-serif;max-width:46rem;margin:0 auto;padding:2rem 1rem;color:var(--ink);background:var(--paper)}
h1{font-size:2rem;line-height:1.2;margin:0 0 .5rem}h2{font-size:1.375rem;margin:2rem 0 .5rem}
a{color:var(--link)}a:focus-visible,button:focus-visible,input:focus-visible{outline:3px solid var(--link);outline-offset:2px}
nav ul{display:flex;flex-wrap:wrap;gap:1rem;list-style:none;padding:0;margin:0 0 2rem}nav a{display:inline-block;padding:.5rem 0}
.note{background:var(--note);border-left:.375rem solid var(--edge);padding:.75rem 1rem;margin:1rem 0}
.people{list-style:none;padding:0;margin:0;display:grid;gap:.5rem;grid-template-columns:repeat(auto-fill,minmax(min(18rem,100%),1fr))}
.people button{width:100%;height:100%;text-align:left;padding:.75rem 1rem;font:inherit;color:inherit;background:transparent;border:1px solid var(--line);border-radius:.375rem;cursor:pointer}
.people button:hover{background:var(--note)}.people strong{display:block}
button.main{font:inherit;font-weight:600;padding:.75rem 1.5rem;border:0;border-radius:.375rem;background:var(--link);color:var(--paper);cursor:pointer}
button.other{font:inherit;padding:.75rem 1.5rem;border:1px solid var(--line);border-radius:.375rem;background:transparent;color:inherit;cursor:pointer}
.actions{display:flex;flex-wrap:wrap;gap:1rem;margin:1.5rem 0}
label{display:block;font-weight:600;margin:.5rem 0}
input[type=search]{font:inherit;width:100%;max-width:28rem;padding:.5rem .75rem;border:1px solid var(--line);border-radius:.25rem;color:inherit;background:transparent}
code{overflow-wrap:anywhere}li{margin:.25rem 0}
@media(prefers-color-scheme:dark){:root{--ink:#f1f1f1;--paper:#16191c;--line:#9a9a9a;--link:#8cc4f5;--note:#3a2f12;--edge:#e0b24a}}
`;
