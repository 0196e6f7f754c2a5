/** What signing in and out leaves in the access log. */
import type { Clock } from '#kernel/clock.ts';
import type { Ids } from '#kernel/ids.ts';
import type { AccessEntry, AccessLog } from '../access-log/entry.ts';
import type { Identity } from './identity.ts';
import type { Found } from './people.ts';

export type SignInEvent = {
  /** `administration`: of one's own keys. */
  action: 'sign-in' | 'sign-out' | 'administration';
  /** Undefined where it was refused before anybody was known. */
  identity: Identity | undefined;
  found?: Found | undefined;
  outcome: 'allowed' | 'refused';
  reason?: string;
  /** How: `issuer:helseid`, `key`, `everywhere` … */
  ground: string;
  address: string;
  session?: string | undefined;
  isOffline?: boolean;
};

export type TellLog = (event: SignInEvent) => Promise<void>;

/** Durable when it resolves; when it can't be logged, nobody is signed in. */
export function createTellLog(deps: { log: Pick<AccessLog, 'append'>; clock: Clock; ids: Pick<Ids, 'uuid'> }): TellLog {
  return async (event) => {
    const { action, outcome, reason, ground, address, session, isOffline } = event;
    const entry: AccessEntry = {
      at: deps.clock.now(),
      action,
      patient: undefined,
      request: deps.ids.uuid(),
      who: whoIn(event),
      what: { types: {}, resources: [] },
      purpose: event.identity?.kind === 'citizen' ? 'SELF' : 'OPERATE',
      ground,
      outcome,
      ...(reason === undefined ? {} : { reason }),
      from: { address, ...(session === undefined ? {} : { session }) },
      ...(isOffline === true ? { isOffline } : {}),
    };
    await deps.log.append([entry]);
  };
}

/** Never an identity number: the log is read by the patient too. */
function whoIn({ identity, found }: SignInEvent): AccessEntry['who'] {
  if (identity === undefined) return { kind: 'nobody', reference: '', name: '' };
  const { kind, client } = identity;
  if (found?.kind === 'personnel') {
    const { practitioner, name, authorisation } = found;
    const code = authorisation === undefined ? {} : { authorisation };
    return { kind, reference: `Practitioner/${practitioner}`, name, client, ...code };
  }
  if (found?.kind === 'citizen') return { kind, reference: `Patient/${found.patient}`, name: found.name, client };
  return {
    kind,
    reference: identity.subject === identity.personNumber ? '' : identity.subject,
    name: identity.name ?? '',
    client,
  };
}
