/** What `/api/ward` takes and gives: a ward with its patients for a device that may be cut off, and what was captured on such a device. */
import { z } from 'zod';
import { entries, type EntryOf } from '../back-entry/contract.ts';
import type { Expected, Instant, PatientSheet } from '../packs/contract.ts';

const id = z.uuid();

/** `POST /api/ward/devices`: a browser that is to keep a ward. */
export const deviceRequest = z.strictObject({
  ward: z.string().regex(/^[A-Za-z0-9.-]{1,64}$/),
  /** What people call it: a browser and a system. */
  name: z.string().trim().min(1).max(120),
});

/** The key is made by the node, told once, and not kept: who wipes it wipes the copy. */
export type DeviceAnswer = {
  device: string;
  /** 32 bytes, base64url. */
  key: string;
  /** Until when the copy may be kept, milliseconds since 1970. */
  until: Instant;
};

export type DeviceShown = {
  device: string;
  name: string;
  ward: string;
  /** Who asked for it. */
  person: string;
  since: Instant;
  seen: Instant;
  until: Instant;
  state: 'keeps' | 'to-be-wiped' | 'wiped';
};

/** `GET /api/ward/devices`: for operators, and for personnel their own. */
export type DevicesAnswer = { devices: readonly DeviceShown[] };

/** `GET /api/ward` */
export type WardsAnswer = { node: string; wards: readonly { ward: string; name: string }[] };

/** `GET /api/ward/:ward?device=…` */
export type WardAnswer = {
  node: string;
  ward: string;
  name: string;
  at: Instant;
  /** The oldest word from where the records come from, among the patients. */
  heardAt: Instant;
  /** By bed, as far as the one who asks may read. */
  patients: readonly PatientSheet[];
  expected: readonly Expected[];
  /** Beds of patients who are not the asker's to read. */
  closedBeds: readonly string[];
  /** What is to become of the copy on the device that asked. */
  device?: { until: Instant; mustWipe: boolean };
};

export const captureEntry = z.discriminatedUnion('kind', [entries.vitals, entries.doses, entries.note]);
export type CaptureKind = 'vitals' | 'doses' | 'note';
export type CaptureEntry = EntryOf<CaptureKind>;

/** `PUT /api/ward/captures/:id`: something that was captured on a device. The same id is taken once, however often it is sent. */
export const captureRequest = z.strictObject({
  device: id.optional(),
  /** When it was typed, by the device's clock: ISO 8601. */
  typedAt: z.iso.datetime({ offset: true }),
  /** Who captured it: `Practitioner/id`. */
  by: z.strictObject({
    reference: z.string().regex(/^Practitioner\/[A-Za-z0-9.-]{1,64}$/),
    name: z.string().trim().min(1).max(120),
  }),
  entry: captureEntry,
  /** A person has seen why the node asked, and says that it was so all the same. */
  isConfirmed: z.boolean().optional(),
  /** Somebody else captured it on this device, and the one who sends it hands it over for them. */
  isForOther: z.boolean().optional(),
});
export type CaptureRequest = z.output<typeof captureRequest>;

/** Why a person has to look at it. */
export const captureQuestions = ['possible-double', 'order-stopped', 'other-person'] as const;
export type CaptureQuestion = (typeof captureQuestions)[number];

export type CaptureAnswer =
  /** In the record, durable at the node; `was`: it had been handed over before. */
  | { id: string; state: 'recorded'; at: Instant; resources: readonly string[]; was: boolean }
  /** Not in the record: a person decides. `about` is what it collides with: a time (ISO 8601), a name. */
  | { id: string; state: 'asks'; question: CaptureQuestion; about: string };

/** `POST /api/ward/captures/known`: for a device that lost what it kept. Those that are not in the answer never came. */
export const knownRequest = z.strictObject({ ids: z.array(id).min(1).max(500) });
export type KnownAnswer = { captures: readonly { id: string; kind: CaptureKind; at: Instant; isRecorded: boolean }[] };
