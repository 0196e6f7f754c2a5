/** What people call the organisations and persons that entries name by id. Names change seldom, so they are remembered for a while. */
import type { Clock } from '#kernel/clock.ts';
import type { Db } from '#kernel/db.ts';
import { findMany } from '#fhir/record/store.ts';

export type Names = {
  /** Names by reference (`Organization/id`); what is not here or has no name is left out. */
  of(references: readonly string[]): Promise<ReadonlyMap<string, string>>;
};

const keptMs = 10 * 60_000;
const keptMax = 20_000;

type Kept = { name: string | undefined; until: number };

/** Reads the record's directories: organisations, personnel, devices. Never patients. */
export function createNames(db: Db, clock: Clock): Names {
  const kept = new Map<string, Kept>();
  return {
    async of(references) {
      const now = clock.now();
      const wanted = [...new Set(references)].filter((each) =>
        /^(Organization|Practitioner|Device|Location)\/./.test(each),
      );
      const missing = wanted.filter((each) => (kept.get(each)?.until ?? 0) < now);
      if (missing.length > 0) {
        if (kept.size + missing.length > keptMax) kept.clear();
        for (const each of missing) kept.set(each, { name: undefined, until: now + keptMs });
        const keys = missing.map((each) => {
          const slash = each.indexOf('/');
          return { type: each.slice(0, slash), id: each.slice(slash + 1) };
        });
        for (const { type, id, content } of await findMany(db, keys))
          kept.set(`${type}/${id}`, { name: content === null ? undefined : nameIn(content), until: now + keptMs });
      }
      return new Map(
        wanted.flatMap((each): [string, string][] => {
          const name = kept.get(each)?.name;
          return name === undefined ? [] : [[each, name]];
        }),
      );
    },
  };
}

type Named = {
  name?: string | { text?: string; family?: string; given?: string[] }[];
  deviceName?: { name?: string }[];
};

function nameIn(content: string): string | undefined {
  const { name, deviceName } = JSON.parse(content) as Named;
  if (typeof name === 'string') return name;
  const [first] = name ?? [];
  if (first) return first.text ?? [...(first.given ?? []), first.family].filter((part) => part !== undefined).join(' ');
  return deviceName?.[0]?.name;
}

/** The references of organisations that a role names. */
export function organisationsIn(
  role: { legalEntity: string; pointOfCare: string; department?: string } | undefined,
): string[] {
  if (role === undefined) return [];
  const { legalEntity, pointOfCare, department } = role;
  return [legalEntity, pointOfCare, department].flatMap((id) => (id === undefined ? [] : [`Organization/${id}`]));
}
