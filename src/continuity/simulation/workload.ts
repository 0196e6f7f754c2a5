/** Clinical work at every node: what people write, and what they look at. Each kind does one thing that the promises are about. */
import { effectiveClaims, reconciliationTaskOf } from '../protocol/arrival.ts';
import { custodianOf, custodyResourceOf } from '../protocol/custody.ts';
import { completeness } from '../protocol/membership.ts';
import { headsOf, type ResourceState } from '../protocol/version.ts';
import type { Change } from '../protocol/write.ts';
import { breaks, counted } from './history.ts';
import { viewFrom, write, type SimulatedNode } from './node.ts';
import { checkRead } from './reading.ts';
import type { Random } from './random.ts';
import type { Content } from './small-vocabulary.ts';
import { draftAt } from './traffic.ts';
import { nodeNames, type World } from './world.ts';

export type Work = (world: World, node: SimulatedNode, random: Random) => void;

/** What is kept of whom, from before anything happens. */
export function seedRecord(world: World, region: SimulatedNode): void {
  const first: Change[] = world.patients.flatMap((patient) => [
    change('Patient', patient, `Patient/${patient}`, { telecom: ['1'], text: 'name' }),
    change('AllergyIntolerance', patient, `AllergyIntolerance/${patient}`, { text: 'penicillin' }),
    change('Consent', patient, `Consent/${patient}`, { text: 'open' }),
    change('Encounter', patient, `Encounter/${patient}`, { text: 'planned' }),
  ]);
  first.push(change('PractitionerRole', undefined, 'PractitionerRole/1', { text: 'active' }));
  first.push(change('Reason', 'p1', 'Reason/p1-siteA', { reason: { node: 'siteA', active: true } }));
  first.push(change('Reason', 'p1', 'Reason/p1-ward', { reason: { node: 'ward', active: true } }));
  const encounter = 'Encounter/p1';
  const custody: Content = { custody: { encounter, holder: 'siteA', isSeized: true } };
  first.push(change('Basic', 'p1', custodyResourceOf(region.vocabulary, encounter), custody));
  for (const one of first) attempt(world, region, [one]);
}

function change(
  type: string,
  patient: string | undefined,
  resource: string,
  content: Content | null,
  parents: readonly string[] = [],
): Change {
  return { resource, type, patient, content: content === null ? null : JSON.stringify(content), parents };
}

/** Writes, and notes what the client was told. */
export function attempt(world: World, node: SimulatedNode, changes: readonly Change[]): boolean {
  const tips = changes.map(({ resource }) => node.disk.resources.get(resource)?.tip);
  const id = `op${++world.serial}-${node.instance}`;
  const written = write(node, id, changes, world);
  if (written === undefined) return false;
  if ('refusal' in written) {
    counted(world.history, `refused: ${written.refusal.kind}`);
    return false;
  }
  const { versions } = written.operation;
  versions.forEach((version, i) => {
    world.history.acknowledged.push({
      step: world.step,
      node: node.facts.name,
      operation: id,
      version,
      tipBefore: tips[i],
    });
  });
  counted(world.history, 'acknowledged');
  return true;
}

/** A change of what exists: read now, and written now or later, so that others may come between. */
function edit(
  world: World,
  node: SimulatedNode,
  random: Random,
  type: string,
  resource: string,
  content: Content,
): void {
  const state = node.disk.resources.get(resource);
  if (state?.tip === undefined) return;
  const patient = state.versions.get(state.tip)?.patient;
  const late = world.opened.findIndex((open) => open.node === node.instance && open.resource === resource);
  if (late >= 0 && random.chance(0.5)) {
    const [open] = world.opened.splice(late, 1);
    attempt(world, node, [change(type, patient, resource, content, open?.parents ?? [])]);
  } else if (random.chance(0.2)) world.opened.push({ node: node.instance, resource, parents: [state.tip] });
  else if (!attempt(world, node, [change(type, patient, resource, content, [state.tip])]) && mustTake(node, type))
    breaks(world.history, 'I13', `${node.instance} refused a change of ${resource} that builds on what it shows`);
}

