/**
 * What of FHIR content may happen once, and who decides it: a dispense of a prescription (the region), a booking of a slot (the node at which the place lies),
 * a dose of an order at its time (whoever gives it). Pure. For users: docs/continuity.md, "Once only".
 */
import { doseSlotUrl, emergencyTag as emergency } from '#shared/dose-slot.ts';
import type { Claim } from '../protocol/vocabulary.ts';

type Json = { readonly [element: string]: unknown };

export type ClaimOptions = {
  /** The node at which a place of care lies. */
  nodeOfPlace(reference: string): string | undefined;
  /** The region's node; undefined: none is known, and this node decides. */
  region(): string | undefined;
};

const system = 'https://fyr.no/fhir/CodeSystem/continuity';

/** In `meta.tag`: asked of the home, which decides when it hears of it; and done though the home could not be asked. */
export const requestTag = { system, code: 'claim-request' };
export const emergencyTag = emergency;
/** Extensions: which of the fills of a prescription (1 where one is asked for without it), and for which time of the order a dose is. */
export const fillExtension = `${system}/fill`;
export const doseSlotExtension = doseSlotUrl;

type Kind = {
  key(resource: Json): string | undefined;
  also?(resource: Json): string[];
  home(resource: Json, options: ClaimOptions): string | undefined;
  /** Statuses that hold nothing, and those of what the home has granted or refused. */
  void: readonly string[];
  granted: string;
  refused: string;
};

const kinds: Readonly<Record<string, Kind>> = {
  MedicationDispense: {
    key(dispense) {
      const prescription = referenceOf(list(dispense['authorizingPrescription'])[0]);
      // What is given out within a hospital is of its own stock.
      if (prescription === '' || hasCode(dispense['category'], 'inpatient')) return undefined;
      const fill = extensionOf(dispense, fillExtension);
      if (fill !== undefined) return `dispense ${prescription} ${String(fill)}`;
      // Most prescriptions may be filled again: who neither says which fill it is, nor asks, nor could not ask, takes none from another.
      const isFirst = hasTag(dispense, requestTag.code) || hasTag(dispense, emergencyTag.code);
      return `dispense ${prescription} ${isFirst ? '1' : `by ${String(dispense['id'])}`}`;
    },
    home: (_dispense, { region }) => region(),
    void: ['cancelled', 'declined', 'entered-in-error'],
    granted: 'in-progress',
    refused: 'declined',
  },
  Appointment: {
    key(appointment) {
      const slot = referenceOf(list(appointment['slot'])[0]);
      return slot === '' ? undefined : `slot ${slot}`;
    },
    also(appointment) {
      const slots = list(appointment['slot']).map(referenceOf);
      return [...new Set(slots.slice(1))]
        .filter((slot) => slot !== '' && slot !== slots[0])
        .map((slot) => `slot ${slot}`);
    },
    home(appointment, { nodeOfPlace, region }) {
      const places = list(appointment['participant']).map((one) => referenceOf((one as Json)['actor']));
      return places.flatMap((place) => nodeOfPlace(place) ?? [])[0] ?? region();
    },
    void: ['proposed', 'pending', 'waitlist', 'cancelled', 'entered-in-error'],
    granted: 'booked',
    refused: 'cancelled',
  },
  MedicationAdministration: {
    key(administration) {
      const order = referenceOf(administration['request']);
      const at = Date.parse(String(extensionOf(administration, doseSlotExtension)));
      return order === '' || Number.isNaN(at) ? undefined : `dose ${order} ${new Date(at).toISOString()}`;
    },
    home: (_administration, { region }) => region(),
    void: ['not-done', 'entered-in-error'],
    granted: 'in-progress',
    refused: 'not-done',
  },
};

export const claimTypes: readonly string[] = Object.keys(kinds);

/** What this resource takes, or asks for; undefined: nothing that may happen once. */
export function claimOf(type: string, resource: Json, options: ClaimOptions): Claim | undefined {
  const kind = kinds[type];
  const key = kind?.key(resource);
  if (kind === undefined || key === undefined) return undefined;
  const isRequest = hasTag(resource, requestTag.code);
  const isVoid = kind.void.includes(resource['status'] as string);
  const also = kind.also?.(resource) ?? [];
  return {
    key,
    ...(also.length === 0 ? {} : { also }),
    home: kind.home(resource, options) ?? '',
    status: isRequest ? 'requested' : isVoid ? 'void' : 'effective',
    isEmergency: hasTag(resource, emergencyTag.code),
  };
}

/** What the home makes of a request: it is no request any longer, and a dispense says from then on which fill it is. */
export function settledClaim(resource: Json, isGranted: boolean): Json {
  const kind = kinds[resource['resourceType'] as string];
  if (kind === undefined) return resource;
  const meta = resource['meta'] as Json | undefined;
  const tag = list(meta?.['tag']).filter((one) => !isTag(one, requestTag.code));
  const { tag: _tag, ...rest } = meta ?? {};
  const isUnsaid =
    resource['resourceType'] === 'MedicationDispense' && extensionOf(resource, fillExtension) === undefined;
  const fill = { url: fillExtension, valuePositiveInt: 1 };
  return {
    ...resource,
    meta: { ...rest, ...(tag.length === 0 ? {} : { tag }) },
    ...(isUnsaid ? { extension: [...list(resource['extension']), fill] } : {}),
    status: isGranted ? kind.granted : kind.refused,
  };
}

function hasTag(resource: Json, code: string): boolean {
  return list((resource['meta'] as Json | undefined)?.['tag']).some((one) => isTag(one, code));
}

function isTag(tag: unknown, code: string): boolean {
  return (tag as Json)['system'] === system && (tag as Json)['code'] === code;
}

function hasCode(concept: unknown, code: string): boolean {
  return list((concept as Json | undefined)?.['coding']).some((coding) => (coding as Json)['code'] === code);
}

function extensionOf(resource: Json, url: string): unknown {
  const found = list(resource['extension']).find((one) => (one as Json)['url'] === url) as Json | undefined;
  const key = Object.keys(found ?? {}).find((name) => name.startsWith('value'));
  return key === undefined ? undefined : found?.[key];
}

function referenceOf(value: unknown): string {
  const reference = (value as Json | undefined)?.['reference'];
  return typeof reference === 'string' ? reference : '';
}

function list(value: unknown): unknown[] {
  return value === undefined ? [] : Array.isArray(value) ? value : [value];
}
