/** What the privacy officer has to follow up: broken glasses, and what citizens say is wrong. */
import { Fault } from '#kernel/fault.ts';
import type { Caller } from '../caller.ts';
import { systems, trustCodes } from '../policy/codes.ts';
import type { Ground } from '../policy/decision.ts';
import { isCoded } from '../policy/elements.ts';
import { refusal } from '../policy/refusal.ts';
import type { Interaction } from '../policy/scope.ts';
import type { Personnel } from '../subject.ts';
import type { CaseDates } from '../access-log/index.ts';
import type { CaseAnswer } from './contract.ts';
import { findPage, newId, readOne, requireScope, tell, write, type ControlDeps } from './record.ts';
import { caseAnswer, caseResource, caseStatus, followedUp } from './resources.ts';

const dayMs = 86_400_000;
const ground: Ground = { purpose: 'PRIVACY', ground: 'privacy-case' };
const caseCode = `${systems.trust}|${trustCodes.case}`;

/** What a citizen says is wrong in the log. */
export type WrongAccess = {
  patient: string;
  /** The entry: its AuditEvent id, when, and who it names. */
  entry: { id: string; at: number; reference: string; name: string };
  message: string;
};

/** Opens a case for the privacy officer; gives its id. Who may say so was decided by the caller of this. */
export async function openCase(
  deps: ControlDeps,
  { patient, entry, message }: WrongAccess,
  caller: Caller,
): Promise<string> {
  const now = deps.clock.now();
  const { followUpDays } = deps.policy.moment().settings;
  const made = caseResource({
    id: newId(deps, 'Basic', patient),
    kind: 'wrong-access',
    patient,
    who: { reference: entry.reference, name: entry.name },
    about: `AuditEvent/${entry.id}`,
    message,
    openedAt: now,
    deadlineAt: now + followUpDays * dayMs,
  });
  const told = {
    action: 'administration',
    patient,
    query: 'open case',
    ground: { purpose: 'SELF', ground: 'own-record' },
  } as const;
  await write(deps, caller, told, [made]);
  return made.id as string;
}

/** Cases by their status, newest first. For the privacy officer only. */
export async function listCases(
  deps: ControlDeps,
  caller: Caller,
  { status, cursor }: { status: 'open' | 'closed'; cursor?: string | undefined },
): Promise<{ cases: CaseAnswer[]; next?: string }> {
  await officer(deps, caller, 'search', 'cases');
  const { found, next } = await findPage(deps, 'Basic', [
    ['code', caseCode],
    ['code', `${caseStatus}|${status}`],
    ...(cursor === undefined ? [] : ([['_cursor', cursor]] as const)),
  ]);
  const now = deps.clock.now();
  for (const one of found) await tellRead(deps, caller, caseAnswer(one, now));
  return { cases: found.map((one) => caseAnswer(one, now)), ...(next === undefined ? {} : { next }) };
}

const casePagesMax = 100;

/** When cases were opened and closed: of all that are open, and those closed since. Who asks for it, its caller decides. Faults: tooCostly, for more than ten thousand. */
export async function caseDatesSince(deps: Pick<ControlDeps, 'context'>, from: number): Promise<CaseDates[]> {
  const dates: CaseDates[] = [];
  for (const more of [
    ['code', `${caseStatus}|open`],
    ['_lastUpdated', `ge${new Date(from).toISOString()}`],
  ] as const) {
    let cursor: string | undefined;
    for (let page = 0; page === 0 || cursor !== undefined; page++) {
      if (page === casePagesMax) throw new Fault('tooCostly', 'There are more cases than can be counted.');
      const asked = cursor === undefined ? [] : [['_cursor', cursor] as const];
      const { found, next } = await findPage(deps, 'Basic', [['code', caseCode], more, ...asked]);
      dates.push(...found.map(datesOf).filter(({ closed }) => (more[0] === 'code') === (closed === undefined)));
      cursor = next;
    }
  }
  return dates;
}

function datesOf(one: Parameters<typeof caseAnswer>[0]): CaseDates {
  const { kind, opened, deadline, followedUp: done } = caseAnswer(one, 0);
  return {
    kind,
    opened: Date.parse(opened),
    deadline: Date.parse(deadline),
    ...(done === undefined ? {} : { closed: Date.parse(done.at) }),
  };
}

/** One case. Faults: `notFound`. */
export async function readCase(deps: ControlDeps, caller: Caller, id: string): Promise<CaseAnswer> {
  await officer(deps, caller, 'read', 'case');
  const answer = caseAnswer(await caseOf(deps, id), deps.clock.now());
  await tellRead(deps, caller, answer);
  return answer;
}

async function caseOf(deps: ControlDeps, id: string): Promise<NonNullable<Awaited<ReturnType<typeof readOne>>>> {
  const found = await readOne(deps, 'Basic', id);
  if (found === undefined || !isCoded(found['code'], systems.trust, trustCodes.case)) {
    throw new Fault('notFound', 'There is no such case.');
  }
  return found;
}

/** Closes a case with what the officer found. Faults: `notFound`; `conflict` when it is closed already. */
export async function followUp(
  deps: ControlDeps,
  caller: Caller,
  id: string,
  { conclusion, text }: { conclusion: string; text: string },
): Promise<CaseAnswer> {
  const subject = await officer(deps, caller, 'update', 'follow-up');
  const one = await caseOf(deps, id);
  const now = deps.clock.now();
  const before = caseAnswer(one, now);
  if (before.status === 'closed') throw new Fault('conflict', 'The case was followed up already.');
  const closed = followedUp(one, { conclusion, text, by: subject.name, at: now });
  await write(deps, caller, { action: 'administration', patient: before.patient, query: 'follow up case', ground }, [
    closed,
  ]);
  return caseAnswer(closed, now);
}

async function officer(deps: ControlDeps, caller: Caller, interaction: Interaction, query: string): Promise<Personnel> {
  const { subject } = caller;
  if (subject.kind === 'personnel' && subject.duty === 'privacyOfficer') {
    if (subject.securityLevel < deps.policy.moment().settings.securityLevel) throw refusal('security-level');
    await requireScope(deps, caller, interaction, { type: 'Basic', patient: undefined });
    return subject;
  }
  await tell(deps, caller, {
    action: 'administration',
    patient: undefined,
    resources: [],
    query,
    ground: undefined,
    reason: 'duty',
  });
  throw refusal('duty');
}

function tellRead(deps: ControlDeps, caller: Caller, { id, patient }: CaseAnswer): Promise<void> {
  return tell(deps, caller, { action: 'read', patient, resources: [`Basic/${id}`], query: 'case', ground });
}
