/**
 * The ward's service worker: the application's own files, so that it starts when the node does not answer. No answer of the node is ever kept here;
 * what a device keeps of patients is encrypted by the page itself.
 */
/// <reference lib="webworker" />

/** Put in when the pages are built (`vite.config.ts`): what the ward's pages are made of. */
declare const __WARD_FILES__: { version: string; files: readonly string[] };

const worker = self as unknown as ServiceWorkerGlobalScope;
const { version, files } = __WARD_FILES__;
const prefix = 'fyr-ward ';
const kept = `${prefix}${version}`;
const shell = '/ward/index.html';

worker.addEventListener('install', (event) => {
  const keep = async (): Promise<void> => {
    const cache = await caches.open(kept);
    await cache.addAll([shell, ...files]);
    await worker.skipWaiting();
  };
  event.waitUntil(keep());
});

worker.addEventListener('activate', (event) => {
  const clean = async (): Promise<void> => {
    const names = await caches.keys();
    await Promise.all(
      names.filter((name) => name.startsWith(prefix) && name !== kept).map((name) => caches.delete(name)),
    );
    await worker.clients.claim();
  };
  event.waitUntil(clean());
});

worker.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== worker.location.origin) return;
  if (request.mode === 'navigate') {
    if (/^\/ward(\/|$)/.test(pathname)) event.respondWith(keptOr(shell, request));
    return;
  }
  if (files.includes(pathname)) event.respondWith(keptOr(pathname, request));
});

async function keptOr(path: string, request: Request): Promise<Response> {
  const cache = await caches.open(kept);
  return (await cache.match(path)) ?? fetch(request);
}
