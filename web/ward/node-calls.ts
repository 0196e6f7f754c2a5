/** How the ward's application asks the node. A node that is gone is an error that is no Refusal, within seconds. */
import type { SessionAnswer } from '#trust/sign-in/contract.ts';
import type {
  CaptureAnswer,
  CaptureRequest,
  DeviceAnswer,
  KnownAnswer,
  WardAnswer,
  WardsAnswer,
} from '#continuity/ward-browser/contract.ts';
import { askJson, type Ask } from '../session/ask.ts';

const patienceMs = 8000;
const longPatienceMs = 30_000;

const within = (ms: number): Pick<Ask, 'signal'> => ({ signal: AbortSignal.timeout(ms) });
const path = (...parts: string[]): string => `/api/ward/${parts.map(encodeURIComponent).join('/')}`;

export type NodeCalls = ReturnType<typeof createNodeCalls>;

/** @param csrf the session's token, as it is when something is changed */
export function createNodeCalls(csrf: () => string | undefined) {
  const change = <Answer>(method: 'POST' | 'PUT', to: string, body: unknown): Promise<Answer> => {
    const token = csrf();
    return askJson<Answer>(to, {
      method,
      body,
      ...(token === undefined ? {} : { csrf: token }),
      ...within(longPatienceMs),
    });
  };
  return {
    session: () => askJson<SessionAnswer>('/api/session', within(patienceMs)),
    wards: () => askJson<WardsAnswer>('/api/ward', within(patienceMs)),
    ward(ward: string, device: string | undefined) {
      const asked = device === undefined ? '' : `?${new URLSearchParams({ device })}`;
      return askJson<WardAnswer>(path(ward) + asked, within(longPatienceMs));
    },
    makeDevice: (ward: string, name: string) => change<DeviceAnswer>('POST', path('devices'), { ward, name }),
    tellWiped: (device: string) => change<object>('POST', path('devices', device, 'wiped'), {}),
    handOver: (id: string, request: CaptureRequest) => change<CaptureAnswer>('PUT', path('captures', id), request),
    known: (ids: readonly string[]) => change<KnownAnswer>('POST', path('captures', 'known'), { ids }),
  };
}