function mustTake(node: SimulatedNode, type: string): boolean {
  return !node.isDiskFull && type !== 'Encounter';
}

const text = (world: World): string => `t${++world.serial}`;

export const works: Readonly<Record<string, Work>> = {
  observe(world, node, random) {
    const patient = random.pick(world.busy);
    const order = [...(node.disk.keysOfPatient.get(patient) ?? [])].findLast((key) => key.startsWith('Observation/'));
    const content: Content = { text: text(world), ...(order && random.chance(0.5) ? { references: [order] } : {}) };
    attempt(world, node, [change('Observation', patient, `Observation/${++world.serial}`, content)]);
  },
  editAllergy(world, node, random) {
    edit(world, node, random, 'AllergyIntolerance', `AllergyIntolerance/${random.pick(world.busy)}`, {
      text: text(world),
    });
  },
  editTelephone(world, node, random) {
    const patient = random.pick(world.busy);
    const state = node.disk.resources.get(`Patient/${patient}`);
    const current = state?.tip === undefined ? undefined : state.versions.get(state.tip);
    if (typeof current?.content !== 'string') return;
    const content = JSON.parse(current.content) as Content;
    edit(world, node, random, 'Patient', `Patient/${patient}`, {
      ...content,
      telecom: [...(content.telecom ?? []), text(world)],
    });
  },
  /** What was written of the wrong patient, or is why somebody is here under a wrong name, is moved to the right one. */
  moveToOther(world, node, random) {
    const movable = /^(Observation|AllergyIntolerance|Reason)\//;
    const keys = [...(node.disk.keysOfPatient.get(random.pick(world.busy)) ?? [])].filter((key) => movable.test(key));
    const state = keys.length === 0 ? undefined : node.disk.resources.get(random.pick(keys));
    const current = state?.tip === undefined ? undefined : state.versions.get(state.tip);
    if (typeof current?.content !== 'string') return;
    const content: Content = { ...(JSON.parse(current.content) as Content), text: text(world) };
    attempt(world, node, [change(current.type, random.pick(world.patients), current.resource, content, [current.id])]);
  },
  block(world, node, random) {
    edit(world, node, random, 'Consent', `Consent/${random.pick(world.busy)}`, { text: text(world) });
  },
  revoke(world, node, random) {
    edit(world, node, random, 'PractitionerRole', 'PractitionerRole/1', { text: text(world) });
  },
  admitOrDischarge(world, node, random) {
    const patient = random.pick(world.busy);
    const place = random.pick(nodeNames.slice(1).filter((name) => node.facts.subtree.has(name)));
    if (place === undefined) return;
    const known = (node.disk.reasons.get(patient) ?? []).find((one) => one.startsWith(`Reason/${patient}-${place}`));
    const key = known ?? `Reason/${patient}-${place}${++world.serial}`;
    const state = node.disk.resources.get(key);
    const isActive =
      state?.tip !== undefined && node.vocabulary.meaning(state.versions.get(state.tip)!).reasons?.[0]?.active === true;
    const content: Content = { reason: { node: place, active: !isActive } };
    attempt(world, node, [change('Reason', patient, key, content, state?.tip === undefined ? [] : [state.tip])]);
  },
  /** From one place to another: the first must learn that it is the first no longer. Of somebody who is not known here, a new stay begins. */
  transfer(world, node, random) {
    const patient = random.pick(world.busy);
    const stays = node.disk.reasons.get(patient) ?? [];
    const key = stays.length > 0 && random.chance(0.8) ? random.pick(stays) : `Reason/${patient}-stay${++world.serial}`;
    const content: Content = { reason: { node: random.pick(nodeNames.slice(1)), active: true } };
    const tip = node.disk.resources.get(key)?.tip;
    attempt(world, node, [change('Reason', patient, key, content, tip === undefined ? [] : [tip])]);
  },
  encounter(world, node, random) {
    const key = `Encounter/${random.pick(world.busy)}`;
    const before = custodianOf(draftAt(world, node), key);
    const count = world.history.acknowledged.length;
    edit(world, node, random, 'Encounter', key, { text: text(world) });
    if (before !== undefined && before !== node.facts.name && world.history.acknowledged.length > count)
      breaks(world.history, 'I3', `${node.instance} wrote ${key}, which ${before} writes`);
  },
  custody(world, node, random) {
    const patient = random.pick(world.busy);
    const encounter = `Encounter/${patient}`;
    if (!node.disk.resources.has(encounter)) return;
    const key = custodyResourceOf(node.vocabulary, encounter);
    const state = node.disk.resources.get(key);
    const isMine = custodianOf(draftAt(world, node), encounter) === node.facts.name;
    const holder = isMine ? random.pick(nodeNames) : node.facts.name;
    const content: Content = { custody: { encounter, holder, isSeized: !isMine } };
    attempt(world, node, [change('Basic', patient, key, content, state?.tip === undefined ? [] : [state.tip])]);
  },
  dose: (world, node, random) => claimOnce(world, node, random, 'MedicationAdministration', 'ward'),
  dispense: (world, node, random) => claimOnce(world, node, random, 'MedicationDispense', 'region'),
  book: (world, node, random) => claimOnce(world, node, random, 'Appointment', 'siteB'),
  settleConflict(world, node, random) {
    const inConflict = [...node.disk.resources].filter(([, state]) => headsOf(state).length > 1);
    if (inConflict.length > 0) settle(world, node, ...random.pick(inConflict));
  },
  poison(world, node, random) {
    attempt(world, node, [
      change('Observation', random.pick(world.busy), `Observation/${++world.serial}`, {
        isPoisoned: true,
        text: text(world),
      }),
    ]);
  },
  newerContent(world, node, random) {
    const content: Content = { protocol: node.protocol, text: text(world) };
    edit(world, node, random, 'AllergyIntolerance', `AllergyIntolerance/${random.pick(world.busy)}`, content);
  },
  read(world, node, random) {
    const patient = random.pick(world.busy);
    counted(world.history, completeness(viewFrom(node, world), patient) === 'whole' ? 'read whole' : 'read in part');
    checkRead(world, node, patient);
  },
};

