/** A page for those who build on the node: what it is, where the API is, the first things to try. In bokmål, nynorsk and English; no script. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Config } from '#kernel/config.ts';
import type { HttpServer } from '#kernel/http.ts';

type Language = 'nb' | 'nn' | 'en';

type Texts = {
  title: string;
  node: string;
  roles: { readonly [role in Config['role']]: string };
  lead: string;
  api: string;
  first: string;
  synthetic: string;
  languages: string;
  tries: [string, string][];
};

const texts: Record<Language, Texts> = {
  nb: {
    title: 'Fyr er tent',
    node: 'Node',
    roles: { region: 'region', site: 'sykehus eller kommune', ward: 'sengepost' },
    lead: 'Dette er en node av Fyr, en åpen helseplattform.',
    api: 'FHIR-grensesnittet er på',
    first: 'Prøv dette først',
    synthetic: 'Alle personer her er syntetiske. Ingen av dem finnes.',
    languages: 'Språk',
    tries: [
      ['metadata', 'Hva noden kan'],
      ['Patient?_count=10', 'Ti innbyggere'],
      ['Patient?name=asvoll', 'Søk på navn'],
      ['Observation?code=NPU27300&_sort=-date&_count=10', 'Siste svar på HbA1c'],
    ],
  },
  nn: {
    title: 'Fyr er tend',
    node: 'Node',
    roles: { region: 'region', site: 'sjukehus eller kommune', ward: 'sengepost' },
    lead: 'Dette er ein node av Fyr, ei open helseplattform.',
    api: 'FHIR-grensesnittet er på',
    first: 'Prøv dette først',
    synthetic: 'Alle personar her er syntetiske. Ingen av dei finst.',
    languages: 'Språk',
    tries: [
      ['metadata', 'Kva noden kan'],
      ['Patient?_count=10', 'Ti innbyggjarar'],
      ['Patient?name=asvoll', 'Søk på namn'],
      ['Observation?code=NPU27300&_sort=-date&_count=10', 'Siste svar på HbA1c'],
    ],
  },
  en: {
    title: 'Fyr is lit',
    node: 'Node',
    roles: { region: 'region', site: 'hospital or municipality', ward: 'ward' },
    lead: 'This is a node of Fyr, an open health platform.',
    api: 'The FHIR API is at',
    first: 'Try this first',
    synthetic: 'Everybody here is synthetic. None of them exists.',
    languages: 'Language',
    tries: [
      ['metadata', 'What the node can do'],
      ['Patient?_count=10', 'Ten residents'],
      ['Patient?name=asvoll', 'Search by name'],
      ['Observation?code=NPU27300&_sort=-date&_count=10', 'Latest HbA1c results'],
    ],
  },
};

const style = `:root{color-scheme:light dark}
body{font:1.125rem/1.5 system-ui,sans-serif;max-width:42rem;margin:0 auto;padding:2rem 1rem;color:#1b1b1b;background:#fff}
h1{font-size:2rem;margin:0 0 .5rem}h2{font-size:1.25rem;margin:2rem 0 .5rem}
a{color:#0b5a9c}a:focus-visible{outline:3px solid #0b5a9c;outline-offset:2px}
code{font-family:ui-monospace,monospace;overflow-wrap:anywhere}li{margin:.5rem 0}
nav ul{display:flex;gap:1rem;list-style:none;padding:0;margin:0 0 2rem}nav a{display:inline-block;padding:.5rem 0}
@media(prefers-color-scheme:dark){body{color:#f1f1f1;background:#16191c}a{color:#8cc4f5}a:focus-visible{outline-color:#8cc4f5}}`;

const names: Record<Language, string> = { nb: 'Bokmål', nn: 'Nynorsk', en: 'English' };

/** `GET /start` in the language of `?lang=`, else of Accept-Language, else bokmål. */
export function registerStartPage(server: HttpServer, { config, version }: { config: Config; version: string }): void {
  server.get('/start.css', (_request, reply) => reply.type('text/css; charset=utf-8').send(style));
  server.get('/start', (request, reply) => sendPage(request, reply, config, version));
}

function sendPage(request: FastifyRequest, reply: FastifyReply, config: Config, version: string): FastifyReply {
  const language = languageOf(request);
  return reply
    .type('text/html; charset=utf-8')
    .header('content-security-policy', "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'")
    .header('x-content-type-options', 'nosniff')
    .header('referrer-policy', 'no-referrer')
    .send(page(language, config, version));
}

function languageOf(request: FastifyRequest): Language {
  const asked = (request.query as Record<string, unknown>)['lang'];
  const wanted = [
    asked,
    ...(request.headers['accept-language'] ?? '').split(',').map((part) => part.trim().slice(0, 2)),
  ];
  for (const one of wanted) {
    if (one === 'no') return 'nb';
    if (one === 'nb' || one === 'nn' || one === 'en') return one;
  }
  return 'nb';
}

function page(language: Language, config: Config, version: string): string {
  const t = texts[language];
  const api = `${config.baseUrl}/fhir`;
  const links = t.tries.map(
    ([path, label]) =>
      `<li><a href="/fhir/${escapeHtml(path)}${path.includes('?') ? '&amp;' : '?'}_pretty=true">${label}</a><br><code>GET /fhir/${escapeHtml(path)}</code></li>`,
  );
  const others = (Object.keys(names) as Language[]).map(
    (code) =>
      `<li><a href="/start?lang=${code}" lang="${code}"${code === language ? ' aria-current="true"' : ''}>${names[code]}</a></li>`,
  );
  return `<!doctype html>
<html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>${t.title} · ${escapeHtml(config.node)}</title><link rel="stylesheet" href="/start.css"></head>
<body><nav aria-label="${t.languages}"><ul>${others.join('')}</ul></nav><main>
<h1>${t.title}</h1>
<p>${t.lead}</p>
<p>${t.node}: <strong>${escapeHtml(config.node)}</strong> (${t.roles[config.role]}) · Fyr ${escapeHtml(version)} · FHIR 4.0.1</p>
<p>${t.api} <a href="/fhir/metadata?_pretty=true"><code>${escapeHtml(api)}</code></a></p>
${config.sampleResidents > 0 ? `<p>${t.synthetic}</p>` : ''}
<h2>${t.first}</h2><ul>${links.join('')}</ul>
</main></body></html>
`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c] as string);
}
