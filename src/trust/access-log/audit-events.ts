/** `GET /fhir/AuditEvent`: the log by FHIR's search parameters, newest first, in pages. Read only: the log is written by what happens. */
import { Calendar } from '#fhir/search/calendar.ts';
import type { Resource } from '#fhir/types.ts';
import { Fault } from '#kernel/fault.ts';
import { auditEventOf, numberOfAuditEvent } from './audit-event.ts';
import type { AccessEntry, LoggedEntry } from './entry.ts';
import { organisationsIn, type Names } from './names.ts';
import { cursorOf, placeOf, type LogQuery, type LogReader } from './read.ts';

export type AuditEvents = {
  /**
   * Parameters as they stand in the address: `patient`, `date` (with prefixes, repeated), `agent`, `outcome`, `action`, `_id`, `_count`, `_sort` (`-date` is
   * the only order), and `_cursor`, which the answer's `next` hands out. `among`: the patients whose log may be read; undefined: all.
   * Faults: invalid, for a value or parameter that is not known.
   */
  search(parameters: readonly (readonly [string, string])[], limits: AuditLimits): Promise<AuditPage>;
  /** Faults: notFound. */
  read(id: string, among?: readonly string[]): Promise<{ resource: Resource; patient: string | undefined }>;
};

export type AuditLimits = {
  countDefault: number;
  countMax: number;
  among?: readonly string[];
  /** Without who asked whether there is a summary record, and opened nothing: that is for oversight only. */
  isOpenedOnly?: boolean;
};

export type AuditPage = {
  resources: Resource[];
  /** The patients whose log was read, for the entry that this reading leaves. */
  patients: readonly string[];
  /** The value of `_cursor` for the next page; undefined at the end. */
  next: string | undefined;
};

/** What the CapabilityStatement says. */
export const auditSearchParameters: readonly { name: string; type: string; documentation: string }[] = [
  { name: 'patient', type: 'reference', documentation: 'Whose record was concerned.' },
  { name: 'date', type: 'date', documentation: 'When it was, with eq, ge, gt, le, lt; may be repeated.' },
  { name: 'agent', type: 'reference', documentation: 'Who acted: Practitioner/…, Patient/…, or the name of a system.' },
  { name: 'outcome', type: 'token', documentation: '0 allowed, 4 refused, 8 failed.' },
  { name: 'action', type: 'token', documentation: 'C, R, U, D or E.' },
  { name: '_id', type: 'token', documentation: 'The node and the number of the entry.' },
];

const calendar = new Calendar('Europe/Oslo');
const outcomes: Record<string, AccessEntry['outcome']> = { '0': 'allowed', '4': 'refused', '8': 'failed' };

export function createAuditEvents(reader: LogReader, names: Names, node: string): AuditEvents {
  const complete = async (entries: readonly LoggedEntry[]): Promise<Resource[]> => {
    const known = await names.of(entries.flatMap(({ role }) => organisationsIn(role)));
    return entries.map((entry) => auditEventOf(entry, known));
  };
  return {
    async search(parameters, { countDefault, countMax, ...bounds }) {
      const asked = parseQuery(parameters);
      const count = Math.min(asked.count ?? countDefault, countMax);
      const entries: LoggedEntry[] = [];
      let next: string | undefined;
      if (asked.ids) {
        for (const id of asked.ids) {
          const number = numberOfAuditEvent(id, node);
          const entry = number === undefined ? undefined : await reader.entry(number);
          if (entry && fits(entry, asked.query) && mayRead(entry, bounds)) entries.push(entry);
        }
      } else if (count > 0) {
        for await (const entry of reader.entries(asked.query, asked.after)) {
          if (!mayRead(entry, bounds)) continue;
          if (entries.length === count) {
            next = cursorOf(entries.at(-1) as LoggedEntry);
            break;
          }
          entries.push(entry);
        }
      }
      const patients = new Set(entries.flatMap(({ patient }) => (patient === undefined ? [] : [patient])));
      return { resources: await complete(entries), patients: [...patients], next };
    },
    async read(id, among) {
      const number = numberOfAuditEvent(id, node);
      const entry = number === undefined ? undefined : await reader.entry(number);
      if (!entry || !mayRead(entry, among === undefined ? {} : { among }))
        throw new Fault('notFound', `AuditEvent/${id} is not here.`);
      const [resource] = await complete([entry]);
      return { resource: resource as Resource, patient: entry.patient };
    },
  };
}

