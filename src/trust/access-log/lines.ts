/** Entries as lines of a page: for the patient, and for the privacy officer. Never an identity number; of personnel the name and the profession. */
import { auditEventId } from './audit-event.ts';
import { whoKey } from './canonical.ts';
import type { LineKind, LogLine, OfficerEntry } from './contract.ts';
import type { AccessAction, LoggedEntry } from './entry.ts';
import type { Line } from './fold.ts';
import { actionText, professionWords, whatWords, whyWords, type Language } from './words.ts';

const kinds: { readonly [action in AccessAction]: LineKind } = {
  read: 'read',
  search: 'read',
  history: 'read',
  operation: 'read',
  create: 'write',
  update: 'write',
  delete: 'write',
  export: 'share',
  attest: 'control',
  'break-glass': 'control',
  block: 'control',
  unblock: 'control',
  'sign-in': 'sign-in',
  'sign-out': 'sign-in',
  'log-read': 'log',
  administration: 'control',
  status: 'read',
};

/** Of what kind a line of this action is. */
export const kindOfAction = (action: AccessAction): LineKind => kinds[action];

/** The actions of a kind of line that patients see; of all kinds where none is named. Whether there is a summary record is asked without opening it. */
export function actionsOfKind(kind: LineKind | undefined): AccessAction[] {
  const shown = (Object.keys(kinds) as AccessAction[]).filter((action) => action !== 'status');
  return shown.filter((action) => kind === undefined || kinds[action] === kind);
}

export type Wording = { language: Language; names: ReadonlyMap<string, string> };

/** @param patient whose page it is */
export function lineOf({ entry, last, first, count, types }: Line, wording: Wording, patient: string): LogLine {
  return {
    ...shared(entry, types, wording),
    last: new Date(last).toISOString(),
    first: new Date(first).toISOString(),
    count,
    who: whoIn(entry, patient, wording.language),
  };
}

export function officerEntryOf(entry: LoggedEntry, wording: Wording): OfficerEntry {
  const { who, patient, request, what, ground, attestation, reason, from, at } = entry;
  return {
    ...shared(entry, what.types, wording),
    at: new Date(at).toISOString(),
    ...(patient === undefined ? {} : { patient }),
    request,
    who: {
      ...whoIn(entry, patient, wording.language),
      reference: who.reference,
      ...(who.client === undefined ? {} : { client: who.client }),
    },
    resources: what.resources,
    ...(what.query === undefined ? {} : { query: what.query }),
    ground,
    ...(attestation === undefined ? {} : { attestation }),
    ...(reason === undefined ? {} : { reason }),
    from: { address: from.address },
  };
}

function whoIn({ who }: LoggedEntry, patient: string | undefined, language: Language): LogLine['who'] {
  return {
    key: whoKey(who.reference),
    name: who.name,
    kind: who.kind,
    profession: professionWords(who, language),
    isSelf: patient !== undefined && who.reference === `Patient/${patient}`,
  };
}

function shared(entry: LoggedEntry, types: { [type: string]: number }, { language, names }: Wording) {
  const { action, purpose, outcome, role, node } = entry;
  const unit = (id: string): { id: string; name?: string } => {
    const name = names.get(`Organization/${id}`);
    return name === undefined ? { id } : { id, name };
  };
  return {
    id: auditEventId(entry),
    ...(role ? { organisation: unit(role.pointOfCare) } : {}),
    ...(role?.department === undefined ? {} : { department: unit(role.department) }),
    kind: kinds[action],
    action: { code: action, words: actionText(action, language) },
    what: { types, words: whatWords(types, language) },
    why: { purpose, words: whyWords(entry, language) },
    outcome,
    isEmergency: purpose === 'BTG' || purpose === 'ETREAT',
    isOffline: entry.isOffline === true,
    node,
  };
}
