/** Communication parties with what they take. */
import type { Db } from '#kernel/db.ts';

export type PartyAtEndpoint = {
  type: string;
  id: string;
  herId: string;
  name: string;
  organisation: string | null;
  organisationName: string | null;
  services: string[];
  endpoint: string;
  address: string;
  messages: string[];
  certificates: string;
};

export type PartyQuestion = {
  /** Ids of the organisations whose parties are asked for; absent: any. */
  organisations?: readonly string[];
  /** `REQ_LAB 1.5`, or `REQ_LAB` for any version. */
  message?: string;
  /** A date: endpoints that hold on it. */
  on: string;
  limit: number;
};

/** Active parties with an active endpoint each that takes the message on the day. */
export async function findAtEndpoints(
  db: Db,
  { organisations, message, on, limit }: PartyQuestion,
): Promise<PartyAtEndpoint[]> {
  return db<PartyAtEndpoint[]>`
    select p.type, p.id, p.her_id as "herId", p.name, p.organisation, o.name as "organisationName", p.services,
      e.id as endpoint, e.address, e.messages, e.certificates
    from register_party p
    cross join lateral unnest(p.endpoints) as at(endpoint)
    join register_endpoint e on e.id = at.endpoint
    left join register_organisation o on o.id = p.organisation
    where p.active and e.active
      and (e.valid_from is null or e.valid_from <= ${on}) and (e.valid_to is null or ${on} <= e.valid_to || '~')
      ${organisations === undefined ? db`` : db`and p.organisation = any(${[...organisations]})`}
      ${message === undefined ? db`` : db`and ${message} = any(e.messages)`}
    order by p.name, p.her_id limit ${limit}`;
}

export async function findByHerId(db: Db, herId: string): Promise<{ type: string; id: string }[]> {
  return db<
    { type: string; id: string }[]
  >`select type, id from register_party where her_id = ${herId} order by active desc`;
}
