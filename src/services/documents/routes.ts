/** `/api/documents`: files in, documents out, under the grant of whoever asks. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { FhirContext, RequestContext } from '#fhir/index.ts';
import { writeJson } from '#fhir/json/index.ts';
import { Fault } from '#kernel/fault.ts';
import { faultOf, type HttpServer } from '#kernel/http.ts';
import { parse } from '#kernel/parse.ts';
import { createRequestsAtOnce } from '#kernel/requests-at-once.ts';
import { entering } from '#trust/entered.ts';
import type { Door, Entered } from '#trust/index.ts';
import { changeStatus } from './change-status.ts';
import { readContent, type DocumentContent } from './content.ts';
import * as contract from './contract.ts';
import { findDocuments, readDocument } from './find-documents.ts';
import { takeIn, type IntakeDeps } from './intake.ts';
import { leftOutHeader } from './left-out.ts';
import { readablePolicy } from './reading/html.ts';
import { pageCountOf, pictureOfPage, readablePage } from './reading/text-of.ts';
import { findReading, findText } from './text-store.ts';
import { viewOf } from './view.ts';

export type DocumentRouteDeps = {
  context: FhirContext;
  door: Pick<Door, 'enter'>;
  intake: IntakeDeps;
};

type Asked = { context: RequestContext; caller: Entered['caller']; request: FastifyRequest; id: string };
type Action = 'read' | 'search' | 'create' | 'update';

/** The routes, in a scope of their own: here a body is a file. */
export async function registerDocumentRoutes(server: HttpServer, deps: DocumentRouteDeps): Promise<void> {
  await server.register((scope) => {
    registerReading(scope as unknown as HttpServer, deps);
    registerStatus(scope as unknown as HttpServer, deps);
    return Promise.resolve();
  });
  await server.register((scope) => registerUpload(scope as unknown as HttpServer, deps));
}

/** Files that are held in memory at once while they come in, and how long others wait for that. */
const uploadsMax = 8;
const uploadWaitMs = 60_000;

function registerUpload(server: HttpServer, deps: DocumentRouteDeps): Promise<void> {
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: deps.intake.bytesMax }, (_request, body, done) =>
    done(null, body),
  );
  // Who asks is known before a byte of the file is read.
  const entered = new WeakMap<FastifyRequest, Entered>();
  // The bytes of all others are read when a place is free, so that memory is that of a few files.
  const places = createRequestsAtOnce({ placesMax: uploadsMax, waitMs: uploadWaitMs });
  server.addHook('onRequest', async (request, reply) => {
    reply.raw.once('close', () => places.leave(request));
    entered.set(request, await deps.door.enter(request, { action: 'create', query: 'document upload' }));
    await places.take('upload', request);
  });
  server.setErrorHandler(async (error, request) => {
    const fault = faultOf(error);
    await entered.get(request)?.end({ status: fault?.status ?? 500, ...(fault ? { fault } : {}) });
    throw error;
  });
  server.post('/api/documents', { bodyLimit: deps.intake.bytesMax }, async (request, reply) => {
    const own = entered.get(request) as Entered;
    const metadata = parse(contract.uploadMetadata, metadataOf(request));
    const bytes = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
    const context = { ...deps.context, grant: own.grant };
    const made = await takeIn(context, deps.intake, { metadata, bytes, by: own.caller.subject });
    entered.delete(request);
    await own.end({ status: 201 });
    return sendJson(reply.code(201), made);
  });
  return Promise.resolve();
}

/** JSON in percent-encoding: a header holds no letters beyond ASCII. Faults: invalid. */
function metadataOf({ headers }: FastifyRequest): unknown {
  const header = headers['fyr-document'];
  if (typeof header !== 'string')
    throw new Fault('invalid', 'The header fyr-document tells what is sent: JSON, percent-encoded.');
  try {
    return JSON.parse(decodeURIComponent(header));
  } catch {
    throw new Fault('invalid', 'The header fyr-document is no percent-encoded JSON.');
  }
}

