/** Holds what the nodes have against what they acknowledged and showed: I1 to I5, I9, I15, I17. */
import type { History, Operation, Told } from './history.ts';
import { isWrite } from './history.ts';
import { holdersOf } from './agreement.ts';
import { markerSystem } from './markers.ts';
import type { TrialPatient } from './patients.ts';
import { readCurrent, readDigests, readHoldings, readSetAside, readVersions, type StoredVersion } from './store.ts';
import type { Tally } from './findings.ts';
import type { NodeName, Topology } from './topology.ts';

type Graph = {
  name: NodeName;
  /** By resource, then version id. */
  versions: Map<string, Map<string, StoredVersion>>;
  /** What a plain read answers: version ids by resource. */
  current: Map<string, string>;
};

export type RecordCheck = {
  topology: Topology;
  history: History;
  patients: readonly TrialPatient[];
  tally: Tally;
  /** Patients whose records were spoilt on purpose. */
  excused: ReadonlySet<string>;
  /** Nodes that were restored, and when: what was shown there before is not there until other nodes have sent it. */
  setBackAt: ReadonlyMap<NodeName, number>;
};

export async function checkRecord(check: RecordCheck): Promise<void> {
  const { topology, patients } = check;
  const graphs = new Map<NodeName, Graph>();
  for (const name of topology.names) graphs.set(name, await graphOf(topology, name, patients));
  const setAside = await readSetAside(topology.node('region').db);
  const texts = setAside.map(({ operation }) => operation);
  checkKept(check, graphs, texts);
  for (const graph of graphs.values()) {
    checkOnce(check, graph);
    checkParents(check, graph);
    checkShown(check, graph);
    checkConflicts(check, graph);
  }
  await checkEqual(check, graphs);
}

async function graphOf(
  topology: Topology,
  name: NodeName,
  patients: readonly Pick<TrialPatient, 'id'>[],
): Promise<Graph> {
  const { db } = topology.node(name);
  const ids = patients.map(({ id }) => id);
  const versions: Graph['versions'] = new Map();
  for (const version of await readVersions(db, ids)) {
    const known = versions.get(version.resource) ?? new Map<string, StoredVersion>();
    versions.set(version.resource, known.set(version.versionId, version));
  }
  return { name, versions, current: await readCurrent(db, ids) };
}

function acknowledged({ operations }: History): { operation: Operation; told: Told }[] {
  return operations
    .filter((operation) => operation.outcome === 'acknowledged' && isWrite(operation))
    .flatMap((operation) => operation.written.map((told) => ({ operation, told })));
}

/** I1: each version that a client was told of is at every node that is to hold the patient, or set aside where a person sees it; what bears content, with its own. */
function checkKept(
  { history, patients, tally, topology }: RecordCheck,
  graphs: Map<NodeName, Graph>,
  aside: string[],
): void {
  const holders = new Map(patients.map(({ id, heldAt }) => [id, holdersOf(topology.names, heldAt)]));
  for (const { operation, told } of acknowledged(history)) {
    for (const name of holders.get(operation.patient) ?? []) {
      const found = graphs.get(name)?.versions.get(told.resource)?.get(told.versionId);
      const isAside =
        found === undefined && aside.some((text) => text.includes(told.versionId) && text.includes(told.resource));
      tally.check(
        'I1',
        found !== undefined || isAside,
        name,
        () => `${told.resource} ${told.versionId} (${operation.node})`,
      );
      if (found?.content == null || told.marker === undefined) continue;
      tally.check(
        'I9',
        markerOf(found.content) === told.marker,
        name,
        () => `${told.resource} ${told.versionId} has other content`,
      );
    }
  }
}

const markerPattern = new RegExp(`"system":\\s*"${markerSystem}",\\s*"value":\\s*"([^"]+)"`);

function markerOf(content: string | null): string | undefined {
  return content === null ? undefined : markerPattern.exec(content)?.[1];
}

/** Versions that the rules make (joined, settled) repeat what they were made of. */
function isWrittenByPerson({ versionId }: StoredVersion): boolean {
  return /^\d+-(region|central|local|ward)(\.\d+)?$/.test(versionId);
}

