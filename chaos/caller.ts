/** Asks a node through its FHIR API, as a person or a system with a token. */
import type { NodeName } from './topology.ts';

export type Answer = {
  status: number;
  body: Json | undefined;
  /** Of the ETag. */
  versionId: string | undefined;
};

export type Json = { readonly [name: string]: unknown };

export type Ask = (
  method: string,
  path: string,
  body?: object,
  headers?: { readonly [name: string]: string },
) => Promise<Answer>;

export type Caller = {
  node: NodeName;
  who: string;
  ask: Ask;
};

const answerLimitMs = 30_000;

/** Rejects when no answer came: whether it was done is not known then. */
export function createCaller(node: NodeName, who: string, url: string, token: () => string): Caller {
  return {
    node,
    who,
    async ask(method, path, body, headers = {}) {
      const answer = await fetch(`${url}/fhir${path === '' ? '' : `/${path}`}`, {
        method,
        headers: { authorization: `Bearer ${token()}`, 'content-type': 'application/fhir+json', ...headers },
        signal: AbortSignal.timeout(answerLimitMs),
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await answer.text();
      const etag = /"([^"]+)"/.exec(answer.headers.get('etag') ?? '')?.[1];
      return { status: answer.status, body: jsonOf(text), versionId: etag };
    },
  };
}

function jsonOf(text: string): Json | undefined {
  if (text === '') return undefined;
  try {
    return JSON.parse(text) as Json;
  } catch {
    return { text };
  }
}