function registerReading(server: HttpServer, deps: DocumentRouteDeps): void {
  const { context, intake } = deps;
  const handle = answering(server, deps);
  handle('GET', '', 'search', async (asked, reply) => {
    const query = parse(contract.documentsQuery, asked.request.query);
    const found = await findDocuments(asked.context, query);
    void reply.header(leftOutHeader, String(found.leftOut));
    return found;
  });
  handle('GET', '/:id', 'read', async (asked) => viewOf(await readDocument(asked.context, asked.id)));
  const contentOf = async (asked: Asked): Promise<DocumentContent & { title: string }> => {
    const document = await readDocument(asked.context, asked.id);
    return { ...(await readContent(asked.context, intake, document)), title: viewOf(document).title };
  };
  handle('GET', '/:id/content', 'read', async (asked, reply) => {
    const { contentType, bytes } = await contentOf(asked);
    const headers = { 'content-disposition': 'attachment', 'content-security-policy': "default-src 'none'; sandbox" };
    return file(reply.headers(headers), contentType, bytes);
  });
  handle('GET', '/:id/readable', 'read', async (asked, reply) => {
    const { kind, bytes, title } = await contentOf(asked);
    if (kind === 'other')
      throw new Fault('notFound', 'This kind of document is not shown. Its content can be fetched.');
    const page = await readablePage(intake.open, { kind, bytes }, title);
    return file(reply.header('content-security-policy', readablePolicy), 'text/html; charset=utf-8', page);
  });
  handle('GET', '/:id/pages', 'read', async (asked): Promise<contract.PagesView> => {
    const { kind, bytes } = await contentOf(asked);
    return { pages: kind === 'other' ? 0 : await pageCountOf(intake.open, { kind, bytes }) };
  });
  handle('GET', '/:id/pages/:n', 'read', async (asked, reply) => {
    const n = numberOf((asked.request.params as { n?: string }).n);
    const { width } = parse(contract.pageQuery, asked.request.query);
    const { kind, bytes } = await contentOf(asked);
    if (kind === 'other') throw new Fault('notFound', 'This document has no pages.');
    const picture = await pictureOfPage(intake.open, { kind, bytes }, n, width);
    return file(reply, kind === 'jpeg' ? 'image/jpeg' : 'image/png', picture);
  });
  handle('GET', '/:id/text', 'read', async (asked): Promise<contract.DocumentTextView> => {
    const bucket = await bucketOfReadable(asked);
    const found = await findText(context.db, bucket, asked.id);
    if (found === undefined) throw new Fault('notFound', 'The text of this document is not read yet.');
    const { text, pages, language, source, confidence, problem } = found;
    return { text, pages, language, source, ...defined({ confidence, problem }) };
  });
  handle('GET', '/:id/reading', 'read', async (asked): Promise<contract.ReadingView> => {
    const found = await findReading(context.db, await bucketOfReadable(asked), asked.id);
    if (found === undefined) return { state: 'none', pagesDone: 0 };
    const { state, pagesDone, pagesTotal, problem } = found;
    return { state, pagesDone, ...defined({ pagesTotal, problem }) };
  });
}

function registerStatus(server: HttpServer, deps: DocumentRouteDeps): void {
  const handle = answering(server, deps);
  const ways = { withdraw: 'entered-in-error', deprecate: 'superseded' } as const;
  for (const way of ['withdraw', 'deprecate'] as const) {
    handle('POST', `/:id/${way}`, 'update', async ({ context, caller, id, request }) => {
      const { reason } = parse(contract.statusRequest, request.body);
      return changeStatus(context, { id, to: ways[way], reason, by: caller.subject });
    });
  }
}

type Work = (asked: Asked, reply: FastifyReply) => Promise<object>;

/** What `file` gives is sent as it is; anything else as JSON. */
class FileAnswer {
  readonly contentType: string;
  readonly body: Buffer | string;
  constructor(contentType: string, body: Buffer | string) {
    this.contentType = contentType;
    this.body = body;
  }
}

function file(reply: FastifyReply, contentType: string, body: Uint8Array | string): FileAnswer {
  void reply.header('x-content-type-options', 'nosniff');
  return new FileAnswer(contentType, typeof body === 'string' ? body : Buffer.from(body));
}

/** An answer leaves when it is in the log; a refusal too. */
function answering(server: HttpServer, { context, door }: DocumentRouteDeps) {
  return (method: 'GET' | 'POST', path: string, action: Action, work: Work): void => {
    server.route({
      method,
      url: `/api/documents${path}`,
      handler: async (request, reply) => {
        const { id = '' } = request.params as { id?: string };
        const answer = await entering(door, request, { action, query: `document${path}` }, ({ caller, grant }) =>
          work({ context: { ...context, grant }, caller, request, id }, reply),
        );
        if (!(answer instanceof FileAnswer)) return sendJson(reply, answer);
        return reply.type(answer.contentType).header('cache-control', 'no-store').send(answer.body);
      },
    });
  };
}

/** Where a document lies that the caller may read. Faults: notFound. */
async function bucketOfReadable({ context, id }: Asked): Promise<number> {
  const document = await readDocument(context, id);
  return document.bucket;
}

function numberOf(text: string | undefined): number {
  if (text === undefined || !/^[1-9]\d{0,4}$/.test(text)) throw new Fault('invalid', 'Pages are numbered from 1.');
  return Number(text);
}

function defined<T extends object>(values: T): { [name in keyof T]?: NonNullable<T[name]> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [name in keyof T]?: NonNullable<T[name]>;
  };
}

function sendJson(reply: FastifyReply, body: object): FastifyReply {
  return reply.type('application/json; charset=utf-8').header('cache-control', 'no-store').send(writeJson(body));
}
