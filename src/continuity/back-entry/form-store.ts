/** Downtime forms as they are kept: numbers given out, what became of each sheet. All of it this node's own. */
import type { Db } from '#kernel/db.ts';
import { Fault } from '#kernel/fault.ts';
import type { FormEntry, FormEvent, FormKind, FormState } from './contract.ts';
import { formCode, markLetters, numbersMax } from './form-code.ts';

export type Signature = { reference: string; name: string };

export type StoredForm = {
  code: string;
  ward: string;
  kind: FormKind;
  patient: string | undefined;
  state: FormState;
  /** Milliseconds since 1970. */
  issued: number;
  printed: number | undefined;
  entry: FormEntry | undefined;
  enteredBy: string | undefined;
  entered: number | undefined;
  resourceIds: readonly string[];
  recorded: number | undefined;
};

type Row = {
  code: string;
  ward: string;
  kind: FormKind;
  patient: string | null;
  state: FormState;
  issued: number;
  printed: number | null;
  entry: string | null;
  entered_by: string | null;
  entered: number | null;
  resource_ids: string[] | null;
  recorded: number | null;
};

export type FormRequest = { kind: FormKind; patient?: string };

const formOf = (row: Row): StoredForm => ({
  code: row.code,
  ward: row.ward,
  kind: row.kind,
  patient: row.patient ?? undefined,
  state: row.state,
  issued: row.issued,
  printed: row.printed ?? undefined,
  entry: row.entry === null ? undefined : (JSON.parse(row.entry) as FormEntry),
  enteredBy: row.entered_by ?? undefined,
  entered: row.entered ?? undefined,
  resourceIds: row.resource_ids ?? [],
  recorded: row.recorded ?? undefined,
});

/**
 * Forms of a ward for each of the requests: those that were issued before and never printed are taken first, the rest get new numbers.
 * Durable when it resolves. Faults: unavailable where a ward has used up the numbers of a day.
 */
export async function reserveForms(
  db: Db,
  at: { ward: string; day: string; now: number; by: Signature },
  requests: readonly FormRequest[],
): Promise<StoredForm[]> {
  const { ward, day, now, by } = at;
  return db.begin(async (transaction) => {
    const sql = transaction as unknown as Db;
    const mark = await markOf(sql, ward);
    const waiting = await sql<Row[]>`select * from downtime_form
      where ward = ${ward} and state = 'issued' and printed is null order by issued, code`;
    const free = new Map<string, StoredForm[]>();
    for (const form of waiting.map(formOf)) {
      const key = `${form.kind} ${form.patient ?? ''}`;
      free.set(key, [...(free.get(key) ?? []), form]);
    }
    const taken = requests.map((request) => free.get(`${request.kind} ${request.patient ?? ''}`)?.shift());
    const lacking = requests.filter((_, index) => taken[index] === undefined);
    const made = await addForms(sql, { mark, ward, day, now, by }, lacking);
    return taken.map((form) => form ?? (made.shift() as StoredForm));
  });
}

/** A form with a number of its own that leaves the node at once: nobody else gets it. */
export async function issueOne(
  db: Db,
  { ward, day, now, by }: { ward: string; day: string; now: number; by: Signature },
  request: FormRequest,
): Promise<StoredForm> {
  return db.begin(async (transaction) => {
    const sql = transaction as unknown as Db;
    const mark = await markOf(sql, ward);
    const [form] = await addForms(sql, { mark, ward, day, now, by }, [request]);
    const { code } = form as StoredForm;
    const [row] = await sql<
      Row[]
    >`update downtime_form set printed = ${new Date(now)} where code = ${code} returning *`;
    await addEvents(sql, [code], { what: 'printed', at: now, by });
    return formOf(row as Row);
  });
}

