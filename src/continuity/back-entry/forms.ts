/** What people do with downtime forms: look one up, enter it, compare it, give it up. Load, decide, write. */
import type { FhirContext, Grant } from '#fhir/index.ts';
import { parseJson } from '#fhir/json/index.ts';
import { readCurrent } from '#fhir/record/reading.ts';
import { runSearch } from '#fhir/search/index.ts';
import type { Resource } from '#fhir/types.ts';
import type { Clock } from '#kernel/clock.ts';
import { Fault } from '#kernel/fault.ts';
import type { FormEntry, FormShown } from './contract.ts';
import { nodeOf, readFormCode, scanText } from './form-code.ts';
import {
  eventsOf,
  findForm,
  issueOne,
  listOpenForms,
  markRecorded,
  takeStep,
  type FormRequest,
  type Signature,
  type StoredForm,
} from './form-store.ts';
import { resourcesOf, resourceTypesOf, statedTimes } from './resources.ts';
import { doubleWithinMs, isClosed, isPlausibleTime, judge, refusals, secondPerson, type FormAct } from './rules.ts';

export type FormsDeps = {
  context: Pick<FhirContext, 'db' | 'search' | 'writer'>;
  clock: Clock;
  /** FYR_NODE. */
  node: string;
};

/** Who acts, and what of the record is theirs. */
export type Actor = { by: Signature; grant: Grant };

/** Faults: invalid for what is no code; notFound for what this node has not issued. */
export async function formByCode({ context, node }: FormsDeps, typed: string): Promise<StoredForm> {
  const code = readFormCode(typed);
  if (code === undefined)
    throw new Fault(
      'invalid',
      'This is not the number of a form: a digit or letter is wrong. Look at the sheet again.',
    );
  const issuer = nodeOf(typed);
  const form = issuer === undefined || issuer === node ? await findForm(context.db, code) : undefined;
  if (form !== undefined) return form;
  const where = issuer === undefined ? '' : ` It was issued by the node ${issuer}: enter it there.`;
  throw new Fault('notFound', `The form ${code} was not issued here.${where}`);
}

/** The form with what was done with it. What was entered is shown to those who may read the patient's record. */
export async function lookUp(deps: FormsDeps, actor: Actor, typed: string): Promise<FormShown> {
  const form = await formByCode(deps, typed);
  if (form.entry !== undefined) await mustReach(deps, actor, form.entry.patient);
  return shown(deps, form, { isWhole: true, grant: actor.grant });
}

/** Those that something is still to be done with. Not whose they are, and nothing of what was entered. */
export async function openForms(deps: FormsDeps, ward: string | undefined, count = 100): Promise<FormShown[]> {
  const forms = await listOpenForms(deps.context.db, ward, count);
  const events = await eventsOf(
    deps.context.db,
    forms.map(({ code }) => code),
  );
  return forms.map((form) => {
    const { patient: _, ...view } = outline(deps, form, events.get(form.code) ?? []);
    return view;
  });
}

/** A form for a sheet that has no number of its own: a copy, or a page from a pad. */
export async function issueForm(deps: FormsDeps, actor: Actor, ward: string, request: FormRequest): Promise<FormShown> {
  const location = await readCurrent({ ...deps.context, grant: actor.grant }, 'Location', ward);
  if (location?.content == null) throw new Fault('notFound', `There is no ward Location/${ward}.`);
  if (request.patient !== undefined) await mustReach(deps, actor, request.patient);
  const now = deps.clock.now();
  const at = { ward, day: formDay(now), now, by: actor.by };
  const form = await issueOne(deps.context.db, at, request);
  return shown(deps, form, { isWhole: false, grant: actor.grant });
}

/** What stands on the paper, typed in. Where no second person is needed it is in the record when this resolves. */
export async function enter(deps: FormsDeps, actor: Actor, typed: string, entry: FormEntry): Promise<FormShown> {
  const form = await formByCode(deps, typed);
  step(form, 'enter', actor);
  if (entry.kind !== form.kind) throw new Fault('invalid', `This is a form of the kind ${form.kind}.`);
  if (form.patient !== undefined && form.patient !== entry.patient)
    throw new Fault('conflict', 'Another patient is printed on this form. Look at the sheet again.');
  const now = deps.clock.now();
  if (statedTimes(entry).some((at) => !isPlausibleTime(Date.parse(at), now)))
    throw new Fault('invalid', 'A time on the form lies in the future, or more than a month ago.');
  await mustReach(deps, actor, entry.patient);
  if (entry.kind === 'doses') await refuseDouble(deps, actor, entry);
  const { writer } = deps.context;
  const resourceIds = resourceTypesOf(entry).map((type) => writer.newId(type, entry.patient));
  const entered = await takeStep(deps.context.db, form.code, {
    from: form.state,
    to: 'entered',
    event: { what: 'entered', at: now, by: actor.by },
    entry: { content: entry, resourceIds },
  });
  return secondPerson[form.kind].isNeeded ? shown(deps, entered, whole(actor)) : record(deps, actor, entered);
}

