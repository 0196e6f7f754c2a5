/** $meta, $meta-add, $meta-delete (R4 resource-operations.html): the tags, profiles and security labels of a resource. */
import { Fault } from '#kernel/fault.ts';
import type { RequestContext } from '../context.ts';
import type { FhirAnswer } from '../http/request.ts';
import { parseJson } from '../json/index.ts';
import { readCurrent } from '../record/reading.ts';
import type { StoredVersion } from '../record/store.ts';
import type { Coding, Meta, Resource } from '../types.ts';
import { inputsOf, type Operation, type OperationCall } from './operation.ts';

export const meta: Operation = {
  name: 'meta',
  definition: 'http://hl7.org/fhir/OperationDefinition/Resource-meta',
  levels: ['instance'],
  affectsState: false,
  async handle(context, call) {
    const { resource } = await currentOf(context, call);
    return answerWith(resource.meta ?? {});
  },
};

export const metaAdd: Operation = {
  name: 'meta-add',
  definition: 'http://hl7.org/fhir/OperationDefinition/Resource-meta-add',
  levels: ['instance'],
  affectsState: true,
  handle: (context, call) =>
    changeMeta(context, call, (current, sent) => ({
      ...current,
      ...union('profile', current.profile, sent.profile, (a, b) => a === b),
      ...union('tag', current.tag, sent.tag, isSameCoding),
      ...union('security', current.security, sent.security, isSameCoding),
    })),
};

export const metaDelete: Operation = {
  name: 'meta-delete',
  definition: 'http://hl7.org/fhir/OperationDefinition/Resource-meta-delete',
  levels: ['instance'],
  affectsState: true,
  handle: (context, call) =>
    changeMeta(context, call, (current, sent) => ({
      ...current,
      ...difference('profile', current.profile, sent.profile, (a, b) => a === b),
      ...difference('tag', current.tag, sent.tag, isSameCoding),
      ...difference('security', current.security, sent.security, isSameCoding),
    })),
};

function isSameCoding(a: Coding, b: Coding): boolean {
  return a.system === b.system && a.code === b.code;
}

function union<T>(
  name: string,
  ours: T[] = [],
  theirs: T[] = [],
  isSame: (a: T, b: T) => boolean,
): Record<string, T[]> {
  const all = [...ours, ...theirs.filter((t) => !ours.some((o) => isSame(o, t)))];
  return all.length === 0 ? {} : { [name]: all };
}

function difference<T>(
  name: string,
  ours: T[] = [],
  theirs: T[] = [],
  isSame: (a: T, b: T) => boolean,
): Record<string, T[] | undefined> {
  const left = ours.filter((o) => !theirs.some((t) => isSame(o, t)));
  return { [name]: left.length === 0 ? undefined : left };
}

async function changeMeta(
  context: RequestContext,
  call: OperationCall,
  change: (current: Meta, sent: Meta) => object,
): Promise<FhirAnswer> {
  const sent = inputsOf(call).find((i) => i.name === 'meta')?.value;
  if (typeof sent !== 'object' || sent === null) throw new Fault('invalid', 'The parameter meta is missing.');
  const { resource, stored } = await currentOf(context, call);
  const changed = JSON.parse(JSON.stringify(change(resource.meta ?? {}, sent as Meta))) as Meta;
  await context.writer.apply(context.grant, [
    { interaction: 'update', resource: { ...resource, meta: changed }, id: stored.id, ifMatch: stored.versionId },
  ]);
  const { resource: after } = await currentOf(context, call);
  return answerWith(after.meta ?? {});
}

async function currentOf(
  context: Pick<RequestContext, 'db' | 'search' | 'grant'>,
  { type = '', id = '' }: OperationCall,
): Promise<{ resource: Resource; stored: StoredVersion }> {
  const stored = await readCurrent(context, type, id);
  if (!stored?.content) throw new Fault('notFound', `${type}/${id} is not here.`);
  return { resource: parseJson(stored.content) as Resource, stored };
}

function answerWith(value: Meta): FhirAnswer {
  return { status: 200, resource: { resourceType: 'Parameters', parameter: [{ name: 'return', valueMeta: value }] } };
}
