/** Faults of a device at the bedside: what it kept is wiped. The browser itself is tried by e2e/ward.journey.ts; here, what the nodes owe it. */
import { randomUUID } from 'node:crypto';
import { systemName } from '../tokens.ts';
import { personOf } from '../store.ts';
import type { NodeName } from '../topology.ts';
import type { Fault, Strike } from './fault.ts';
import { until } from './until.ts';

type Capture = { id: string; body: object };
type Told = {
  status: number;
  body: { state?: string; was?: boolean; captures?: { id: string; isRecorded: boolean }[] };
};

/** What the device had acknowledged is in the record, what had no answer is there or not, what was never sent is told as unknown; sent again, nothing is doubled. */
export const storeLost: Fault = {
  id: 'F11',
  name: 'what a device at the bedside kept is wiped',
  async strike(strike) {
    const { trial, tally, note } = strike;
    const by = await personAt(strike);
    const captures = Array.from({ length: 6 }, (_, at) => captureOf(trial.patients[0]?.id ?? '', by, at));
    const acknowledged = captures.slice(0, 3);
    for (const capture of acknowledged) {
      const { status, body } = await handOver(strike, capture);
      tally.check('I13', body.state === 'recorded', 'ward', () => `a capture is answered by ${status} ${body.state}`);
    }
    // The line to the device breaks while two are handed over: nobody knows whether they came. The last is never sent.
    const unknown = captures.slice(3, 5);
    await Promise.all(unknown.map((capture, at) => handOver(strike, capture, 5 + 20 * at).catch(() => {})));
    const never = captures[5]?.id ?? '';
    const known = await knownOf(strike, captures);
    for (const { id } of acknowledged)
      tally.check(
        'I1',
        known.get(id) === true,
        'ward',
        () => `a capture that was acknowledged is told as ${known.get(id)}`,
      );
    tally.check('I5', !known.has(never), 'ward', () => 'what was never sent is told as known');
    note(`wiped with 6 captures: ${[...known.values()].filter(Boolean).length} told as in the record`);
    const again = [...acknowledged, ...unknown];
    const answers = await Promise.all([...again, ...again].map((capture) => handOver(strike, capture)));
    tally.check(
      'I2',
      answers.every(({ body }) => body.state === 'recorded') &&
        answers.slice(0, 3).every(({ body }) => body.was === true),
      'ward',
      () => `sent again: ${answers.map(({ status, body }) => `${status} ${body.state} ${body.was}`).join(', ')}`,
    );
    trial.onSettled(async () => {
      for (const { id } of again) for (const at of ['ward', 'region'] as const) await checkOnce(strike, at, id);
      await checkOnce(strike, 'region', never, 0);
    });
  },
};

function captureOf(patient: string, by: { reference: string; name: string }, at: number): Capture {
  const time = new Date(Date.now() - (at + 1) * 60_000).toISOString();
  const entry = { kind: 'vitals', patient, rows: [{ at: time, pulse: 60 + at }] };
  return { id: randomUUID(), body: { typedAt: time, by, entry } };
}

async function personAt(strike: Strike): Promise<{ reference: string; name: string }> {
  const { body } = await ask(strike, 'GET', '/api/ward');
  const { wards = [] } = body as { wards?: { ward: string }[] };
  const made = await ask(strike, 'POST', '/api/ward/devices', { ward: wards[0]?.ward, name: 'chaos' });
  const { device } = made.body as { device?: string };
  if (device === undefined) throw new Error(`A device is answered by ${made.status}: ${JSON.stringify(made.body)}`);
  return personOf(strike.trial.topology.node('ward').db, device);
}

function handOver(strike: Strike, { id, body }: Capture, limitMs = 30_000): Promise<Told> {
  return ask(strike, 'PUT', `/api/ward/captures/${id}`, body, limitMs);
}

async function knownOf(strike: Strike, captures: readonly Capture[]): Promise<Map<string, boolean>> {
  const { body } = await ask(strike, 'POST', '/api/ward/captures/known', { ids: captures.map(({ id }) => id) });
  return new Map((body.captures ?? []).map(({ id, isRecorded }) => [id, isRecorded]));
}

async function ask({ trial }: Strike, method: string, path: string, body?: object, limitMs = 30_000): Promise<Told> {
  const answer = await fetch(`${trial.topology.node('ward').url}${path}`, {
    method,
    headers: { ...trial.headersOf('ward', 'nurse'), 'content-type': 'application/json' },
    signal: AbortSignal.timeout(limitMs),
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: answer.status, body: (await answer.json()) as Told['body'] };
}

async function checkOnce({ trial, tally }: Strike, at: NodeName, id: string, times = 1): Promise<void> {
  const path = `Observation?patient=${trial.patients[0]?.id}&identifier=urn:fyr:device-capture|${id}/1&_summary=count`;
  const count = async (): Promise<unknown> => (await trial.caller(at, systemName).ask('GET', path)).body?.['total'];
  // Its answer was lost, and what it asked for may be done a moment later.
  await until(async () => (await count()) === times, 2000);
  const found = await count();
  tally.check(
    times === 0 ? 'I2' : 'I1',
    found === times,
    at,
    () => `a capture is in the record ${String(found)} times`,
  );
}