/** The row is locked until the transaction ends: forms are issued for a ward by one at a time. */
async function markOf(sql: Db, ward: string): Promise<string> {
  const [known] = await sql<{ mark: string }[]>`select mark from downtime_ward where ward = ${ward} for update`;
  if (known !== undefined) return known.mark;
  const first = [...ward].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % markLetters.length ** 4, 7);
  for (let step = 0; step < markLetters.length ** 4; step++) {
    const mark = lettersOf((first + step) % markLetters.length ** 4);
    await sql`insert into downtime_ward (ward, mark) values (${ward}, ${mark}) on conflict do nothing`;
    const [made] = await sql<{ mark: string }[]>`select mark from downtime_ward where ward = ${ward} for update`;
    if (made !== undefined) return made.mark;
  }
  throw new Fault('unavailable', 'No mark is left for the forms of another ward.');
}

function lettersOf(value: number): string {
  let text = '';
  for (let rest = value, place = 0; place < 4; place++, rest = Math.floor(rest / markLetters.length))
    text = (markLetters[rest % markLetters.length] as string) + text;
  return text;
}

async function addForms(
  sql: Db,
  { mark, ward, day, now, by }: { mark: string; ward: string; day: string; now: number; by: Signature },
  requests: readonly FormRequest[],
): Promise<StoredForm[]> {
  if (requests.length === 0) return [];
  const [found] = await sql<{ last: number }[]>`select last from downtime_number where ward = ${ward} and day = ${day}`;
  const last = found?.last ?? 0;
  if (last + requests.length > numbersMax)
    throw new Fault('unavailable', 'All form numbers of this ward are used for today.');
  await sql`insert into downtime_number (ward, day, last) values (${ward}, ${day}, ${last + requests.length})
    on conflict (ward, day) do update set last = excluded.last`;
  const codes = requests.map((_, index) => formCode({ mark, day, number: last + 1 + index }));
  const rows = await sql<Row[]>`insert into downtime_form (code, ward, kind, patient, state, issued)
    select code, ${ward}, kind, nullif(patient, ''), 'issued', ${new Date(now)}
    from unnest(${codes}::text[], ${requests.map(({ kind }) => kind)}::text[], ${requests.map(({ patient }) => patient ?? '')}::text[])
      as asked (code, kind, patient) returning *`;
  await addEvents(sql, codes, { what: 'issued', at: now, by });
  const byCode = new Map(rows.map((row) => [row.code, formOf(row)]));
  return codes.map((code) => byCode.get(code) as StoredForm);
}

type NewEvent = { what: FormEvent['what']; at: number; by: Signature; reason?: string };

async function addEvents(sql: Db, codes: readonly string[], { what, at, by, reason }: NewEvent): Promise<void> {
  await sql`insert into downtime_form_event (code, number, what, at, by_reference, by_name, reason)
    select code, (select coalesce(max(number), 0) + 1 from downtime_form_event e where e.code = asked.code),
      ${what}, ${new Date(at)}, ${by.reference}, ${by.name}, ${reason ?? null}
    from unnest(${codes as string[]}::text[]) as asked (code)`;
}

/** From now on these sheets may lie anywhere: they are never printed again, and somebody has to say what became of each. */
export async function markPrinted(db: Db, codes: readonly string[], now: number, by: Signature): Promise<void> {
  await db.begin(async (transaction) => {
    const sql = transaction as unknown as Db;
    const marked = await sql<{ code: string }[]>`update downtime_form set printed = ${new Date(now)}
      where code = any(${codes as string[]}::text[]) and printed is null returning code`;
    const printed = marked.map(({ code }) => code);
    if (printed.length > 0) await addEvents(sql, printed, { what: 'printed', at: now, by });
  });
}

/** Sheets that carry the name of one who left, and that never were printed: given up by the node. Those who left are not among `present`. */
export async function giveUpUnprinted(
  db: Db,
  at: { ward: string; before: number; now: number; by: Signature },
  present: readonly string[],
): Promise<void> {
  await db.begin(async (transaction) => {
    const sql = transaction as unknown as Db;
    const given = await sql<{ code: string }[]>`update downtime_form set state = 'unused'
      where ward = ${at.ward} and state = 'issued' and printed is null and issued < ${new Date(at.before)}
        and patient is not null and not patient = any(${present as string[]}::text[]) returning code`;
    const reason = 'the patient has left, and it was not printed by the node';
    const codes = given.map(({ code }) => code);
    if (codes.length > 0) await addEvents(sql, codes, { what: 'unused', at: at.now, by: at.by, reason });
  });
}

