/** The door: HTTP in, HTTP out. Bytes become a FhirRequest, the answer becomes bytes in the format that the caller accepts. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Fault } from '#kernel/fault.ts';
import { faultOf, logBug, type HttpServer } from '#kernel/http.ts';
import type { Model } from '../definitions/model.ts';
import { parseJson, parseUtf8 } from '../json/index.ts';
import { requestFormat } from '../media/index.ts';
import { outcomeOf, outcomeOfBug } from '../outcome.ts';
import { readXml } from '../xml/index.ts';
import { sendAnswer } from './answer.ts';
import { checkBytes, checkHeldContent } from './held-content.ts';
import { binaryFromBytes } from '../interactions/binary.ts';
import { splitUrl } from '../interactions/bundle-request.ts';
import type { Grant } from '../grant.ts';
import type { FhirAnswer, FhirRequest, Method } from './request.ts';
import type { Dispatch } from './routing.ts';

/** One request that was let in: what it may touch, and the end of it. */
export type Admission = {
  grant: Grant;
  /** Called when the answer (or the refusal) is known, before it leaves: what was seen is then in the access log, or this rejects and nothing leaves. */
  end(outcome: { status: number; fault?: Fault }): Promise<void>;
  /** A refusal as this caller is told it: in their language. */
  told?(fault: Fault): Fault;
};

/** Who stands at the door: finds out who asks, and with what grant. Throws a Fault `unauthenticated` for credentials that are missing or bad. */
export type Doorkeeper = (request: FastifyRequest, asked: Omit<FhirRequest, 'body'>) => Promise<Admission>;

export type FhirRoutesOptions = { dispatch: Dispatch; admit: Doorkeeper; model: Model; baseUrl: string };

/** Registers the FHIR API on the server below `prefix`. */
export async function registerFhir(server: HttpServer, prefix: string, options: FhirRoutesOptions): Promise<void> {
  await server.register(
    async (scope) => {
      scope.removeAllContentTypeParsers();
      scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
      // Before a byte of the body is read: whoever may not come in, makes the node read nothing.
      const entered = new WeakMap<FastifyRequest, Entered>();
      scope.addHook('onRequest', async (request) => {
        const head = headOf(options, prefix, request);
        entered.set(request, { head, admission: await options.admit(request, head) });
      });
      const handler = (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
        const own = entered.get(request) as Entered;
        entered.delete(request);
        return handle(options, own, request, reply);
      };
      for (const url of ['/', '/*']) {
        scope.route({
          method: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE'],
          url,
          exposeHeadRoute: false,
          handler,
        });
      }
      scope.setErrorHandler(async (error, request, reply) => {
        // One that was let in and whose body could not be read ends here.
        await entered.get(request)?.admission.end(outcomeOfError(error));
        return sendRefusal(options, error, request, reply);
      });
    },
    { prefix },
  );
}

/** A request that was let in by its head: address and headers. */
type Entered = { head: Omit<FhirRequest, 'body'>; admission: Admission };

async function handle(
  options: FhirRoutesOptions,
  { head, admission: { grant, end, told } }: Entered,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  let answer: FhirAnswer;
  let fhirRequest: FhirRequest;
  try {
    fhirRequest = withBody(options, head, request.body as Buffer | undefined);
    await checkUpload(request, fhirRequest);
    answer = await options.dispatch(fhirRequest, grant);
  } catch (error) {
    const outcome = outcomeOfError(error);
    await end(outcome);
    throw outcome.fault && told ? told(outcome.fault) : error;
  }
  await end({ status: answer.status });
  return sendAnswer(options, fhirRequest, answer, reply);
}

function outcomeOfError(error: unknown): { status: number; fault?: Fault } {
  const fault = faultOf(error);
  return { status: fault?.status ?? 500, ...(fault ? { fault } : {}) };
}

/** Bytes that come as they are, or within a resource, are what they say they are. */
async function checkUpload({ body: sent, headers }: FastifyRequest, { body }: FhirRequest): Promise<void> {
  if (!Buffer.isBuffer(sent) || sent.length === 0) return;
  if (isFhir(headers['content-type'])) await checkHeldContent(body, sent);
  else if (isBytes(body)) await checkBytes(headers['content-type'], sent);
}

