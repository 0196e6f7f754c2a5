/** When the map of places has changed, what is here already is read again by it: a reason to hold a patient may only now be understood. */
import type { Db } from '#kernel/db.ts';
import { patientBucket } from '#fhir/record/bucket.ts';
import { putReasons } from '../node/graph-store.ts';
import type { SyncNode } from '../node/sync-node.ts';
import type { Effect } from '../protocol/effects.ts';
import { isMember } from '../protocol/membership.ts';
import type { View } from '../protocol/view.ts';
import type { Vocabulary } from '../protocol/vocabulary.ts';
import { digestOfNodes, digestOfPlaces, type NodeMap } from './nodes.ts';
import { putPlacesRead, readPlaced, readPlacesRead, type PlacedRow } from './nodes-store.ts';

const types = ['Encounter', 'EpisodeOfCare', 'Appointment', 'ServiceRequest', 'CareTeam'] as const;
const pageRows = 1000;
const bucketsTotal = 1024;

type Deps = { db: Db; map: NodeMap; vocabulary: Vocabulary; sync: Pick<SyncNode, 'change' | 'seal'> };

/** Cut off in the middle, it begins anew at the next start: doing it twice changes nothing. */
export async function readPlacesAgain({ db, map, vocabulary, sync }: Deps): Promise<void> {
  const digest = digestOfNodes(map.all());
  const before = await readPlacesRead(db);
  if (before?.digest === digest) return;
  await sync.seal();
  const patients = new Set<string>();
  for (const type of types) for (const patient of await readType(db, vocabulary, type)) patients.add(patient);
  // What is nobody's and every summary is filled again only where places have come to be ours, or those of nodes below.
  const own = digestOfPlaces(map.all(), map.facts.subtree);
  const isSame = before === undefined || before.own === own;
  if (map.facts.upstream !== undefined) {
    const all = [...patients];
    for (let from = 0; from < all.length || from === 0; from += pageRows) {
      const some = all.slice(from, from + pageRows);
      await sync.change(some, (view) => holdings(view, some, isSame || from > 0));
    }
  }
  await putPlacesRead(db, { digest, own });
}

async function readType(db: Db, vocabulary: Vocabulary, type: string): Promise<Set<string>> {
  const patients = new Set<string>();
  for (let after = '', rows: PlacedRow[]; ; after = rows.at(-1)?.id ?? '') {
    rows = await readPlaced(db, type, after, pageRows);
    const reasons = rows
      .filter((row) => vocabulary.meaning({ type, content: row.content }).reasons !== undefined)
      .map(({ id, patient }) => ({ bucket: patientBucket(patient), patient, resource: `${type}/${id}` }));
    if (reasons.length > 0) await putReasons(db, reasons);
    for (const { patient } of reasons) patients.add(patient);
    if (rows.length < pageRows) return patients;
  }
}

/** Whom we now ought to hold is filled; and, since we were not sent what we are only now concerned by, what everybody has is filled again. */
function holdings(view: View, patients: readonly string[], isPatientsOnly: boolean): Effect[] {
  const filling = { state: 'filling', since: view.now } as const;
  const held = patients.filter(
    (patient) => view.holding(patient) === undefined && isMember(view, patient, view.node.subtree),
  );
  const shared = isPatientsOnly
    ? []
    : Array.from({ length: bucketsTotal }, (_, bucket) => `#${bucket}`).filter((unit) => view.holding(unit));
  return [...held, ...shared].map((unit) => ({ kind: 'holding', unit, holding: filling }));
}
