/** Faults of who may: rights taken away while a node is cut off. */
import type { Json } from '../caller.ts';
import { personaEntries } from '#sample/persona-entries.ts';
import { systemName } from '../tokens.ts';
import type { Fault, Strike } from './fault.ts';
import { until } from './until.ts';

/** From the line back to the refusal: on a machine that has nothing else to do it is seconds. */
const afterContactMs = 60_000;

export const rightsTaken: Fault = {
  id: 'F21',
  name: 'a nurse’s role ended while the ward is cut off',
  async strike(strike) {
    const { trial, wait, tally, note } = strike;
    const { topology, patients } = trial;
    const nurse = trial.caller('ward', 'nurse');
    const path = `AllergyIntolerance/${patients[0]?.allergy}`;
    const isServed = async (): Promise<boolean> => (await nurse.ask('GET', path)).status === 200;
    tally.check('I12', await isServed(), 'ward', () => 'the nurse may not read before');
    topology.line('ward').cut();
    await setRole(strike, false);
    await wait(4000);
    tally.check('I12', await isServed(), 'ward', () => 'cut off, the nurse is not served by what was last known');
    const restored = performance.now();
    topology.line('ward').restore();
    const isRefused = await until(async () => !(await isServed()), afterContactMs);
    tally.check('I12', isRefused, 'ward', () => `the nurse is served ${afterContactMs / 1000} s after contact`);
    note(`refused ${((performance.now() - restored) / 1000).toFixed(1)} s after the line was back`);
    await setRole(strike, true);
    await until(isServed, afterContactMs);
  },
};

async function setRole({ trial }: Strike, active: boolean): Promise<void> {
  const id = personaEntries().find(({ key }) => key === 'nurse')?.practitionerRole ?? '';
  const region = trial.caller('region', systemName);
  const { body } = await region.ask('GET', `PractitionerRole/${id}`);
  const { status } = await region.ask('PUT', `PractitionerRole/${id}`, { ...(body as Json), active });
  if (status !== 200) throw new Error(`The role could not be changed: ${status}`);
}
