/** The one way in which pages ask the node: the session's cookie goes along, changes carry its token, a refusal becomes words. */
import { currentLanguage } from '../text/texts.ts';

/** The node said no, or can't. `message` is its own words. */
export class Refusal extends Error {
  readonly status: number;
  /** The policy's code, where it was the policy. */
  readonly reason: string | undefined;

  constructor(status: number, message: string, reason?: string) {
    super(message);
    this.name = 'Refusal';
    this.status = status;
    this.reason = reason;
  }
}

export type Ask = {
  method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Sent as JSON; parameters as a form, so that what they say of people stands in no address. */
  body?: unknown;
  /** `if-match`, `if-none-exist` */
  headers?: Readonly<Record<string, string>>;
  csrf?: string;
  signal?: AbortSignal;
};

/** JSON or a form in, JSON out. Throws a Refusal for a status from 400 on. */
export async function askJson<Answer>(
  path: string,
  { method = 'GET', body, headers, csrf, signal }: Ask = {},
): Promise<Answer> {
  const type = path.startsWith('/fhir') ? 'application/fhir+json' : 'application/json';
  const answer = await fetch(path, {
    method,
    credentials: 'same-origin',
    headers: {
      accept: type,
      'accept-language': currentLanguage(),
      ...(body === undefined || body instanceof URLSearchParams ? {} : { 'content-type': type }),
      ...(csrf === undefined ? {} : { 'x-fyr-csrf': csrf }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: body instanceof URLSearchParams ? body : JSON.stringify(body) }),
    ...(signal === undefined ? {} : { signal }),
  });
  const said: unknown = answer.status === 204 ? undefined : await answer.json().catch(() => undefined);
  if (answer.ok) return said as Answer;
  throw new Refusal(answer.status, wordsOf(said) ?? answer.statusText, reasonOf(said));
}

type Said = {
  problem?: string;
  reason?: string;
  issue?: { diagnostics?: string; details?: { coding?: { code?: string }[] } }[];
};

/** The words of a refusal: an OperationOutcome's in the FHIR API, `problem` elsewhere. */
function wordsOf(said: unknown): string | undefined {
  const { problem, issue } = (said ?? {}) as Said;
  return problem ?? issue?.[0]?.diagnostics;
}

function reasonOf(said: unknown): string | undefined {
  const { reason, issue } = (said ?? {}) as Said;
  return reason ?? issue?.[0]?.details?.coding?.[0]?.code;
}
