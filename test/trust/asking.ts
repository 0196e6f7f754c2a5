/** Many questions at once, as somebody and as the node itself, which sees all: what the one gets is held against the other. */
import { personaHouseholds } from '#sample/personas.ts';
import { personaEntries } from '#sample/persona-entries.ts';
import { identifierSystems } from '#shared/identifiers.ts';
import type { TestNode } from '../support/node.ts';

export type Answered = {
  status: number;
  /** The resource, or the OperationOutcome of a refusal. */
  body: any;
};

const batchOf = (urls: readonly string[]) => ({
  resourceType: 'Bundle',
  type: 'batch',
  entry: urls.map((url) => ({ request: { method: 'GET', url } })),
});

const answersIn = (bundle: any): Answered[] =>
  bundle.entry.map((entry: any) => ({
    status: Number.parseInt(entry.response.status, 10),
    body: entry.resource ?? entry.response.outcome,
  }));

/** One batch, over the socket. */
export async function askAs(at: TestNode, as: string, urls: readonly string[]): Promise<Answered[]> {
  const { status, body, text } = await at.ask('POST', '/fhir', { as, body: batchOf(urls) });
  if (status !== 200) throw new Error(`the batch of ${as} was refused: ${status} ${text.slice(0, 500)}`);
  return answersIn(body);
}

/** The same questions without any limit. */
export async function truthOf(at: TestNode, urls: readonly string[]): Promise<Answered[]> {
  const { dispatch, context } = at.node.fhir;
  const answer = await dispatch(
    { method: 'POST', segments: [], parameters: [], headers: {}, body: batchOf(urls) },
    context.grants.background('test'),
  );
  return answersIn(answer.resource ?? JSON.parse(String(answer.text)));
}

/** `Patient/id` of everybody in the persona households, by their keys. */
export const patients: Readonly<Record<string, string>> = Object.fromEntries(
  personaHouseholds.flatMap(({ people }) => people.map(({ key, patientId }) => [key, patientId])),
);

export function patientOf(key: string): string {
  const id = patients[key];
  if (id === undefined) throw new Error(`nobody is called ${key}`);
  return id;
}

/** Whose record a resource lies in. */
export function ownerOf(resource: any): string | undefined {
  if (resource.resourceType === 'Patient') return resource.id;
  const reference: unknown =
    resource.subject?.reference ??
    resource.patient?.reference ??
    resource.beneficiary?.reference ??
    resource.for?.reference ??
    resource.participant
      ?.map((one: any) => one.actor?.reference)
      .find((one: unknown) => String(one).startsWith('Patient/'));
  return typeof reference === 'string' && reference.startsWith('Patient/') ? reference.slice(8) : undefined;
}

/** Every resource in a Bundle, or the one that it is. */
export const resourcesIn = (body: any): any[] =>
  body?.resourceType === 'Bundle'
    ? (body.entry ?? []).flatMap((entry: any) => (entry.resource ? [entry.resource] : []))
    : body === undefined || body.resourceType === 'OperationOutcome'
      ? []
      : [body];

/** The organisation number of the legal entity that somebody of the personnel works for. */
export async function legalEntityNumber(at: TestNode, key: string): Promise<string> {
  const read = async (path: string): Promise<any> => (await truthOf(at, [path]))[0]?.body;
  const { practitionerRole } = personaEntries().find((one) => one.key === key) ?? {};
  let found = '';
  let next: string | undefined = (await read(`PractitionerRole/${practitionerRole}`)).organization.reference;
  while (next !== undefined) {
    const { identifier = [], type = [], partOf }: any = await read(next);
    // A regional owner owns legal entities, and is none of those below it.
    if (JSON.stringify(type).includes('8628","code":"1"')) break;
    found = identifier.find(({ system }: any) => system === identifierSystems.organisationNumber)?.value ?? found;
    next = partOf?.reference;
  }
  return found;
}