function mayRead(
  { patient, action }: LoggedEntry,
  { among, isOpenedOnly = false }: Pick<AuditLimits, 'among' | 'isOpenedOnly'>,
): boolean {
  if (isOpenedOnly && action === 'status') return false;
  return among === undefined || (patient !== undefined && among.includes(patient));
}

function fits(entry: LoggedEntry, { patient, who, from, until, outcomes: wanted }: LogQuery): boolean {
  return (
    (patient === undefined || entry.patient === patient) &&
    (who === undefined || entry.who.reference === who) &&
    (from === undefined || entry.at >= from) &&
    (until === undefined || entry.at < until) &&
    (wanted === undefined || wanted.includes(entry.outcome))
  );
}

type Asked = { query: LogQuery; count?: number; ids?: readonly string[]; after?: { at: number; number: number } };

const readOnly = new Set(['_format', '_pretty', '_total', '_elements', '_summary']);

/** Faults: invalid. */
function parseQuery(parameters: readonly (readonly [string, string])[]): Asked {
  const asked: Asked = { query: {} };
  for (const [name, value] of parameters) {
    if (readOnly.has(name)) continue;
    const take = takers[name];
    if (!take) throw new Fault('invalid', `AuditEvent can not be searched by ${name} here.`);
    take(asked, value);
  }
  return asked;
}

const takers: { readonly [name: string]: (asked: Asked, value: string) => void } = {
  patient: (asked, value) => void (asked.query.patient = idOf('Patient', value)),
  'patient:Patient': (asked, value) => void (asked.query.patient = idOf('Patient', value)),
  agent: (asked, value) => void (asked.query.who = value),
  date: takeDate,
  outcome: (asked, value) => void (asked.query.outcomes = value.split(',').map(outcomeOf)),
  action: (asked, value) => void (asked.query.actions = value.split(',').flatMap(actionsOf)),
  _id: (asked, value) => void (asked.ids = value.split(',').slice(0, 100)),
  _count: (asked, value) => void (asked.count = countOf(value)),
  _cursor: (asked, value) => void (asked.after = placeOf(value)),
  _sort: (_asked, value) => {
    if (value !== '-date') throw new Fault('invalid', 'AuditEvent is sorted by -date: the newest first.');
  },
};

function idOf(type: string, value: string): string {
  const id = value.startsWith(`${type}/`) ? value.slice(type.length + 1) : value;
  if (!/^[A-Za-z0-9.-]{1,64}$/.test(id)) throw new Fault('invalid', `patient must be a reference such as ${type}/123.`);
  return id;
}

function outcomeOf(code: string): AccessEntry['outcome'] {
  const outcome = outcomes[code];
  if (outcome === undefined) throw new Fault('invalid', 'outcome is 0 (allowed), 4 (refused) or 8 (failed).');
  return outcome;
}

const actionsByLetter: Record<string, readonly AccessEntry['action'][]> = {
  C: ['create', 'attest', 'block'],
  R: ['read', 'search', 'history', 'export', 'log-read'],
  U: ['update', 'unblock'],
  D: ['delete'],
  E: ['operation', 'break-glass', 'sign-in', 'sign-out', 'administration', 'status'],
};

function actionsOf(letter: string): readonly AccessEntry['action'][] {
  const found = actionsByLetter[letter];
  if (!found) throw new Fault('invalid', 'action is C, R, U, D or E.');
  return found;
}

function countOf(value: string): number {
  if (!/^\d{1,6}$/.test(value)) throw new Fault('invalid', '_count must be a whole number.');
  return Number(value);
}

/** `ge2026-11-01`, `2026-11`: an instant within it, from it on, before it. */
function takeDate({ query }: Asked, value: string): void {
  const [, prefix = 'eq', text = ''] = /^(eq|ge|gt|le|lt|sa|eb)?(.*)$/.exec(value) ?? [];
  const interval = calendar.parse(text);
  if (!interval)
    throw new Fault('invalid', `date must be a date, with one of eq, ge, gt, le, lt before it: ${value.slice(0, 40)}`);
  const { low, high } = interval;
  if (prefix === 'eq' || prefix === 'ge') query.from = Math.max(query.from ?? low, low);
  if (prefix === 'gt' || prefix === 'sa') query.from = Math.max(query.from ?? high, high);
  if (prefix === 'eq' || prefix === 'le') query.until = Math.min(query.until ?? high, high);
  if (prefix === 'lt' || prefix === 'eb') query.until = Math.min(query.until ?? low, low);
}