function claimOnce(world: World, node: SimulatedNode, random: Random, type: string, home: string): void {
  const patient = random.pick(world.busy);
  const key = `${type} ${patient} ${random.below(2)}`;
  const isHome = node.facts.name === home;
  const isEmergency = !isHome && random.chance(0.5);
  const status = isHome || isEmergency ? 'effective' : 'requested';
  const content: Content = { claim: { key, home, status, isEmergency } };
  const others = effectiveClaims(draftAt(world, node), key);
  const isTaken = attempt(world, node, [change(type, patient, `${type}/${++world.serial}`, content)]);
  if (isTaken && status === 'effective' && others.length > 0)
    breaks(world.history, 'I6', `${node.instance} took ${key} though it knew of ${others.join(', ')}`);
}

/** A person reads all versions that are in conflict, writes what holds, and closes the tasks: in one operation. */
function settle(world: World, node: SimulatedNode, resource: string, state: ResourceState): void {
  const heads = headsOf(state);
  const current = state.versions.get(state.tip as string)!;
  if (current.type === 'Task' || typeof current.content !== 'string') return;
  const decided: Content = { ...(JSON.parse(current.content) as Content), text: text(world) };
  const changes = [
    change(
      current.type,
      current.patient,
      resource,
      decided,
      heads.map(({ id }) => id),
    ),
  ];
  for (const version of state.versions.values()) {
    const key = reconciliationTaskOf(node, version);
    const task = node.disk.resources.get(key);
    if (task?.tip === undefined || node.vocabulary.meaning(task.versions.get(task.tip)!).reconciliation?.isDone)
      continue;
    const content: Content = { reconciliation: { of: resource, version: version.id, isDone: true } };
    changes.push(change('Task', current.patient, key, content, [task.tip]));
  }
  attempt(world, node, changes);
}
