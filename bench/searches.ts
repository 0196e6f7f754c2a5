/** The searches that are measured, and a record in this process that shows which statements they run. */
import { nodeGrants } from '#trust/grant.ts';
import { tmpdir } from 'node:os';
import { createFhir, type Fhir } from '#fhir/index.ts';
import { systemClock } from '#kernel/clock.ts';
import type { Db } from '#kernel/db.ts';
import { systemIds } from '#kernel/ids.ts';
import { benchConfig } from './import.ts';

export type Statement = { text: string; parameters: unknown[] };

export type Subject = { id: string; number: string; family: string; code: string; bucket: number };

export type SearchKind = { what: string; target: string; name: string; paths: string[] };

/** A record over the pool, without a server. */
export function benchFhir(db: Db): Promise<Fhir> {
  const { limits } = benchConfig();
  return createFhir({
    db,
    clock: systemClock,
    ids: systemIds(systemClock),
    profiles: 'lenient',
    exportFolder: tmpdir(),
    endpoints: { hostsAllowed: [], loopbackAllowed: false },
    report: () => {},
    grants: nodeGrants,
    settings: {
      baseUrl: 'http://127.0.0.1/fhir',
      node: 'region',
      version: 'bench',
      references: 'strict',
      countDefault: limits.countDefault,
      countMax: limits.countMax,
      bundleEntriesMax: limits.bundleEntriesMax,
    },
  });
}

/** Patients with a number, a name and an analysis that they have had. */
export async function chooseSubjects(db: Db): Promise<Subject[]> {
  const rows = await db<{ id: string; bucket: number; content: string; code: string }[]>`
    select r.id, r.bucket, v.content, o.code from resource r join version v on v.bucket = r.bucket and v.n = r.n
    join lateral (
      select v2.content::jsonb #>> '{code,coding,0,code}' as code from resource r2 join version v2 on v2.bucket = r2.bucket and v2.n = r2.n
      where r2.bucket = r.bucket and r2.type = 'Observation' and r2.patient = r.id limit 1 offset 3
    ) o on true
    where r.type = 'Patient' and not r.deleted order by r.bucket, r.id limit 200`;
  return rows.map(({ id, bucket, content, code }) => {
    const patient = JSON.parse(content) as { identifier?: { value: string }[]; name?: { family?: string }[] };
    return {
      id,
      bucket,
      code,
      number: patient.identifier?.at(-1)?.value ?? '',
      family: patient.name?.[0]?.family ?? '',
    };
  });
}

export function searchKinds(subjects: readonly Subject[], crowded: readonly string[]): SearchKind[] {
  const of = (path: (s: Subject) => string): string[] => subjects.map(path);
  return [
    {
      what: 'search: patient + code',
      target: '≥ 0.50, 5,000/s',
      name: 'patient-code',
      paths: of((s) => `Observation?patient=${s.id}&code=${s.code}`),
    },
    {
      what: 'search: by identifier',
      target: '≥ 0.50, 6,000/s',
      name: 'identifier',
      paths: of((s) => `Patient?identifier=${s.number}`),
    },
    {
      what: 'search: by name',
      target: '≥ 0.50, 2,500/s',
      name: 'name',
      paths: of((s) => `Patient?name=${encodeURIComponent(s.family)}&_count=50`),
    },
    {
      what: 'search: patient sorted by date, 50 a page',
      target: '≥ 0.50, 2,000/s',
      name: 'sorted',
      paths: of((s) => `Observation?patient=${s.id}&_sort=-date&_count=50`),
    },
    {
      what: 'search: chained',
      target: '≥ 0.40, 1,500/s',
      name: 'chained',
      paths: of((s) => `Observation?patient.identifier=${s.number}&code=${s.code}`),
    },
    {
      what: '$everything of about 100',
      target: '≥ 0.40, 500/s',
      name: 'everything',
      paths: crowded.map((id) => `Patient/${id}/$everything`),
    },
  ];
}

/** Patients whose records have about a hundred resources. */
export async function crowdedPatients(db: Db): Promise<string[]> {
  const rows = await db<{ patient: string }[]>`
    select patient from resource where patient is not null and not deleted group by patient
    having count(*) between 80 and 120 order by patient limit 60`;
  return rows.map((r) => r.patient);
}

/** Asks the record itself; anything but 200 is an error. */
export async function ask(fhir: Fhir, path: string): Promise<void> {
  const [address = '', query = ''] = path.split('?');
  const answer = await fhir.dispatch(
    {
      method: 'GET',
      segments: address.split('/'),
      parameters: [...new URLSearchParams(query)],
      headers: {},
    },
    nodeGrants.background('bench'),
  );
  if (answer.status !== 200) throw new Error(`${path}: ${answer.status}`);
}
