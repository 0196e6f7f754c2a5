/** Requests to the node above, over TLS with the certificates of the region on both ends. */
import { Agent, request as httpsRequest, type RequestOptions } from 'node:https';
import type { IncomingMessage } from 'node:http';
import { pipeline } from 'node:stream/promises';
import type { TLSSocket } from 'node:tls';
import { Fault } from '#kernel/fault.ts';
import { mutualTlsOptions, type NodeIdentity } from '#trust/authority/mutual-tls.ts';
import type { Answer, Request } from '../protocol/messages.ts';
import { protocols } from '../protocol/serve.ts';
import { decode, encode } from '../wire/codec.ts';
import { pemOf } from './peers.ts';
import { beatReader, type Beat } from './beat.ts';
import { beatMs, mediaType, paths, protocolHeader, silenceMs } from './contract.ts';

export type Transport = {
  /** One message and its answer. Faults: unavailable, for a line that is cut; forbidden, invalid. */
  exchange(request: Request, protocol: number, signal: AbortSignal): Promise<Answer>;
  /** What the node above says as JSON or text. */
  ask(method: 'GET' | 'POST', path: string, body: object | undefined, signal: AbortSignal): Promise<string>;
  /** Sends content, and reads nothing of the answer but that it was taken. */
  put(
    path: string,
    headers: { readonly [name: string]: string },
    content: AsyncIterable<Uint8Array>,
    signal: AbortSignal,
  ): Promise<void>;
  /** Content, as it comes. */
  fetch(path: string, headers: { readonly [name: string]: string }, signal: AbortSignal): Promise<IncomingMessage>;
  /** Hears the node above until the line is cut: fulfilled then. `heard` is called at each sign of life. */
  hear(heard: (beat: Beat) => void, signal: AbortSignal): Promise<void>;
  close(): void;
};

const answerLimitMs = 60_000;
const textBytesMax = 67_108_864;

/** `node`: the name that the certificate up there must have. */
/** @param met is given the certificate of the node above, PEM, at each contact */
export function createTransport(
  url: string,
  node: string,
  identity: NodeIdentity,
  met: (certificate: string) => void = () => {},
): Transport {
  const agent = new Agent({ keepAlive: true, maxSockets: 4, ...mutualTlsOptions(identity), servername: node });
  const { hostname, port } = new URL(url);
  const host = hostname.replace(/^\[|\]$/g, '');
  const common: RequestOptions = { host, port, agent, timeout: answerLimitMs };
  return {
    async exchange(message, protocol, signal) {
      const headers = {
        'content-type': mediaType,
        'content-encoding': 'gzip',
        [protocolHeader]: `${protocols.oldest}-${protocols.newest}`,
      };
      const options = { ...common, method: 'POST', path: paths.exchange, headers, signal };
      const response = await send(options, encode(message, protocol));
      if (response.statusCode !== 200) throw await refusalOf(response);
      return (await decode(response)) as Answer;
    },
    async ask(method, path, body, signal) {
      const headers = body === undefined ? {} : { 'content-type': 'application/json' };
      const text = body === undefined ? undefined : JSON.stringify(body);
      const response = await send({ ...common, method, path, headers, signal }, text);
      if (response.statusCode !== 200) throw await refusalOf(response);
      return textOf(response);
    },
    async put(path, headers, content, signal) {
      const all = { ...headers, 'content-type': 'application/octet-stream' };
      const response = await send({ ...common, method: 'PUT', path, headers: all, signal }, content);
      if (response.statusCode !== 200) throw await refusalOf(response);
      await textOf(response);
    },
    async fetch(path, headers, signal) {
      const response = await send({ ...common, method: 'GET', path, headers: { ...headers }, signal }, undefined);
      if (response.statusCode !== 200) throw await refusalOf(response);
      return response;
    },
    async hear(heard, signal) {
      const response = await send(
        { ...common, timeout: silenceMs, method: 'GET', path: paths.wakes, signal },
        undefined,
      );
      if (response.statusCode !== 200) throw await refusalOf(response);
      response.socket.setTimeout(Math.max(silenceMs, 2 * beatMs), () => response.destroy());
      met(pemOf((response.socket as TLSSocket).getPeerCertificate().raw));
      heard({ isNews: true });
      const read = beatReader();
      for await (const chunk of response) for (const beat of read((chunk as Buffer).toString('latin1'))) heard(beat);
    },
    close: () => agent.destroy(),
  };
}

/** Sends and gives the answer's head. Every failure of the line is a Fault `unavailable`. */
export async function send(
  options: RequestOptions,
  body: string | AsyncIterable<Uint8Array> | undefined,
): Promise<IncomingMessage> {
  const request = httpsRequest(options);
  const answered = new Promise<IncomingMessage>((resolve, reject) => {
    request.on('response', resolve);
    request.on('error', reject);
    request.on('timeout', () => request.destroy(new Error('no answer in time')));
  });
  try {
    if (body === undefined || typeof body === 'string') request.end(body);
    else {
      // An answer that comes early (a refusal) ends the sending.
      const sent = pipeline(body, request);
      sent.catch(() => {});
    }
    return await answered;
  } catch (error) {
    throw lineFault(error);
  }
}

export function lineFault(error: unknown): Fault {
  const { code, message } = error as NodeJS.ErrnoException;
  return new Fault('unavailable', `The node above can not be reached: ${code ?? message}.`, { cause: error });
}

async function refusalOf(response: IncomingMessage): Promise<Fault> {
  const text = await textOf(response).catch(() => '');
  let problem = text.slice(0, 500);
  try {
    problem = String((JSON.parse(text) as { problem?: unknown }).problem ?? problem);
  } catch {
    // Not ours: shown as it is.
  }
  const kinds = { 400: 'invalid', 401: 'forbidden', 403: 'forbidden', 404: 'notFound', 409: 'conflict' } as const;
  const kind = kinds[response.statusCode as keyof typeof kinds] ?? 'unavailable';
  return new Fault(kind, `The node above answers ${response.statusCode}: ${problem}`);
}

export async function textOf(message: AsyncIterable<Uint8Array>, bytesMax = textBytesMax): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of message) {
    bytes += chunk.length;
    if (bytes > bytesMax) throw new Fault('tooLarge', 'That is more than is taken here.');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
