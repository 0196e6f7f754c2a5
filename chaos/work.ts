/** Clinical work at a node: measurements, notes, medicines, allergies, read and written by one after the other, from a seed. */
import { setTimeout as delay } from 'node:timers/promises';
import { createRandom, type Random } from '#continuity/simulation/random.ts';
import type { Answer, Caller, Json } from './caller.ts';
import type { History, Operation, OperationKind, Told } from './history.ts';
import { marked, markerIn, markerSystem } from './markers.ts';
import { reference, type TrialPatient } from './patients.ts';

export type WorkOptions = {
  history: History;
  patients: readonly TrialPatient[];
  seed: number;
  /** Between two requests of one client, about. */
  paceMs: number;
};

export type Worker = { caller: Caller; stop(): Promise<void> };

type Attempt = {
  kind: OperationKind;
  patient: string;
  method: string;
  path: string;
  body?: Json;
  headers?: { [name: string]: string };
  markers: readonly string[];
  sawVersion?: string;
};

/** Works until it is stopped. */
export function startWork(caller: Caller, options: WorkOptions): Worker {
  const ending = new AbortController();
  const running = new Work(caller, options).run(ending.signal);
  return {
    caller,
    async stop() {
      ending.abort();
      await running;
    },
  };
}

class Work {
  readonly #caller: Caller;
  readonly #options: WorkOptions;
  readonly #random: Random;
  readonly #patients: readonly TrialPatient[];
  /** Made here and answered: may be read. */
  readonly #known: { patient: string; resource: string }[] = [];
  #count = 0;

  constructor(caller: Caller, options: WorkOptions) {
    this.#caller = caller;
    this.#options = options;
    this.#random = createRandom(options.seed);
    this.#patients = options.patients.filter(({ heldAt }) => heldAt.has(caller.node));
  }

  async run(signal: AbortSignal): Promise<void> {
    const { paceMs } = this.#options;
    while (!signal.aborted) {
      await this.#one();
      await delay(paceMs / 2 + this.#random.below(paceMs), undefined, { signal }).catch(() => {});
    }
  }

  async #one(): Promise<void> {
    const patient = this.#random.pick(this.#patients);
    const chance = this.#random.below(100);
    if (chance < 30) await this.#create(patient);
    else if (chance < 45) await this.#update(patient, 'AllergyIntolerance', patient.allergy);
    else if (chance < 60) await this.#update(patient, 'MedicationStatement', patient.statement);
    else if (chance < 65) await this.#transaction(patient);
    else if (chance < 80) await this.#read(patient);
    else await this.#search(patient);
  }

  #marker(): string {
    const { node, who } = this.#caller;
    return `${node}.${who}.${this.#options.seed}.${++this.#count}`;
  }

  async #create(patient: TrialPatient): Promise<void> {
    const marker = this.#marker();
    const body = this.#random.chance(0.7) ? measurement(patient.id, marker) : note(patient.id, marker);
    const path = String(body['resourceType']);
    const attempt: Attempt = { kind: 'create', patient: patient.id, method: 'POST', path, body, markers: [marker] };
    const done = await this.#try(attempt);
    // Whoever had no answer tries again, and asks not to have it twice.
    if (done.outcome === 'unknown') {
      const headers = { 'if-none-exist': `identifier=${markerSystem}|${marker}` };
      await this.#try({ ...attempt, headers });
    }
  }

  async #update(patient: TrialPatient, type: string, id: string): Promise<void> {
    const read = await this.#try({
      kind: 'read',
      patient: patient.id,
      method: 'GET',
      path: `${type}/${id}`,
      markers: [],
    });
    const [seen] = read.shown;
    if (seen === undefined || read.body === undefined) return;
    const marker = this.#marker();
    const body = { ...marked(read.body, marker), note: [{ text: `Looked through again: ${marker}` }] };
    await this.#try({
      kind: 'update',
      patient: patient.id,
      method: 'PUT',
      path: `${type}/${id}`,
      body,
      headers: { 'if-match': `W/"${seen.versionId}"` },
      markers: [marker],
      sawVersion: seen.versionId,
    });
  }

  async #transaction(patient: TrialPatient): Promise<void> {
    const markers = [this.#marker(), this.#marker(), this.#marker()];
    const entry = markers.map((marker) => ({
      resource: measurement(patient.id, marker),
      request: { method: 'POST', url: 'Observation' },
    }));
    const body = { resourceType: 'Bundle', type: 'transaction', entry };
    await this.#try({ kind: 'transaction', patient: patient.id, method: 'POST', path: '', body, markers });
  }

  async #read({ id, allergy }: TrialPatient): Promise<void> {
    const own = this.#known.length > 0 && this.#random.chance(0.7) ? this.#random.pick(this.#known) : undefined;
    const path = own?.resource ?? `AllergyIntolerance/${allergy}`;
    await this.#try({ kind: 'read', patient: own?.patient ?? id, method: 'GET', path, markers: [] });
  }

  async #search({ id }: TrialPatient): Promise<void> {
    const path = this.#random.chance(0.5)
      ? `Observation?patient=${id}&_summary=count`
      : `Observation?patient=${id}&_count=20&_sort=-date`;
    await this.#try({ kind: 'search', patient: id, method: 'GET', path, markers: [] });
  }

  async #try(attempt: Attempt): Promise<Operation & { body: Json | undefined }> {
    const { history } = this.#options;
    const { node, who } = this.#caller;
    const began = history.now();
    const { answer, problem } = await this.#ask(attempt);
    const { kind, patient, sawVersion } = attempt;
    const isDone = answer !== undefined && answer.status < 300;
    const operation: Operation = {
      node,
      client: who,
      kind,
      patient,
      sawVersion,
      began,
      ended: history.now(),
      // An error of the server says nothing of what it did before.
      outcome: isDone ? 'acknowledged' : answer === undefined || answer.status >= 500 ? 'unknown' : 'refused',
      status: answer?.status,
      problem: problem ?? (isDone ? undefined : JSON.stringify(answer?.body)?.slice(0, 300)),
      written: isWriting(kind) ? writtenBy(attempt, isDone ? answer : undefined) : [],
      shown: isDone && !isWriting(kind) ? shownBy(answer) : [],
      total: isDone && kind === 'search' ? (answer.body?.['total'] as number | undefined) : undefined,
    };
    history.add(operation);
    if (isDone) for (const { resource } of operation.written) this.#known.push({ patient, resource });
    return { ...operation, body: answer?.body };
  }

  async #ask({ method, path, body, headers }: Attempt): Promise<{ answer?: Answer; problem?: string }> {
    try {
      return { answer: await this.#caller.ask(method, path, body, headers) };
    } catch (error) {
      const { message, cause } = error as Error;
      return { problem: cause instanceof Error ? `${message}: ${cause.message}` : message };
    }
  }
}

