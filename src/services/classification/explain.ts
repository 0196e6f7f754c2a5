/**
 * After a document's text was read: what came without a type, by whatever way, gets one or waits for a person; and each decision of the machine is in the
 * access log and has its reason beside the document. What a person, or who sent it, decided is never touched. The node where the document was written decides,
 * so two nodes that share it don't.
 */
import { readCurrent, type FhirContext, type RequestContext } from '#fhir/index.ts';
import { parseJson } from '#fhir/json/index.ts';
import { runSearch } from '#fhir/search/run.ts';
import { Fault } from '#kernel/fault.ts';
import type { Ids } from '#kernel/ids.ts';
import type { AccessEntry, AccessLog } from '#trust/access-log/index.ts';
import type { Classifier } from './classifier.ts';
import type { Suggestion } from './contract.ts';
import { hasType, machineProvenance, reasonOf, typeByOf, typed, undecided, type Document } from './document.ts';

/** The text of a document, as the document service keeps it. */
export type KeptText = { id: string; text: string };

export type DecideDeps = {
  context: FhirContext;
  classifier: Classifier;
  /** The name of this node. */
  node: string;
  log: Pick<AccessLog, 'append'>;
  ids: Pick<Ids, 'uuid'>;
};

export const workName = 'document classification';
/** How often it is tried anew where somebody changes the document meanwhile. */
const triesMax = 3;

/** Faults: those of the record. */
export async function decideByText(deps: DecideDeps, kept: KeptText): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await decideOnce(deps, kept);
    } catch (error) {
      if (!isChangedMeanwhile(error) || tries >= triesMax) throw error;
    }
  }
}

const isChangedMeanwhile = (error: unknown): boolean =>
  error instanceof Fault && (error.kind === 'preconditionFailed' || error.kind === 'conflict');

/** `2-tromso`, and `2-tromso.3` when the node was restored since. */
const isWrittenAt = (node: string, versionId: string): boolean => versionId.replace(/\.\d+$/, '').endsWith(`-${node}`);

async function decideOnce(deps: DecideDeps, { id, text }: KeptText): Promise<void> {
  const context = { ...deps.context, grant: deps.context.grants.background(workName) };
  const found = await readCurrent(context, 'DocumentReference', id);
  if (found?.content == null || !isWrittenAt(deps.node, found.versionId)) return;
  const document = parseJson(found.content) as Document;
  const by = typeByOf(document);
  const isNew = by === undefined && document.status === 'current' && !hasType(document);
  if (!isNew && by !== 'undecided' && by !== 'machine') return;
  const ask: Asked = { document, version: found.versionId, patient: found.patient ?? undefined };
  if (text.trim() === '') {
    if (isNew) await leaveToPerson(context, ask);
    return;
  }
  const suggestion = await deps.classifier.suggest(text);
  if (by === 'machine') return explainGiven(deps, context, { ...ask, suggestion });
  if (suggestion.isSure) return decide(deps, context, { ...ask, suggestion });
  if (isNew) await leaveToPerson(context, ask);
}

type Asked = { document: Document; version: string; patient: string | undefined };
type Suggested = Asked & { suggestion: Suggestion };

async function leaveToPerson(context: RequestContext, { document, version }: Asked): Promise<void> {
  const resource = undecided(document);
  await context.writer.apply(context.grant, [
    { interaction: 'update', resource, id: document.id ?? '', ifMatch: version },
  ]);
}

async function decide(
  deps: DecideDeps,
  context: RequestContext,
  { document, version, ...rest }: Suggested,
): Promise<void> {
  const resource = typed(document, rest.suggestion.type, 'machine');
  await tell(deps, context, { document, version, ...rest }, [
    { interaction: 'update', resource, id: document.id ?? '', ifMatch: version },
  ]);
}

/** What was given its type as it came (an upload, a folder): the reason is written now, once, and only where it is the reason of that type. */
async function explainGiven(deps: DecideDeps, context: RequestContext, asked: Suggested): Promise<void> {
  const { document, suggestion } = asked;
  const isThis = document.type?.coding?.some(({ code }) => code === suggestion.type.code) ?? false;
  if (isThis && !(await isExplained(context, document.id ?? ''))) await tell(deps, context, asked, []);
}

async function isExplained(context: RequestContext, id: string): Promise<boolean> {
  const query = context.search.parse('Provenance', [['target', `DocumentReference/${id}`]]);
  const { rows } = await runSearch(context, query);
  return rows.some(({ content }) => reasonOf(parseJson(content.toString())) !== undefined);
}

type Changes = Parameters<RequestContext['writer']['apply']>[1];

/** The access log first, as for everybody: nothing is changed before its entry is durable. */
async function tell(
  { log, ids }: DecideDeps,
  context: RequestContext,
  { document, patient, suggestion }: Suggested,
  changes: Changes,
): Promise<void> {
  const at = context.clock.now();
  const because = context.writer.newId('Provenance', patient);
  await log.append([entryOf({ at, request: ids.uuid(), patient, document: document.id ?? '', because, suggestion })]);
  const resource = machineProvenance({ document, recorded: at }, suggestion);
  await context.writer.apply(context.grant, [
    ...changes,
    { interaction: 'create', resource, id: because, fresh: true },
  ]);
}

type Decided = {
  at: number;
  request: string;
  patient: string | undefined;
  document: string;
  because: string;
  suggestion: Suggestion;
};

/** What was decided, how sure, by which model, and where the reason with its words is: words of a record are not copied into the log. */
function entryOf({ at, request, patient, document, because, suggestion }: Decided): AccessEntry {
  const { type, confidence, threshold, model, others } = suggestion;
  const next = others[0] === undefined ? '' : `, next ${others[0].code} ${others[0].confidence}`;
  return {
    at,
    action: 'update',
    patient,
    request,
    who: { kind: 'background', reference: workName, name: workName },
    what: {
      types: { DocumentReference: 1, Provenance: 1 },
      resources: [`DocumentReference/${document}`, `Provenance/${because}`],
      query: `type ${type.code} by model ${model}: confidence ${confidence}, threshold ${threshold}${next}`,
    },
    purpose: 'SYSTEM',
    ground: `background:${workName}`,
    outcome: 'allowed',
    from: { address: 'localhost' },
  };
}
