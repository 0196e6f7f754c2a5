/** The pages as this node serves them: static files that were built at the start (`bin/pages.mjs`), nothing from outside. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { HttpServer } from '#kernel/http.ts';
import { Fault } from '#kernel/fault.ts';
import { pagePolicy } from '#kernel/http-security.ts';

const folder = join(import.meta.dirname, '../var/web');
const yearSeconds = 31_536_000;

/** Addresses below these are answered by others, or by nobody: never by a page. */
const notPages = /^\/(fhir|oidc|api|registers|assets|sign-in|sign-out|start|\.well-known)(\/|$)/;

/** The folder of the newest build (`bin/pages.mjs`); undefined where there is none. Later builds don't touch it, so a running node stays whole. */
function newestBuild(): string | undefined {
  if (!existsSync(join(folder, 'built'))) return undefined;
  const files = join(folder, readFileSync(join(folder, 'built'), 'utf8').trim());
  return existsSync(join(files, 'index.html')) ? files : undefined;
}

/** The ward is an application of its own, that starts without the node. */
const wardPages = /^\/ward(\/|$)/;
/** Its service worker fetches from this node, and from nowhere else. */
const workerPolicy = "default-src 'none'; connect-src 'self'";
/** A page may ask for the camera, to read the code on a form; frames may not, and there are none. */
const pagePermissions = 'camera=(self), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()';

/** Every other address is the application's own: it has the one page, and the address is its state. */
export async function registerPages(server: HttpServer): Promise<void> {
  const files = newestBuild();
  if (files === undefined) return;
  await server.register(fastifyStatic, {
    root: files,
    index: false,
    wildcard: false,
    preCompressed: true,
    cacheControl: false,
    setHeaders(reply, path) {
      // Names of assets have a hash of their content. What is sent may be the compressed copy.
      const isHashed = path.includes('/assets/');
      if (/\.html(\.br|\.gz)?$/.test(path)) {
        reply.header('content-security-policy', pagePolicy).header('permissions-policy', pagePermissions);
        // With `no-referrer` a browser sends `Origin: null` with a form, and signing out is such.
        reply.header('referrer-policy', 'same-origin');
      }
      if (/\/ward\/worker\.js(\.br|\.gz)?$/.test(path)) reply.header('content-security-policy', workerPolicy);
      reply.header('cache-control', isHashed ? `public, max-age=${yearSeconds}, immutable` : 'no-cache');
    },
  });
  const page = (_request: FastifyRequest, reply: FastifyReply): FastifyReply => reply.sendFile('index.html');
  server.get('/', page);
  server.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?', 1)[0] ?? '';
    const wantsPage = request.method === 'GET' && (request.headers.accept ?? '').includes('text/html');
    if (wantsPage && wardPages.test(path)) return reply.sendFile('ward/index.html');
    if (wantsPage && !notPages.test(path)) return page(request, reply);
    throw new Fault('notFound', 'There is nothing at this address.');
  });
}
