/** The applications and systems that operators added (`fyr client add`): the table `oauth_client`. */
import type { JSONWebKeySet } from 'jose';
import type { Clock } from '#kernel/clock.ts';
import { sqlState, type Db } from '#kernel/db.ts';
import { Fault } from '#kernel/fault.ts';

/** `helseid`: PAR, DPoP, assertions of a minute. `smart`: SMART App Launch 2 and Backend Services as they are written. */
export type ClientProfile = 'helseid' | 'smart';

export type RegisteredClient = {
  id: string;
  name: string;
  profile: ClientProfile;
  /** SMART scopes and others that it may ask for, at most. */
  scopes: readonly string[];
  redirectUris: readonly string[];
  /** Public keys; with neither these nor an address of them, it is a public client. */
  jwks?: JSONWebKeySet;
  jwksUri?: string;
  /** Organisation number of the legal entity that it acts for; undefined: any. */
  organisation?: string;
};

type Row = {
  id: string;
  name: string;
  profile: ClientProfile;
  scopes: string[];
  redirectUris: string[];
  jwks: JSONWebKeySet | null;
  jwksUri: string | null;
  organisation: string | null;
};

export type ClientStore = {
  /** Throws a Fault `conflict` when the name is taken. */
  add(client: RegisteredClient): Promise<void>;
  find(id: string): Promise<RegisteredClient | undefined>;
  findByName(name: string): Promise<RegisteredClient | undefined>;
  /** By name. */
  list(): Promise<RegisteredClient[]>;
  /** Takes the client and all that was given to it away; false when there is none. */
  remove(id: string): Promise<boolean>;
};

export function createClientStore(db: Db, clock: Clock): ClientStore {
  const columns = db`id, name, profile, scopes, redirect_uris as "redirectUris", jwks, jwks_uri as "jwksUri", organisation`;
  return {
    async add(client) {
      try {
        await db`
          insert into oauth_client (id, name, profile, scopes, redirect_uris, jwks, jwks_uri, organisation, created)
          values (${client.id}, ${client.name}, ${client.profile}, ${[...client.scopes]}::text[],
            ${[...client.redirectUris]}::text[], ${client.jwks ? db.json(client.jwks as never) : null},
            ${client.jwksUri ?? null}, ${client.organisation ?? null}, ${clock.now()}::timestamptz)`;
      } catch (error) {
        if (sqlState(error) !== '23505') throw error;
        throw new Fault('conflict', `There is a client with the name ${client.name} already.`, { cause: error });
      }
    },
    async find(id) {
      const [row] = await db<Row[]>`select ${columns} from oauth_client where id = ${id}`;
      return row && clientOf(row);
    },
    async findByName(name) {
      const [row] = await db<Row[]>`select ${columns} from oauth_client where name = ${name}`;
      return row && clientOf(row);
    },
    async list() {
      return (await db<Row[]>`select ${columns} from oauth_client order by name`).map(clientOf);
    },
    async remove(id) {
      const { count } = await db`delete from oauth_client where id = ${id}`;
      await db`delete from provider_item where payload ->> 'clientId' = ${id}`;
      return count > 0;
    },
  };
}

function clientOf({ jwks, jwksUri, organisation, ...row }: Row): RegisteredClient {
  return {
    ...row,
    ...(jwks === null ? {} : { jwks }),
    ...(jwksUri === null ? {} : { jwksUri }),
    ...(organisation === null ? {} : { organisation }),
  };
}
