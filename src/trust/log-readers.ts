/** Who may read the access log: the patient and who represents her, those who treat her, and, all of it, the privacy officer. */
import type { Elsewhere, Grant } from '#fhir/index.ts';
import { Fault } from '#kernel/fault.ts';
import type { AuditEvents } from './access-log/index.ts';
import type { Caller } from './caller.ts';
import type { Ground } from './policy/decision.ts';
import type { Policy } from './policy/policy.ts';
import { refusal } from './policy/refusal.ts';

export type LogReaders = {
  /** Throws a Fault where the caller may not read the log of this patient. */
  mayReadLogOf(caller: Caller, patient: string): Promise<Ground>;
  /** Throws a Fault for all but the privacy officer. */
  mayOversee(caller: Caller): Promise<Ground>;
};

const oversight: Ground = { purpose: 'PRIVACY', ground: 'oversight' };

export function createLogReaders(policy: Pick<Policy, 'of'>): LogReaders {
  return {
    async mayReadLogOf(caller, patient) {
      if (isOverseer(caller)) return oversight;
      const question = { by: 'search', patient, isNamed: true, types: ['AuditEvent'] } as const;
      const { reach, groundOf } = await policy.of(caller).reach(question);
      const ground = groundOf(patient);
      // What one may not know of is not there.
      if (reach.kind === 'nothing' || ground === undefined) throw new Fault('notFound', 'This log is not here.');
      return ground;
    },
    async mayOversee(caller) {
      if (!isOverseer(caller)) throw refusal('duty');
      return oversight;
    },
  };
}

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
  const amongFor = async (grant: Grant, patient: string | undefined): Promise<readonly string[] | undefined> => {
    const caller = callerOf(grant);
    if (caller === undefined) throw new Fault('forbidden', 'The access log is read by people who signed in.');
    if (isOverseer(caller)) return undefined;
    const { subject } = caller;
    const whose = patient ?? (subject.kind === 'citizen' ? subject.patient : undefined);
    if (whose === undefined) throw new Fault('invalid', 'Name the patient whose log is asked for: patient=…');
    await readers().mayReadLogOf(caller, whose);
    return [whose];
  };
  return {
    searchParameters: [
      { name: 'patient', type: 'reference' },
      { name: 'date', type: 'date' },
      { name: 'agent', type: 'reference' },
      { name: 'outcome', type: 'token' },
      { name: 'action', type: 'token' },
    ],
    async search(grant, parameters) {
      const asked = parameters.find(([name]) => name === 'patient')?.[1].replace(/^Patient\//, '');
      const among = await amongFor(grant, asked);
      const page = await events.search(parameters, { ...limits, ...(among === undefined ? {} : { among }) });
      grant.saw(page.patients.map((patient) => ({ type: 'AuditEvent', id: 'log', patient })));
      return page;
    },
    async read(grant, id) {
      const { resource, patient } = await events.read(id);
      if (patient !== undefined) {
        await amongFor(grant, patient);
        grant.saw([{ type: 'AuditEvent', id, patient }]);
      } else await amongFor(grant, undefined);
      return resource;
    },
  };
}
