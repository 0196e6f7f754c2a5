/** Faults that lie in what people do: many at once, patients who move, operations that are too large or that nobody can take. */
import { systemName } from '../tokens.ts';
import { reference, made } from '../patients.ts';
import { document, measurement, startWork } from '../work.ts';
import type { Json } from '../caller.ts';
import { holdHeads, spoilOutbox, readLine } from '../store.ts';
import type { Fault } from './fault.ts';

export const manyWriters: Fault = {
  id: 'F15',
  name: 'many writers, one long transaction',
  async strike({ trial, wait, note }) {
    const { history, patients, topology } = trial;
    const before = history.operations.length;
    const workers = Array.from({ length: 8 }, (_, at) =>
      startWork(trial.caller('region', systemName), {
        history,
        patients,
        seed: trial.seed * 7919 + before + at,
        paceMs: 20,
      }),
    );
    // As a report that somebody left open: it holds every second bucket for four seconds.
    await holdHeads(topology.node('region').db, 4000);
    await wait(3000);
    await Promise.all(workers.map((worker) => worker.stop()));
    note(`${history.operations.length - before} requests`);
  },
};

export const moved: Fault = {
  id: 'F17',
  name: 'admitted, moved and discharged while cut',
  aloneAt: ['central', 'ward'],
  async strike({ trial, wait }) {
    const { topology, patients } = trial;
    topology.line('central').cut();
    const ward = trial.caller('ward', systemName);
    const local = trial.caller('local', systemName);
    const admitted = await trial.admit(ward, ['central', 'ward']);
    // To a hospital that has nothing of the patient yet.
    const moving = patients.find(({ heldAt }) => !heldAt.has('local') && heldAt.has('ward'));
    if (moving !== undefined) {
      const { body } = await ward.ask('GET', `Encounter/${moving.encounter}`);
      await ward.ask('PUT', `Encounter/${moving.encounter}`, { ...(body as Json), status: 'finished' });
      await made(local, {
        resourceType: 'Encounter',
        status: 'in-progress',
        class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'IMP' },
        subject: reference('Patient', moving.id),
        serviceProvider: reference('Organization', topology.organizations.get('local') ?? ''),
      });
    }
    await wait(6000);
    // Where nobody has a reason any more, nothing new is sent.
    for (const name of ['central', 'ward'] as const) moving?.heldAt.delete(name);
    moving?.heldAt.add('local');
    patients.push(admitted);
    topology.line('central').restore();
  },
};

const hugeBytes = 15_000_000;

export const poisoned: Fault = {
  id: 'F19',
  name: 'an operation of 15 MB, and one that nobody can take',
  aloneAt: ['central', 'ward'],
  async strike({ trial, wait, tally, note }) {
    const { topology } = trial;
    topology.line('central').cut();
    const ward = trial.caller('ward', systemName);
    const [patient] = trial.patients;
    const huge = document(patient?.id ?? '', `huge.${trial.history.operations.length}`, 'a'.repeat(hugeBytes));
    const { status } = await ward.ask('POST', 'DocumentReference', huge);
    tally.check('I13', status === 201, 'ward', () => `15 MB: ${status}`);
    const central = trial.caller('central', systemName);
    const outcast = await made(central, { resourceType: 'Patient', gender: 'unknown' });
    trial.excused.add(outcast);
    await made(central, measurement(outcast, 'poisoned'));
    await wait(3000);
    const spoiled = await spoilOutbox(topology.node('central').db, outcast);
    const before = (await readLine(topology.node('region').db)).setAside;
    topology.line('central').restore();
    trial.onSettled(async () => {
      const { setAside } = await readLine(topology.node('region').db);
      tally.check('I11', setAside > before && spoiled > 0, 'region', () => 'what can not be taken was not set aside');
      note(`${setAside - before} set aside at the region, all else went through`);
    });
  },
};
