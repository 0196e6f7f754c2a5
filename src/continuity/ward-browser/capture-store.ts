/** What was handed over from devices: each id once. */
import type { Db } from '#kernel/db.ts';
import type { CaptureKind } from './contract.ts';

export type StoredCapture = {
  id: string;
  kind: CaptureKind;
  patient: string;
  digest: string;
  resources: readonly string[];
  received: number;
  recorded: number | undefined;
};

export type NewCapture = Omit<StoredCapture, 'recorded'> & {
  device: string | undefined;
  capturedBy: string;
  handedBy: string;
  typed: number;
};

type Row = Omit<StoredCapture, 'recorded'> & { recorded: number | null };

const captureOf = ({ recorded, ...rest }: Row): StoredCapture => ({ ...rest, recorded: recorded ?? undefined });

export async function findCapture(db: Db, id: string): Promise<StoredCapture | undefined> {
  const [row] = await db<
    Row[]
  >`select id, kind, patient, digest, resources, received, recorded from ward_capture where id = ${id}`;
  return row && captureOf(row);
}

/** The one that is there under this id, then: this one, or what came a moment before. Durable when it resolves. */
export async function takeCapture(db: Db, capture: NewCapture): Promise<StoredCapture> {
  const { id, kind, patient, digest, device, capturedBy, handedBy, typed, received, resources } = capture;
  await db`insert into ward_capture (id, kind, patient, digest, device, captured_by, handed_by, typed, received, resources)
    values (${id}, ${kind}, ${patient}, ${digest}, ${device ?? null}, ${capturedBy}, ${handedBy}, ${typed}, ${received}, ${[...resources]})
    on conflict (id) do nothing`;
  return (await findCapture(db, id)) as StoredCapture;
}

/** When it was recorded: now, or what was noted before. */
export async function markRecorded(db: Db, id: string, now: number): Promise<number> {
  const [row] = await db<{ recorded: number }[]>`
    update ward_capture set recorded = coalesce(recorded, ${now}) where id = ${id} returning recorded`;
  return row?.recorded ?? now;
}

export async function knownCaptures(db: Db, ids: readonly string[], handedBy: string): Promise<StoredCapture[]> {
  const rows = await db<Row[]>`
    select id, kind, patient, digest, resources, received, recorded from ward_capture
    where id = any(${[...ids]}) and (captured_by = ${handedBy} or handed_by = ${handedBy})`;
  return rows.map(captureOf);
}