/** A Binary made of the body as it is: forms and patches are none. */
function isBytes(body: unknown): boolean {
  return (body as { resourceType?: unknown } | undefined)?.resourceType === 'Binary';
}

async function sendRefusal(
  options: FhirRoutesOptions,
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const fault = faultOf(error);
  if (!fault) logBug(request.log, request.id, error);
  if (fault?.allow) reply.header('allow', fault.allow.join(', '));
  if (fault?.challenge) reply.header('www-authenticate', fault.challenge);
  if (fault?.kind === 'busy' || fault?.kind === 'unavailable') {
    reply.header('retry-after', String(fault.retryAfterSeconds ?? 5));
  }
  const resource = fault ? outcomeOf(fault) : outcomeOfBug(request.id);
  const parameters = formOf(options, request);
  const asked = { method: 'GET', segments: [], parameters, headers: { accept: request.headers.accept } } as const;
  const answer = { status: fault?.status ?? 500, resource };
  return sendAnswer(options, asked, answer, reply).catch(() => reply.code(answer.status).send(resource));
}

/** What of the address says in which form a refusal goes out: it may be the very thing that was wrong. */
function formOf(options: FhirRoutesOptions, request: FastifyRequest): [string, string][] {
  try {
    const { parameters } = splitUrl(`?${request.url.split('?')[1] ?? ''}`, options.baseUrl);
    return parameters.filter(([name]) => name === '_format' || name === '_pretty');
  } catch {
    return [];
  }
}

function headOf(options: FhirRoutesOptions, prefix: string, request: FastifyRequest): Entered['head'] {
  const method = request.method as Method;
  // A proxy may write the whole address (RFC 9112 §3.2.2).
  const { segments, parameters } = splitUrl(
    request.url.replace(/^https?:\/\/[^/?]*/i, '').slice(prefix.length),
    options.baseUrl,
  );
  return { method, segments, parameters, headers: request.headers as Record<string, string | undefined> };
}

function withBody(options: FhirRoutesOptions, head: Entered['head'], body: Buffer | undefined): FhirRequest {
  const { method, segments, parameters, headers } = head;
  if (body === undefined || body.length === 0) return head;
  refuseEncoded(headers['content-encoding']);
  const contentType = headers['content-type'];
  if (isForm(contentType)) {
    const form = splitUrl(`?${parseUtf8(body)}`, options.baseUrl).parameters;
    return { method, segments, parameters: [...parameters, ...form], headers };
  }
  if (method === 'POST' && segments.at(-1) === '_search') {
    throw new Fault(
      'unsupportedMediaType',
      'A search by POST has its parameters as application/x-www-form-urlencoded.',
    );
  }
  if (segments[0] === 'Binary' && segments.at(-1) !== '_search' && !isFhir(contentType)) {
    const securityContext = headers['x-security-context'];
    return {
      method,
      segments,
      parameters,
      headers,
      body: binaryFromBytes(body, contentType, { id: segments[1], securityContext }),
    };
  }
  return { method, segments, parameters, headers, body: parseBody(options.model, contentType, body) };
}

/** Else a compressed body would be told to be broken text. */
function refuseEncoded(encoding: string | undefined): void {
  if (encoding === undefined || encoding.trim() === '' || encoding.toLowerCase() === 'identity') return;
  throw new Fault('unsupportedMediaType', 'Bodies are taken as they are, without Content-Encoding.');
}

function isForm(contentType: string | undefined): boolean {
  return contentType !== undefined && /^application\/x-www-form-urlencoded\b/i.test(contentType);
}

function isFhir(contentType: string | undefined): boolean {
  return contentType !== undefined && /^(application|text)\/(fhir\+)?(json|xml)\b/i.test(contentType);
}

function parseBody(model: Model, contentType: string | undefined, body: Buffer): unknown {
  const format = requestFormat(contentType);
  const text = parseUtf8(body);
  if (format === 'xml') return readXml(text, model);
  const value = parseJson(text);
  if (typeof value !== 'object' || value === null) throw new Fault('invalid', 'The body must be a JSON object.');
  return value;
}