const whole = ({ grant }: Actor): { isWhole: true; grant: Grant } => ({ isWhole: true, grant });

/** A second person has the paper before them and says that it is what was entered: now it is in the record. */
export async function verify(deps: FormsDeps, actor: Actor, typed: string): Promise<FormShown> {
  const form = await formByCode(deps, typed);
  if (isHalfDone(form)) return record(deps, actor, form);
  const { state } = step(form, 'verify', actor);
  await mustReach(deps, actor, form.entry?.patient);
  const event = { what: 'verified', at: deps.clock.now(), by: actor.by } as const;
  return record(deps, actor, await takeStep(deps.context.db, form.code, { from: form.state, to: state, event }));
}

/** All is said, and the node was stopped before it was in the record: whoever comes by next ends it. */
const isHalfDone = ({ state, kind, recorded }: StoredForm): boolean =>
  recorded === undefined && (state === 'verified' || (state === 'entered' && !secondPerson[kind].isNeeded));

/** It is not what stands on the paper: to be entered anew. */
export async function reject(deps: FormsDeps, actor: Actor, typed: string, reason: string): Promise<FormShown> {
  const form = await formByCode(deps, typed);
  const { state } = step(form, 'reject', actor);
  await mustReach(deps, actor, form.entry?.patient);
  const event = { what: 'rejected', at: deps.clock.now(), by: actor.by, reason } as const;
  return shown(deps, await takeStep(deps.context.db, form.code, { from: form.state, to: state, event }), whole(actor));
}

/** The sheet was never written on, or can't be found. */
export async function giveUp(
  deps: FormsDeps,
  actor: Actor,
  typed: string,
  { as, reason }: { as: 'unused' | 'lost'; reason: string },
): Promise<FormShown> {
  const form = await formByCode(deps, typed);
  const { state } = step(form, as, actor);
  const event = { what: as, at: deps.clock.now(), by: actor.by, reason };
  const given = await takeStep(deps.context.db, form.code, { from: form.state, to: state, event });
  return shown(deps, given, { isWhole: false, grant: actor.grant });
}

/** The same of many sheets: those of a pack that nobody needed. Nothing is said of any where one can't be given up. */
export async function giveUpMany(
  deps: FormsDeps,
  actor: Actor,
  codes: readonly string[],
  how: { as: 'unused' | 'lost'; reason: string },
): Promise<FormShown[]> {
  for (const typed of codes) step(await formByCode(deps, typed), how.as, actor);
  const given: FormShown[] = [];
  for (const typed of codes) given.push(await giveUp(deps, actor, typed, how));
  return given;
}

/** Writes what was entered. The ids were given when it was entered, so that it may be done again after a crash. */
export async function record(deps: FormsDeps, actor: Actor, form: StoredForm): Promise<FormShown> {
  const { context, node, clock } = deps;
  const { code, entry, entered = 0 } = form;
  step(form, 'record', actor);
  if (entry === undefined) throw new Fault('conflict', refusals['nothing-entered']);
  const events = (await eventsOf(context.db, [code])).get(code) ?? [];
  const last = (what: string): Signature | undefined => events.findLast((event) => event.what === what)?.by;
  const resources = resourcesOf(
    {
      node,
      code,
      entry,
      enteredAt: new Date(entered).toISOString(),
      enteredBy: last('entered') ?? actor.by,
      verifiedBy: form.state === 'verified' ? last('verified') : undefined,
    },
    form.resourceIds,
  );
  const changes = resources.map((resource) => ({
    interaction: 'update' as const,
    resource,
    id: resource.id as string,
  }));
  await context.writer.apply(actor.grant, changes);
  await markRecorded(context.db, code, clock.now(), actor.by);
  return shown(deps, (await findForm(context.db, code)) as StoredForm, whole(actor));
}

function step(form: StoredForm, act: FormAct, { by }: Actor): { state: StoredForm['state'] } {
  const facts = { ...form, isRecorded: form.recorded !== undefined };
  const verdict = judge(act, facts, by.reference);
  if (!verdict.allowed) throw new Fault('conflict', refusals[verdict.reason], { reason: verdict.reason });
  return verdict;
}