function isWriting(kind: OperationKind): boolean {
  return kind !== 'read' && kind !== 'search';
}

function writtenBy({ kind, markers }: Attempt, answer: Answer | undefined): Told[] {
  if (answer === undefined) return markers.map((marker) => ({ resource: '', versionId: '', marker }));
  const { body } = answer;
  if (kind !== 'transaction') return body === undefined ? [] : [toldOf(body, markers[0])];
  const entries = (body?.['entry'] as Json[] | undefined) ?? [];
  return entries.map((entry, at) => {
    const { location } = entry['response'] as { location: string };
    const [, resource = '', versionId = ''] = /([A-Za-z]+\/[^/]+)\/_history\/(.+)$/.exec(location) ?? [];
    return { resource, versionId, marker: markers[at] };
  });
}

function toldOf(resource: Json, marker = markerIn(resource)): Told {
  const { versionId } = resource['meta'] as { versionId: string };
  return { resource: `${String(resource['resourceType'])}/${String(resource['id'])}`, versionId, marker };
}

function shownBy({ body }: Answer): Told[] {
  if (body === undefined) return [];
  if (body['resourceType'] !== 'Bundle') return [toldOf(body)];
  const entries = (body['entry'] as { resource: Json }[] | undefined) ?? [];
  return entries
    .filter(({ resource }) => resource['resourceType'] !== 'OperationOutcome')
    .map(({ resource }) => toldOf(resource));
}

export function measurement(patient: string, marker: string): Json {
  return marked(
    {
      resourceType: 'Observation',
      status: 'final',
      category: [
        {
          coding: [{ system: 'http://terminology.hl7.org/CodeSystem/observation-category', code: 'vital-signs' }],
        },
      ],
      code: { coding: [{ system: 'http://loinc.org', code: '8867-4' }], text: 'Puls' },
      subject: reference('Patient', patient),
      effectiveDateTime: new Date().toISOString(),
      valueQuantity: { value: 72, unit: '/min', system: 'http://unitsofmeasure.org', code: '/min' },
    },
    marker,
  );
}

function note(patient: string, marker: string): Json {
  return document(patient, marker, `Pasienten har sovet godt. ${marker}`);
}

export function document(patient: string, marker: string, text: string): Json {
  const data = Buffer.from(text).toString('base64');
  return marked(
    {
      resourceType: 'DocumentReference',
      status: 'current',
      type: { text: 'Løpende notat' },
      subject: reference('Patient', patient),
      date: new Date().toISOString(),
      content: [{ attachment: { contentType: 'text/plain', data } }],
    },
    marker,
  );
}