/** I2: a word stands in one version of one resource. */
function checkOnce({ tally }: RecordCheck, { name, versions }: Graph): void {
  const places = new Map<string, Set<string>>();
  for (const known of versions.values()) {
    for (const version of known.values()) {
      const marker = markerOf(version.content);
      if (marker === undefined || marker === 'first' || !isWrittenByPerson(version)) continue;
      const among = places.get(marker) ?? new Set<string>();
      places.set(marker, among.add(`${version.resource} ${version.versionId}`));
    }
  }
  for (const [marker, among] of places)
    tally.check('I2', among.size === 1, name, () => `${marker} stands in ${[...among].join(' and ')}`);
}

/** I3: what was written builds upon what its author saw. I15: and that is there. */
function checkParents({ history, tally }: RecordCheck, { name, versions }: Graph): void {
  for (const { operation, told } of acknowledged(history)) {
    const found = versions.get(told.resource)?.get(told.versionId);
    if (found === undefined || operation.sawVersion === undefined) continue;
    const isRight = found.parents.length === 1 && found.parents[0] === operation.sawVersion;
    tally.check(
      'I3',
      isRight,
      name,
      () =>
        `${told.resource} ${told.versionId} builds upon ${found.parents.join()}, its author saw ${operation.sawVersion}`,
    );
  }
  for (const known of versions.values())
    for (const { parents, resource, versionId } of known.values())
      tally.check(
        'I15',
        parents.every((parent) => known.has(parent)),
        name,
        () => `${resource} ${versionId}: a parent is not known`,
      );
}

/** Whether one version was there before the other, and the other builds upon it. */
function isBefore(known: ReadonlyMap<string, StoredVersion>, one: string, other: string): boolean {
  const seen = new Set<string>();
  const open = [...(known.get(other)?.parents ?? [])];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (id === one) return true;
    if (seen.has(id)) continue;
    seen.add(id);
    open.push(...(known.get(id)?.parents ?? []));
  }
  return false;
}

/** I5: who reads at a node sees what was written and shown there before, or what came after it. */
function checkShown({ history, tally, setBackAt }: RecordCheck, { name, versions }: Graph): void {
  const from = setBackAt.get(name) ?? 0;
  const here = history.operations.filter(
    ({ node, outcome, began }) => node === name && outcome === 'acknowledged' && began >= from,
  );
  const last = new Map<string, { ended: number; versionId: string }[]>();
  const made = new Map<string, number[]>();
  for (const operation of [...here].sort((a, b) => a.began - b.began)) {
    for (const { resource, versionId } of [...operation.shown, ...operation.written]) {
      const known = versions.get(resource);
      const before = last.get(resource) ?? [];
      const back = before.find(
        ({ ended, versionId: earlier }) =>
          ended <= operation.began && known !== undefined && isBefore(known, versionId, earlier),
      );
      tally.check('I5', back === undefined, name, () => `${resource}: ${versionId} was shown after ${back?.versionId}`);
      last.set(resource, [...before.slice(-20), { ended: operation.ended, versionId }]);
    }
    countShown({ tally, name, made }, operation);
  }
}

/** A search finds no fewer measurements than were written here before it began. */
function countShown(
  { tally, name, made }: { tally: Tally; name: NodeName; made: Map<string, number[]> },
  operation: Operation,
): void {
  const ended = made.get(operation.patient) ?? [];
  for (const { resource } of operation.written) if (resource.startsWith('Observation/')) ended.push(operation.ended);
  made.set(operation.patient, ended);
  if (operation.total === undefined) return;
  const expected = ended.filter((at) => at <= operation.began).length;
  tally.check(
    'I5',
    operation.total >= expected,
    name,
    () => `${operation.total} of ${expected} measurements of ${operation.patient} were found`,
  );
}

/** I17: where a version stands beside the current one, an open task asks a person about it, or about one that it builds upon and the current one does not. */
function checkConflicts({ patients, tally }: RecordCheck, { name, versions }: Graph): void {
  const asked = openQuestions(versions);
  const held = new Set(patients.filter(({ heldAt }) => heldAt.has(name)).map(({ id }) => id));
  const isHeld = (known: ReadonlyMap<string, StoredVersion>): boolean =>
    [...known.values()].some(({ patient }) => held.has(patient ?? ''));
  for (const [resource, known] of versions) {
    const tip = [...known.values()].find(({ isTip }) => isTip)?.versionId ?? '';
    const superseded = new Set([...known.values()].flatMap(({ parents }) => parents));
    for (const { versionId, holds } of known.values()) {
      if (versionId === tip || superseded.has(versionId)) continue;
      const branch = [...known.keys()].filter(
        (id) => (id === versionId || isBefore(known, id, versionId)) && !isBefore(known, id, tip),
      );
      const isAsked = branch.some((id) => asked.has(`${resource}/_history/${id}`));
      // Of those who are not held here, only the summary is: what a person must decide comes to those who treat.
      if (isHeld(known))
        tally.check('I17', isAsked, name, () => `nobody is asked about ${resource} ${versionId}, beside ${tip}`);
      tally.check(
        'I3',
        holds !== 'nothing',
        name,
        () => `${resource} ${versionId} is beside ${tip} without its content`,
      );
    }
  }
}