/** Throws the policy's refusal where the caller may not read the patient's record. */
async function mustReach({ context }: FormsDeps, { grant }: Actor, patient: string | undefined): Promise<void> {
  if (patient === undefined) return;
  const types = ['Encounter', 'Observation', 'MedicationRequest'];
  const reach = await grant.reach({ by: 'read', patient, isNamed: true, types });
  const found = reach.kind === 'nothing' ? undefined : await readCurrent({ ...context, grant }, 'Patient', patient);
  if (found?.content == null) throw new Fault('notFound', `Patient/${patient} is not here.`);
}

/** A dose of the same order that is in the record near the stated time may be the same one: a person decides. */
async function refuseDouble(
  { context }: FormsDeps,
  { grant }: Actor,
  entry: Extract<FormEntry, { kind: 'doses' }>,
): Promise<void> {
  if (entry.isDouble === true) return;
  for (const row of entry.rows) {
    if (!row.given || row.request === undefined) continue;
    const at = Date.parse(row.at);
    const given = await search({ context }, grant, 'MedicationAdministration', [
      ['patient', `Patient/${entry.patient}`],
      ['request', `MedicationRequest/${row.request}`],
      ['effective-time', `ge${new Date(at - doubleWithinMs).toISOString()}`],
      ['effective-time', `le${new Date(at + doubleWithinMs).toISOString()}`],
    ]);
    const known = given.find(({ status }) => status === 'completed' || status === 'in-progress');
    if (known !== undefined)
      throw new Fault(
        'conflict',
        `${row.medicine} is in the record as given at ${String(known['effectiveDateTime'])}. Is it another dose? Then say so (isDouble).`,
        { reason: 'possible-double' },
      );
  }
}

async function search(
  { context }: Pick<FormsDeps, 'context'>,
  grant: Grant,
  type: string,
  parameters: [string, string][],
): Promise<Resource[]> {
  const query = context.search.parse(type, [...parameters, ['_count', '100']]);
  const { rows } = await runSearch({ ...context, grant }, query);
  return rows.map(({ content }) => parseJson(content) as Resource);
}

async function shown(
  deps: FormsDeps,
  form: StoredForm,
  { isWhole, grant }: { isWhole: boolean; grant: Grant },
): Promise<FormShown> {
  const events = (await eventsOf(deps.context.db, [form.code])).get(form.code) ?? [];
  const view = outline(deps, form, events);
  if (!isWhole) return view;
  if (form.entry !== undefined) return { ...view, entry: form.entry };
  const prefilled = await prefill(deps, form, grant);
  return prefilled === undefined ? view : { ...view, prefilled };
}

function outline({ node, clock }: FormsDeps, form: StoredForm, events: FormShown['events']): FormShown {
  const { code, ward, kind, patient, state, issued, printed, recorded } = form;
  return {
    code,
    scan: scanText(node, code),
    ward,
    kind,
    ...(patient === undefined ? {} : { patient }),
    state,
    isClosed: isClosed({ state, isRecorded: recorded !== undefined }),
    needsSecondPerson: secondPerson[kind].isNeeded,
    ageMinutes: Math.max(0, Math.floor((clock.now() - (printed ?? issued)) / 60_000)),
    ...(printed === undefined ? {} : { printedAt: new Date(printed).toISOString() }),
    events,
  };
}

/** The medicines in use stand on the form of doses, in the order of the paper; the rest begins with the patient. */
async function prefill(deps: FormsDeps, form: StoredForm, grant: Grant): Promise<FormShown['prefilled']> {
  const { kind, patient } = form;
  if (patient === undefined) return undefined;
  await mustReach(deps, { grant, by: { reference: '', name: '' } }, patient);
  if (kind !== 'doses') return { kind, patient } as FormShown['prefilled'];
  const orders = await search(deps, grant, 'MedicationRequest', [
    ['patient', `Patient/${patient}`],
    ['status', 'active'],
    ['category', 'inpatient'],
  ]);
  const rows = orders.map((order) => ({
    request: order.id as string,
    medicine: (order['medicationCodeableConcept'] as { text?: string } | undefined)?.text ?? 'legemiddel',
  }));
  return { kind, patient, rows } as FormShown['prefilled'];
}

/** `YYMMDD` on a Norwegian clock. */
export function formDay(now: number): string {
  const parts = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Oslo', dateStyle: 'short' }).format(now);
  return parts.replaceAll('-', '').slice(2);
}
