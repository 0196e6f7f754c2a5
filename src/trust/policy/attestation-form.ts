/** The trust framework's attestation (Tillitsrammeverk v1.1) as it travels: JSON, in a token's authorization details or signed by itself. */
import { z } from 'zod';
import { Fault } from '#kernel/fault.ts';

/** The type of the JSON, and the claim that it stands under. */
export const attestationType = 'nhn:tillitsrammeverk:parameters';

const identifier = z.object({
  id: z.string().min(1).max(200),
  name: z.string().max(300).optional(),
  system: z.string().min(1).max(200),
  authority: z.string().max(200).optional(),
});

const code = z.object({
  code: z.string().min(1).max(100),
  text: z.string().max(300).optional(),
  system: z.string().min(1).max(200),
  assigner: z.string().max(200).optional(),
});

const schema = z.object({
  type: z.literal(attestationType).optional(),
  practitioner: z.object({
    identifier,
    hpr_nr: identifier.optional(),
    authorization: code.optional(),
    legal_entity: identifier,
    point_of_care: identifier,
    department: identifier.optional(),
  }),
  care_relationship: z.object({
    healthcare_service: code.optional(),
    purpose_of_use: code,
    purpose_of_use_details: code.optional(),
    decision_ref: z
      .object({
        id: z.string().max(200).optional(),
        description: z.string().max(500).optional(),
        user_selected: z.boolean(),
      })
      .optional(),
  }),
  patients: z
    .array(z.object({ identifier, point_of_care: identifier.optional(), department: identifier.optional() }))
    .max(50)
    .default([]),
  /** Time of attestation, seconds since 1970. */
  toa: z.number().int().positive(),
});

export type Attestation = z.infer<typeof schema>;

/** Reads the JSON. Faults: invalid, with the element that is wrong (ATT-1, and what each attribute must be). */
export function readAttestation(value: unknown): Attestation {
  const read = schema.safeParse(value);
  if (read.success) return read.data;
  const [first] = read.error.issues;
  const where = first?.path.join('.') ?? '';
  throw new Fault(
    'invalid',
    `The attestation is not readable: ${where === '' ? '' : `${where}: `}${first?.message ?? ''}`,
    {
      reason: 'attestation_is_invalid',
    },
  );
}

/** OIDs are written with and without `urn:oid:`. */
export const oid = (system: string): string => system.replace(/^urn:oid:/, '');
