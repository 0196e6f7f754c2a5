/** A SMART application of somebody else, made with `fhirclient` as its makers build it for browsers: two pages and their scripts. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { HttpServer } from '#kernel/http.ts';

/** The one file; the package's other parts are for servers, and are not asked for. */
const library = readFileSync(createRequire(import.meta.url).resolve('fhirclient/build/fhir-client.js'), 'utf8');

const html = (script: string): string =>
  `<!doctype html><html lang="en"><meta charset="utf-8"><title>app</title><script src="/app/fhir-client.js"></script><script defer src="/app/${script}"></script><p id="said">…</p></html>`;

/**
 * Opens `/app/launch.html?client=…&scope=…` (with `iss` and `launch` as an EHR adds them, else it goes to `fhirBase` by itself) and `/app/index.html`.
 * @param work script: with `client`, it gives a promise of the text that the page then says
 */
export function openApplication(server: HttpServer, fhirBase: string, work: string): void {
  const send = (path: string, type: string, text: string): void => {
    const policy = `default-src 'self'; connect-src 'self' ${new URL(fhirBase).origin}`;
    server.get(path, (_request, reply) => reply.type(type).header('content-security-policy', policy).send(text));
  };
  send('/app/launch.html', 'text/html', html('launch.js'));
  send('/app/index.html', 'text/html', html('index.js'));
  send('/app/fhir-client.js', 'text/javascript', library);
  send(
    '/app/launch.js',
    'text/javascript',
    `const asked = new URLSearchParams(location.search);
FHIR.oauth2.authorize({ clientId: asked.get('client'), scope: asked.get('scope'), redirectUri: '/app/index.html',
  ...(asked.has('launch') ? {} : { iss: ${JSON.stringify(fhirBase)} }) })
  .catch((error) => { document.getElementById('said').textContent = 'failed: ' + error.message; });`,
  );
  send(
    '/app/index.js',
    'text/javascript',
    `const say = (text) => { document.getElementById('said').textContent = text; };
Promise.resolve().then(() => FHIR.oauth2.ready()).then(async (client) => say(await (${work})(client)))
  .catch((error) => say('failed: ' + error.message));`,
  );
}
