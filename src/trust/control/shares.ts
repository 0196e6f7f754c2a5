/**
 * Citizens share a summary by a code with an end: a Consent of the kind `summary-share` in their record, by the hash of its code. Whoever has the code opens
 * the summary by it (`open-share.ts`) until it ends or is withdrawn.
 */
import { Fault } from '#kernel/fault.ts';
import type { Randomness } from '#kernel/ids.ts';
import type { Resource } from '#fhir/types.ts';
import type { Caller } from '../caller.ts';
import { consentKinds, systems } from '../policy/codes.ts';
import { codesOf, elementOf, elementsOf, referenceOf, textOf } from '../policy/elements.ts';
import { acting, draftOf, ownPatient } from './choose.ts';
import type { NewShareAnswer, ShareAnswer } from './contract.ts';
import { find, readOne, refusingAloud, tellRead, write, type ControlDeps } from './record.ts';
import { shareResource } from './resources.ts';
import { codeLetters, hashOfCode, shareCodeOf } from './share-code.ts';

/** Whose identifiers the hashes of codes are. */
export const shareSystem = 'urn:fyr:share-code';

/** So many that hold at once for one patient: more is a sign that something is wrong. */
const heldMax = 20;
const dayMs = 86_400_000;

export type SharingDeps = ControlDeps & { randomness: Randomness };
export type ShareRequest = { patient?: string | undefined; days: number; note?: string | undefined };

/** The code is told this once. Faults: forbidden, conflict where there are too many already. */
export async function addShare(deps: SharingDeps, caller: Caller, request: ShareRequest): Promise<NewShareAnswer> {
  const told = { action: 'create', patient: request.patient ?? ownPatient(caller), query: 'share a summary' } as const;
  return refusingAloud(deps, caller, told, async () => {
    const { subject, patient, ground } = await acting(deps, caller, request.patient, 'create');
    if ((await sharesOf(deps, patient)).filter((one) => holds(one, deps.clock.now())).length >= heldMax)
      throw new Fault('conflict', `There are ${heldMax} codes already. Withdraw one first.`);
    const code = shareCodeOf(deps.randomness.bytes(codeLetters));
    const draft = draftOf(deps, subject, patient, 'summary-share');
    const made = shareResource({
      ...draft,
      until: draft.from + request.days * dayMs,
      identifier: { system: shareSystem, value: hashOfCode(code) },
      note: request.note,
    });
    await write(deps, caller, { ...told, patient, ground }, [made]);
    return { ...shareAnswer(made, deps.clock.now()), code };
  });
}

/** Those that hold, and those of late that don't any more; newest first. Never the codes. */
export async function listShares(deps: ControlDeps, caller: Caller, named: string | undefined): Promise<ShareAnswer[]> {
  const told = { action: 'search', patient: named ?? ownPatient(caller), query: 'shared summaries' } as const;
  return refusingAloud(deps, caller, told, async () => {
    const { patient, ground } = await acting(deps, caller, named, 'search');
    const shares = await sharesOf(deps, patient);
    await tellRead(
      deps,
      caller,
      { ...told, patient, ground },
      shares.map(({ id }) => ({ patient, name: `Consent/${id}` })),
    );
    return shares.map((one) => shareAnswer(one, deps.clock.now()));
  });
}

/** From when this answers the code opens nothing. Who acts for the patient may withdraw what the patient shared: it closes. Faults: notFound, forbidden. */
export async function withdrawShare(deps: ControlDeps, caller: Caller, id: string): Promise<void> {
  const consent = await readOne(deps, 'Consent', id);
  const patient = referenceOf(consent?.['patient'])?.replace(/^Patient\//, '');
  const told = { action: 'delete', patient, query: 'withdraw a share' } as const;
  await refusingAloud(deps, caller, told, async () => {
    if (consent === undefined || patient === undefined || !isShare(consent) || consent['status'] !== 'active')
      throw new Fault('notFound', 'There is nothing of this kind to withdraw.');
    const { ground } = await acting(deps, caller, patient, 'update');
    await write(deps, caller, { ...told, patient, ground }, [{ ...consent, status: 'inactive' }]);
  });
}

function sharesOf(deps: ControlDeps, patient: string): Promise<Resource[]> {
  return find(deps, 'Consent', [
    ['patient', `Patient/${patient}`],
    ['category', `${systems.consentKind}|${consentKinds.summaryShare}`],
  ]);
}

export function isShare(consent: Resource): boolean {
  return (
    codesOf(consent['category'], systems.consentKind).includes(consentKinds.summaryShare) &&
    elementOf(consent['provision'])['type'] === 'permit'
  );
}

/** One without an end opens nothing. */
export function holds(consent: Resource, now: number): boolean {
  const { start, end } = elementOf(elementOf(consent['provision'])['period']);
  const [from, until] = [Date.parse(textOf(start) ?? ''), Date.parse(textOf(end) ?? '')];
  return isShare(consent) && consent['status'] === 'active' && from <= now && now < until;
}

function shareAnswer(consent: Resource, now: number): ShareAnswer {
  const { start, end } = elementOf(elementOf(consent['provision'])['period']);
  const [note] = elementsOf(consent['extension']).flatMap(({ valueString }) => textOf(valueString) ?? []);
  return {
    id: consent.id ?? '',
    since: textOf(start) ?? '',
    until: textOf(end) ?? '',
    holds: holds(consent, now),
    isWithdrawn: consent['status'] !== 'active',
    ...(note === undefined ? {} : { note }),
  };
}
