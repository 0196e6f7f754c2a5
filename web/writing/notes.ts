/** Notes, which are written, signed and amended; and tasks. */
import type { DocumentReference, Task } from 'fhir/r4';
import { instantOf, typedOf } from '../text/typed-time.ts';
import { cosignCode, withoutCosignatures } from '../record/cosign.ts';
import { partyIn, partyValue } from '../record/party.ts';
import { noteTextOf } from '../record/notes.ts';
import { volven } from './coded.ts';
import type { Context, FormKind, Values } from './form-kind.ts';
import { isoOf } from './vitals.ts';

/** Kinds of notes with their codes of 9602. */
const noteCodes: Readonly<Record<string, { code: string; display: string }>> = {
  progress: { code: 'B02-2', display: 'Journalnotat' },
  admission: { code: 'B02-2', display: 'Journalnotat' },
  nursing: { code: 'B02-2', display: 'Journalnotat' },
  outpatient: { code: 'B03-2', display: 'Poliklinisk notat' },
  telephone: { code: 'B02-2', display: 'Journalnotat' },
};
export const noteKinds = Object.keys(noteCodes);
const ownKinds = 'urn:fyr:code-system:note-kind';

export const note: FormKind = {
  name: 'note',
  fields: [
    { name: 'note-kind', kind: 'select', options: noteKinds, isRequired: true },
    { name: 'title', kind: 'words', max: 120, isRequired: true },
    { name: 'at', kind: 'when', isRequired: true },
    { name: 'text', kind: 'text', max: 20_000, lines: 12, isRequired: true },
    { name: 'cosigner', kind: 'party', from: 'colleagues', isAid: true, isOnlyNew: true },
  ],
  empty: (now) => ({ 'note-kind': 'progress', at: typedOf(now) }),
  problems: ({ at = '' }) => ((instantOf(at) ?? 0) > Date.now() + 5 * 60_000 ? { at: 'in-future' } : {}) as Values,
  resources: (values, { subject, author, encounter, first, now }) => [
    writeNote(
      {
        resourceType: 'DocumentReference',
        status: 'current',
        subject,
        author: [author],
        ...(encounter ? { context: { encounter: [encounter] } } : {}),
        content: [],
      },
      values,
      author,
    ),
    ...askToCosign(values, { subject, author, first, now }),
  ],
  change: {
    type: 'DocumentReference',
    read: (resource) => readNote(resource as DocumentReference),
    write: (resource, values, { author }) => writeNote(resource as DocumentReference, values, author),
  },
  ways: [
    { name: 'save-unsigned', adds: { signed: '' } },
    { name: 'sign', adds: { signed: 'yes' } },
  ],
  seenOn: 'documents',
};

/** Who is asked to stand behind a note with its author finds the task in the inbox. */
function askToCosign(
  { cosigner, title = '' }: Values,
  { subject, author, first, now }: Pick<Context, 'subject' | 'author' | 'first' | 'now'>,
): Task[] {
  const owner = partyIn(cosigner);
  if (owner?.reference === undefined) return [];
  return [
    {
      resourceType: 'Task',
      status: 'requested',
      intent: 'order',
      code: cosignCode,
      description: title,
      focus: { reference: first, display: title },
      for: subject,
      authoredOn: now,
      requester: author,
      owner,
    },
  ];
}

function readNote(document: DocumentReference): Values {
  const { type, description, date } = document;
  const kind = type?.coding?.find(({ system }) => system === ownKinds)?.code;
  return {
    'note-kind': kind ?? 'progress',
    title: description ?? '',
    at: date === undefined ? '' : typedOf(Date.parse(date)),
    text: noteTextOf(document) ?? '',
  };
}

function writeNote(
  before: DocumentReference,
  values: Values,
  author: { reference?: string | undefined },
): DocumentReference {
  const { 'note-kind': kind = '', title = '', at, text = '', signed } = values;
  const wasSigned = before.docStatus === 'final' || before.docStatus === 'amended';
  const date = isoOf(at) ?? before.date;
  // Who co-signed did so under what stood there then.
  const { authenticator: _, ...rest } = withoutCosignatures(before);
  const bytes = new TextEncoder().encode(text);
  return {
    ...rest,
    docStatus: signed !== 'yes' ? 'preliminary' : wasSigned ? 'amended' : 'final',
    type: {
      coding: [
        { system: volven('9602'), ...noteCodes[kind] },
        { system: ownKinds, code: kind },
      ],
      text: title,
    },
    ...(date === undefined ? {} : { date }),
    description: title,
    ...(signed === 'yes' ? { authenticator: author } : {}),
    content: [
      {
        attachment: {
          contentType: 'text/plain; charset=utf-8',
          data: btoa(Array.from(bytes, (byte) => String.fromCodePoint(byte)).join('')),
          size: bytes.length,
          title,
          ...(date === undefined ? {} : { creation: date }),
        },
      },
    ],
  };
}

const taskStates = { open: 'requested', begun: 'in-progress', done: 'completed', cancelled: 'cancelled' } as const;

export const task: FormKind = {
  name: 'task',
  fields: [
    { name: 'task', kind: 'words', max: 200, isRequired: true },
    { name: 'priority', kind: 'choice', options: ['routine', 'urgent', 'stat'], isRequired: true },
    { name: 'owner', kind: 'party', from: 'colleagues' },
    { name: 'due', kind: 'when' },
    { name: 'remark', kind: 'text', max: 2000, lines: 2 },
    { name: 'progress', kind: 'choice', options: Object.keys(taskStates), isRequired: true },
  ],
  empty: () => ({ priority: 'routine', progress: 'open' }),
  resources: (values, { subject, author, encounter, now }) => [
    writeTask(
      {
        resourceType: 'Task',
        status: 'requested',
        intent: 'order',
        for: subject,
        authoredOn: now,
        requester: author,
        owner: partyIn(values['owner']) ?? author,
        ...(encounter ? { encounter } : {}),
      },
      values,
      now,
    ),
  ],
  change: {
    type: 'Task',
    read: (resource) => readTask(resource as Task),
    write: (resource, values, { now }) => writeTask(resource as Task, values, now),
  },
  seenOn: '.',
};

function readTask({ owner, code, priority, restriction, note: notes, status }: Task): Values {
  const end = restriction?.period?.end;
  return {
    task: code?.text ?? code?.coding?.[0]?.display ?? '',
    priority: priority === 'asap' ? 'urgent' : (priority ?? 'routine'),
    due: end === undefined ? '' : typedOf(Date.parse(end)),
    remark: notes?.[0]?.text ?? '',
    owner: owner === undefined ? '' : partyValue(owner),
    progress: Object.entries(taskStates).find(([, one]) => one === status)?.[0] ?? 'open',
  };
}

function writeTask(before: Task, values: Values, now: string): Task {
  const { task: what = '', priority, due, remark = '', progress = '' } = values;
  const { restriction: _, note: __, ...rest } = before;
  const end = isoOf(due);
  const owner = partyIn(values['owner']);
  return {
    ...rest,
    status: taskStates[progress as keyof typeof taskStates],
    priority: priority as NonNullable<Task['priority']>,
    code: { ...before.code, text: what },
    ...(owner === undefined ? {} : { owner }),
    ...(end === undefined ? {} : { restriction: { ...before.restriction, period: { end } } }),
    ...(remark === '' ? {} : { note: [{ text: remark }] }),
    lastModified: now,
  };
}
