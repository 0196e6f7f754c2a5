/** An answer on its way out: format (JSON, XML), `_summary`, `_elements`, `_pretty`, Prefer, ETag, Last-Modified, Location. */
import type { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import type { Model } from '../definitions/model.ts';
import { parseJson, writeJson } from '../json/index.ts';
import { chooseFormat, isPretty, project, projectionOf } from '../media/index.ts';
import { outcome } from '../outcome.ts';
import type { Resource } from '../types.ts';
import { writeXml } from '../xml/index.ts';
import { parameter, preference, type FhirAnswer, type FhirRequest } from './request.ts';

const contentTypes = {
  json: 'application/fhir+json; charset=utf-8',
  xml: 'application/fhir+xml; charset=utf-8',
} as const;

/** Bytes from which compressing is worth its time. */
const compressedFrom = 1024;

type Shown = Pick<FhirAnswer, 'text' | 'bytes' | 'resource'>;

type Options = { model: Model; baseUrl: string };

export async function sendAnswer(
  options: Options,
  request: FhirRequest,
  answer: FhirAnswer,
  reply: FastifyReply,
): Promise<FastifyReply> {
  reply.code(answer.status);
  if (answer.versionId !== undefined) reply.header('etag', `W/"${answer.versionId}"`);
  if (answer.lastModified !== undefined) reply.header('last-modified', new Date(answer.lastModified).toUTCString());
  if (answer.location !== undefined) reply.header('location', `${options.baseUrl}/${answer.location}`);
  if (answer.headers) reply.headers(answer.headers);
  if (answer.status === 204 || answer.status === 304) return reply.send();
  if (answer.raw) return pressed(request, reply.header('content-type', answer.raw.contentType), answer.raw.body);
  const shown = preferred(request, answer);
  if (shown.text === undefined && shown.resource === undefined && shown.bytes === undefined) return reply.send();
  const format = formatOf(request);
  return pressed(
    request,
    reply.header('content-type', contentTypes[format]),
    bodyOf(options.model, request, shown, format),
  );
}

/** Most callers say just this, and it needs no weighing. */
function formatOf(request: FhirRequest): 'json' | 'xml' {
  const accept = request.headers['accept'];
  if (request.parameters.length === 0 && (accept === 'application/fhir+json' || accept === '*/*')) return 'json';
  return chooseFormat({ accept, format: parameter(request, '_format') });
}

/** Compressed where the caller takes that (br, gzip); what is small goes as it is. */
function pressed(request: FhirRequest, reply: FastifyReply, body: string | Buffer | Readable): FastifyReply {
  const isSmall = (typeof body === 'string' || Buffer.isBuffer(body)) && body.length < compressedFrom;
  if (isSmall || request.headers['accept-encoding'] === undefined || reply.hasHeader('content-encoding'))
    return reply.send(body);
  reply.compress(body);
  return reply;
}

/** What `Prefer: return=` leaves of the answer to a write (R4 http.html#ops). */
function preferred(request: FhirRequest, answer: FhirAnswer): Shown {
  const isWrite = answer.location !== undefined && answer.status < 300;
  const wanted = isWrite ? preference(request, 'return') : undefined;
  if (wanted === 'minimal') return {};
  if (wanted !== 'OperationOutcome') return answer;
  const warnings = answer.warnings ?? [];
  return {
    resource: outcome(
      warnings.length > 0
        ? warnings
        : [{ severity: 'information', code: 'informational', diagnostics: 'Written, without remarks.' }],
    ),
  };
}

/** The stored text goes out as it is, unless the caller wants another format or a part of it. */
function bodyOf(model: Model, request: FhirRequest, answer: Shown, format: 'json' | 'xml'): string | Buffer {
  const projection = projectionOf(request.parameters);
  const pretty = isPretty(request.parameters);
  const stored = answer.bytes ?? answer.text;
  if (stored !== undefined && format === 'json' && projection === undefined && !pretty) return stored;
  const whole = (answer.resource ?? parseJson(String(stored))) as Resource;
  const resource = projection === undefined ? whole : projectAll(whole, projection, model);
  return format === 'xml' ? writeXml(resource, model, pretty) : writeJson(resource, pretty);
}

type Projection = NonNullable<ReturnType<typeof projectionOf>>;

/** A search's or history's Bundle stays whole; its entries are projected. */
function projectAll(resource: Resource, projection: Projection, model: Model): Resource {
  if (resource.resourceType === 'OperationOutcome') return resource;
  if (resource.resourceType !== 'Bundle') return project(resource, projection, model);
  const entries = (resource['entry'] ?? []) as { resource?: Resource; search?: { mode: string } }[];
  return {
    ...resource,
    ...(entries.length === 0
      ? {}
      : {
          entry: entries.map((entry) =>
            entry.resource === undefined
              ? entry
              : { ...entry, resource: projectAll(entry.resource, projection, model) },
          ),
        }),
  };
}