function openQuestions(versions: Graph['versions']): Set<string> {
  const asked = new Set<string>();
  for (const [resource, known] of versions) {
    if (!resource.startsWith('Task/')) continue;
    const content = [...known.values()].find(({ isTip }) => isTip)?.content;
    if (content == null) continue;
    const { focus, status } = JSON.parse(content) as { focus?: { reference?: string }; status?: string };
    if (focus?.reference !== undefined && status === 'requested') asked.add(focus.reference);
  }
  return asked;
}

/** I4: what is current, what stands beside it, and their bytes are the same at each node that has a record whole, and the record answers with what the rules say. */
async function checkEqual(
  { topology, patients, tally, excused }: RecordCheck,
  graphs: Map<NodeName, Graph>,
): Promise<void> {
  const region = await readDigests(topology.node('region').db);
  for (const name of topology.names) {
    const graph = graphs.get(name) as Graph;
    for (const [resource, known] of graph.versions) {
      const tip = [...known.values()].find(({ isTip }) => isTip);
      if (tip === undefined || tip.holds === 'deletion') continue;
      tally.check(
        'I4',
        graph.current.get(resource) === tip.versionId,
        name,
        () => `${resource}: the record has ${graph.current.get(resource)}, the rules say ${tip.versionId}`,
      );
    }
    if (name === 'region') continue;
    const { db } = topology.node(name);
    const own = await readDigests(db);
    const holdings = await readHoldings(db);
    const wholePatients = [...holdings].filter(
      ([unit, state]) => state === 'whole' && !unit.startsWith('#') && !excused.has(unit),
    );
    const differing = wholePatients.map(([patient]) => patient).filter((one) => own.get(one) !== region.get(one));
    const differences = await differencesOf(topology, name, differing);
    for (const [patient] of wholePatients)
      tally.check(
        'I4',
        own.get(patient) === region.get(patient),
        name,
        () => `the record of ${patient} is not the region's: ${differences.get(patient)}`,
      );
    for (const { id, heldAt } of patients)
      if (heldAt.has(name))
        tally.check('I4', holdings.get(id) === 'whole', name, () => `${id} is ${holdings.get(id) ?? 'not held'}`);
  }
}

/** By patient: which resources are not the same at a node and at the region, and how each has them. */
async function differencesOf(
  topology: Topology,
  name: NodeName,
  patients: readonly string[],
): Promise<Map<string, string>> {
  const told = new Map<string, string>();
  const aside = patients.length === 0 ? [] : await readSetAside(topology.node('region').db);
  for (const patient of patients) {
    const [here, there] = [await currentsOf(topology, name, patient), await currentsOf(topology, 'region', patient)];
    const keys = [...new Set([...here.keys(), ...there.keys()])].filter((key) => here.get(key) !== there.get(key));
    const lines = keys.map((key) => `${key}: ${here.get(key) ?? 'nothing'} | ${there.get(key) ?? 'nothing'}`);
    for (const { why, patients: about } of aside) if (about.includes(patient)) lines.push(`set aside: ${why}`);
    told.set(patient, lines.length === 0 ? 'equal at a second look' : lines.join('; '));
  }
  return told;
}

/** By resource: what is current (first) and what stands beside it. */
async function currentsOf(topology: Topology, name: NodeName, patient: string): Promise<Map<string, string>> {
  const { versions } = await graphOf(topology, name, [{ id: patient }]);
  return new Map(
    [...versions].map(([resource, known]) => {
      const superseded = new Set([...known.values()].flatMap(({ parents }) => parents));
      const heads = [...known.values()].filter(({ versionId }) => !superseded.has(versionId));
      const words = heads
        .sort((a, b) => Number(b.isTip) - Number(a.isTip) || (a.versionId < b.versionId ? -1 : 1))
        .map(
          ({ versionId, isTip, holds, content }) =>
            `${isTip ? '' : 'beside '}${versionId} ${holds} ${content?.length ?? 0}`,
        );
      return [resource, words.join(', ')];
    }),
  );
}
