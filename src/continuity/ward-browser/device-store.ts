/** Browsers that keep a ward, as this node knows them. */
import type { Db } from '#kernel/db.ts';
import type { DeviceShown } from './contract.ts';

type Row = Omit<DeviceShown, 'state'> & { person: string; wipeAsked: number | null; wiped: number | null };

export type NewDevice = { device: string; name: string; ward: string; person: string; personName: string };

export async function addDevice(
  db: Db,
  { device, name, ward, person, personName }: NewDevice,
  now: number,
  until: number,
) {
  await db`insert into ward_device (id, name, ward, person, person_name, since, seen, until)
    values (${device}, ${name}, ${ward}, ${person}, ${personName}, ${now}, ${now}, ${until})`;
}

/** Notes that it was there. Undefined: no such device, or another person's. */
export async function seeDevice(
  db: Db,
  device: string,
  person: string,
  now: number,
  until: number,
): Promise<{ until: number; mustWipe: boolean } | undefined> {
  const [row] = await db<{ until: number; mustWipe: boolean }[]>`
    update ward_device set seen = ${now},
      until = case when wipe_asked is null and wiped is null then ${until}::timestamptz else until end
    where id = ${device} and person = ${person}
    returning until, wipe_asked is not null or wiped is not null as "mustWipe"`;
  return row;
}

/** @param person whose; undefined: all */
export async function listDevices(db: Db, person: string | undefined, count: number): Promise<DeviceShown[]> {
  const rows = await db<Row[]>`
    select id as device, name, ward, person_name as person, since, seen, until, wipe_asked as "wipeAsked", wiped
    from ward_device where ${person === undefined ? db`true` : db`person = ${person}`}
    order by seen desc limit ${count}`;
  return rows.map(({ wipeAsked, wiped, ...rest }) => ({
    ...rest,
    state: wiped !== null ? 'wiped' : wipeAsked !== null ? 'to-be-wiped' : 'keeps',
  }));
}

/** False: there is no such device, or it is not this person's. */
export async function askWipe(db: Db, device: string, person: string | undefined, now: number): Promise<boolean> {
  const rows = await db`update ward_device set wipe_asked = coalesce(wipe_asked, ${now})
    where id = ${device} and ${person === undefined ? db`true` : db`person = ${person}`} returning id`;
  return rows.length > 0;
}

export async function noteWiped(db: Db, device: string, person: string, now: number): Promise<boolean> {
  const rows = await db`update ward_device set wiped = coalesce(wiped, ${now}), seen = ${now}
    where id = ${device} and person = ${person} returning id`;
  return rows.length > 0;
}

/** What nobody has heard of for so long is forgotten. */
export async function forgetDevices(db: Db, before: number): Promise<void> {
  await db`delete from ward_device where seen < ${before}`;
}
