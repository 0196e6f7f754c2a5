/** $validate (R4 resource-operation-validate.html): the outcome of checking a resource, without writing it. */
import { Fault } from '#kernel/fault.ts';
import { readCurrent } from '../record/reading.ts';
import { parseJson } from '../json/index.ts';
import type { OperationOutcomeIssue, Resource } from '../types.ts';
import type { RequestContext } from '../context.ts';
import { resourceInput, textInput, type Operation, type OperationCall } from './operation.ts';

const allWell: OperationOutcomeIssue = {
  severity: 'information',
  code: 'informational',
  diagnostics: 'No problem was found.',
};

export const validate: Operation = {
  name: 'validate',
  definition: 'http://hl7.org/fhir/OperationDefinition/Resource-validate',
  levels: ['type', 'instance'],
  affectsState: false,
  async handle(context, call) {
    const resource = await subjectOf(context, call);
    if (call.type !== undefined && resource.resourceType !== call.type) {
      throw new Fault(
        'invalid',
        `The resource is a ${resource.resourceType.slice(0, 80)}, but the address says ${call.type}.`,
      );
    }
    const profile = textInput(call, 'profile');
    const { issues } = context.validator.validate(resource, profile === undefined ? {} : { profiles: [profile] });
    return {
      status: 200,
      resource: { resourceType: 'OperationOutcome', issue: issues.length > 0 ? issues : [allWell] },
    };
  },
};

async function subjectOf(
  context: Pick<RequestContext, 'db' | 'search' | 'grant'>,
  call: OperationCall,
): Promise<Resource> {
  const sent = resourceInput(call);
  if (sent) return sent;
  if (call.type === undefined || call.id === undefined) throw new Fault('invalid', '$validate needs a resource.');
  const stored = await readCurrent(context, call.type, call.id);
  if (!stored?.content) throw new Fault('notFound', `${call.type}/${call.id} is not here.`);
  return parseJson(stored.content) as Resource;
}