export async function findForm(db: Db, code: string): Promise<StoredForm | undefined> {
  const [row] = await db<Row[]>`select * from downtime_form where code = ${code}`;
  return row && formOf(row);
}

/** Those that something is still to be done with, oldest first. Without `ward`: of all wards. */
export async function listOpenForms(db: Db, ward: string | undefined, count: number): Promise<StoredForm[]> {
  const rows = await db<Row[]>`select * from downtime_form
    where recorded is null and state in ('issued', 'entered', 'verified') and (${ward ?? null}::text is null or ward = ${ward ?? null})
    order by (printed is null), coalesce(printed, issued), code limit ${count}`;
  return rows.map(formOf);
}

type EventRow = {
  code: string;
  what: FormEvent['what'];
  at: number;
  by_reference: string;
  by_name: string;
  reason: string | null;
};

export async function eventsOf(db: Db, codes: readonly string[]): Promise<Map<string, FormEvent[]>> {
  const rows = await db<EventRow[]>`select code, what, at, by_reference, by_name, reason from downtime_form_event
    where code = any(${codes as string[]}::text[]) order by code, number`;
  const found = new Map<string, FormEvent[]>();
  for (const { code, what, at, by_reference, by_name, reason } of rows) {
    const by = { reference: by_reference, name: by_name };
    const event = { what, at: new Date(at).toISOString(), by, ...(reason === null ? {} : { reason }) };
    found.set(code, [...(found.get(code) ?? []), event]);
  }
  return found;
}

export type Step = {
  /** The state that it was decided on: where another was quicker, nothing happens. */
  from: FormState;
  to: FormState;
  event: NewEvent;
  entry?: { content: FormEntry; resourceIds: readonly string[] };
};

/** One step of a form, with who took it. Throws a Fault `conflict` when somebody was quicker. */
export async function takeStep(db: Db, code: string, { from, to, event, entry }: Step): Promise<StoredForm> {
  return db.begin(async (transaction) => {
    const sql = transaction as unknown as Db;
    const text = entry === undefined ? null : JSON.stringify(entry.content);
    const isCleared = to !== 'entered' && to !== 'verified';
    const rows = await sql<Row[]>`update downtime_form set state = ${to},
        entry = case when ${isCleared} then null else coalesce(${text}, entry) end,
        entry_patient = case when ${isCleared} then null else coalesce(${entry?.content.patient ?? null}, entry_patient) end,
        entered_by = case when ${isCleared} then null when ${text}::text is null then entered_by else ${event.by.reference} end,
        entered = case when ${isCleared} then null when ${text}::text is null then entered else ${new Date(event.at)}::timestamptz end,
        resource_ids = case when ${isCleared} then null when ${text}::text is null then resource_ids
          else ${(entry?.resourceIds ?? []) as string[]}::text[] end
      where code = ${code} and state = ${from} and recorded is null returning *`;
    const [row] = rows;
    if (row === undefined) throw new Fault('conflict', 'Somebody else changed this form just now. Look at it again.');
    await addEvents(sql, [code], event);
    return formOf(row);
  });
}

/** What was entered is in the record. Saying so twice does no harm. */
export async function markRecorded(db: Db, code: string, now: number, by: Signature): Promise<void> {
  await db.begin(async (transaction) => {
    const sql = transaction as unknown as Db;
    const marked =
      await sql`update downtime_form set recorded = ${new Date(now)} where code = ${code} and recorded is null returning code`;
    if (marked.length > 0) await addEvents(sql, [code], { what: 'recorded', at: now, by });
  });
}
