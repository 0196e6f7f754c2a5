/** Who may read the access log: the patient and who represents her, those who treat her, and, all of it, the privacy officer. */
import type { Elsewhere, Grant } from '#fhir/index.ts';
import { Fault } from '#kernel/fault.ts';
import { auditSearchParameters, type AuditEvents } from './access-log/index.ts';
import type { Caller } from './caller.ts';
import type { Ground } from './policy/decision.ts';
import type { Policy } from './policy/policy.ts';
import { refusal } from './policy/refusal.ts';
import { holdsScope } from './policy/scope.ts';

export type LogReaders = {
  /** Throws a Fault where the caller may not read the log of this patient. */
  mayReadLogOf(caller: Caller, patient: string): Promise<Ground>;
  /** Throws a Fault for all but the privacy officer. */
  mayOversee(caller: Caller): Promise<Ground>;
};

const oversight: Ground = { purpose: 'PRIVACY', ground: 'oversight' };

export function createLogReaders(policy: Pick<Policy, 'of' | 'accessOf' | 'standingOf' | 'moment'>): LogReaders {
  const refuseScopes = async ({ subject }: Caller): Promise<void> => {
    const { scopes } = await policy.standingOf(subject);
    const of = { type: 'AuditEvent', patient: undefined };
    if (!holdsScope(subject, scopes, 'search', of)) throw refusal('scope');
  };
  const mayOversee: LogReaders['mayOversee'] = async (caller) => {
    const { subject } = caller;
    if (!isOverseer(caller)) throw refusal('duty');
    if (subject.kind === 'personnel' && subject.securityLevel < policy.moment().settings.securityLevel)
      throw refusal('security-level');
    await refuseScopes(caller);
    return oversight;
  };
  return {
    mayOversee,
    async mayReadLogOf(caller, patient) {
      if (isOverseer(caller)) return mayOversee(caller);
      const { subject } = caller;
      const question = { by: 'search', patient, isNamed: true, types: ['AuditEvent'] } as const;
      const { reach, groundOf } = await policy.of(caller).reach(question);
      const ground = groundOf(patient);
      // What one may not know of is not there.
      if (reach.kind === 'nothing' || ground === undefined) throw notHere();
      const access = await policy.accessOf(subject, patient);
      // The log tells of every part of a record: it is not for who sees a part of it, but for whose record it is.
      if (access.allowed && access.limits.types !== undefined && ground.purpose !== 'SELF')
        throw refusal(access.limits.typesReason);
      return ground;
    },
  };
}

const notHere = (): Fault => new Fault('notFound', 'This log is not here.');

function isOverseer({ subject }: Caller): boolean {
  return subject.kind === 'personnel' && subject.duty === 'privacyOfficer';
}

/** The log as AuditEvents in the FHIR API. Reading it is an access like others. */
export function auditEventsElsewhere(
  events: AuditEvents,
  readers: () => LogReaders,
  callerOf: (grant: Grant) => Caller | undefined,
  limits: { countDefault: number; countMax: number },
): Elsewhere {
  const callerFor = (grant: Grant): Caller => {
    const caller = callerOf(grant);
    if (caller === undefined) throw new Fault('forbidden', 'The access log is read by people who signed in.');
    return caller;
  };
  /** The one patient whose log is asked for; undefined for all, which is the privacy officer's. */
  const whoseFor = async (grant: Grant, asked: string | undefined): Promise<string | undefined> => {
    const caller = callerFor(grant);
    const { subject } = caller;
    const whose = asked ?? (subject.kind === 'citizen' ? subject.patient : undefined);
    if (isOverseer(caller)) {
      await readers().mayOversee(caller);
      return asked;
    }
    if (whose === undefined) throw new Fault('invalid', 'Name the patient whose log is asked for: patient=…');
    await readers().mayReadLogOf(caller, whose);
    return whose;
  };
  /** Whoever may not read it is told that it is not there, for whichever reason: its number tells of nobody. */
  const mayRead = async (caller: Caller, patient: string | undefined): Promise<boolean> => {
    try {
      if (patient === undefined) await readers().mayOversee(caller);
      else await readers().mayReadLogOf(caller, patient);
      return true;
    } catch (error) {
      if (error instanceof Fault && (error.kind === 'forbidden' || error.kind === 'notFound')) return false;
      throw error;
    }
  };
  return {
    searchParameters: auditSearchParameters,
    async search(grant, parameters) {
      const named = parameters.filter(([name]) => isPatient(name)).map(([, value]) => value.replace(/^Patient\//, ''));
      if (new Set(named).size > 1) throw new Fault('invalid', 'The log is asked for one patient at a time.');
      const whose = await whoseFor(grant, named[0]);
      const others = parameters.filter(([name]) => !isPatient(name));
      const page =
        whose === undefined
          ? await events.search(others, limits)
          : await events.search([['patient', whose], ...others], {
              ...limits,
              among: [whose],
              isOpenedOnly: !isOverseer(callerFor(grant)),
            });
      grant.saw(page.patients.map((patient) => ({ type: 'AuditEvent', id: 'log', patient })));
      return page;
    },
    async read(grant, id) {
      const caller = callerFor(grant);
      const { resource, patient } = await events.read(id);
      if (!(await mayRead(caller, patient))) {
        grant.missed({ type: 'AuditEvent', id, patient });
        return undefined;
      }
      if (patient !== undefined) grant.saw([{ type: 'AuditEvent', id, patient }]);
      return resource;
    },
  };
}

const isPatient = (name: string): boolean => name === 'patient' || name === 'patient:Patient';
