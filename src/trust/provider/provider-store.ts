/** What the provider remembers between requests: the storage that `oidc-provider` asks for (its Adapter), in PostgreSQL. */
import { hash } from 'node:crypto';
import type { Clock } from '#kernel/clock.ts';
import type { Db } from '#kernel/db.ts';

/** What is kept under a name: a JSON object. */
export type Item = { [name: string]: unknown };

export type ItemStore = {
  /** Keeps it for so many seconds. `unique`: gives false, and changes nothing, when there is one already. */
  put(model: string, id: string, item: Item, forSeconds: number, unique?: boolean): Promise<boolean>;
  find(model: string, id: string): Promise<Item | undefined>;
  findByUid(model: string, uid: string): Promise<Item | undefined>;
  /** Marks as used up; false when it was so already, or is gone. Of several at once, one gets true. */
  consume(model: string, id: string): Promise<boolean>;
  remove(model: string, id: string): Promise<void>;
  /** Removes what was given under a grant. */
  removeByGrant(grantId: string): Promise<void>;
  /** Removes what was given in a session, apart from what was to outlive it (`offline_access`). */
  removeBySession(sessionUid: string): Promise<void>;
  /** Ends the account's sessions, or the one that a client knows by this `sid`, with what was given in them. */
  removeSessions(account: string, of?: { client: string; sid: string }): Promise<void>;
  /** Removes all that an account was given. */
  removeAccount(account: string): Promise<void>;
  /** Removes up to 10,000 expired rows; how many there were. */
  prune(): Promise<number>;
};

/** Their ids are secrets: whoever has one may act by it. */
const secretIds = new Set(['AuthorizationCode', 'RefreshToken', 'PushedAuthorizationRequest']);

/** Kept a little longer than they are valid, so that a late second use is still known as one. */
const graceMs = 60_000;

export function createItemStore(db: Db, clock: Clock): ItemStore {
  const keyOf = (model: string, id: string): string => (secretIds.has(model) ? hash('sha256', id, 'base64url') : id);
  type Row = { payload: Item; consumed: number | null };
  const itemOf = (row: Row | undefined, id?: string): Item | undefined =>
    row && {
      ...row.payload,
      ...(id === undefined ? {} : { jti: id }),
      ...(row.consumed === null ? {} : { consumed: Math.floor(row.consumed / 1000) }),
    };
  return {
    async put(model, id, item, forSeconds, unique = false) {
      const { jti, ...rest } = item;
      const payload = secretIds.has(model) ? rest : { ...rest, ...(jti === undefined ? {} : { jti }) };
      const texts = { grant: textOf(item['grantId']), uid: model === 'Session' ? textOf(item['uid']) : null };
      const expires = clock.now() + forSeconds * 1000;
      const rows = await db`
        insert into provider_item as i (model, id, payload, grant_id, uid, expires)
        values (${model}, ${keyOf(model, id)}, ${db.json(payload as never)}, ${texts.grant}, ${texts.uid}, ${expires}::timestamptz)
        on conflict (model, id) do update
          set payload = excluded.payload, grant_id = excluded.grant_id, uid = excluded.uid, expires = excluded.expires
          where not ${unique}
        returning 1`;
      return rows.length > 0;
    },
    async find(model, id) {
      const [row] = await db<Row[]>`
        select payload, consumed from provider_item where model = ${model} and id = ${keyOf(model, id)}`;
      return itemOf(row, secretIds.has(model) ? id : undefined);
    },
    async findByUid(model, uid) {
      const [row] = await db<
        Row[]
      >`select payload, consumed from provider_item where model = ${model} and uid = ${uid}`;
      return itemOf(row);
    },
    async consume(model, id) {
      const rows = await db`
        update provider_item set consumed = ${clock.now()}::timestamptz
        where model = ${model} and id = ${keyOf(model, id)} and consumed is null returning 1`;
      return rows.length > 0;
    },
    async remove(model, id) {
      await db`delete from provider_item where model = ${model} and id = ${keyOf(model, id)}`;
    },
    async removeByGrant(grantId) {
      await db`delete from provider_item where grant_id = ${grantId}`;
    },
    async removeBySession(sessionUid) {
      await db`
        delete from provider_item
        where payload ->> 'sessionUid' = ${sessionUid}
          and not 'offline_access' = any(string_to_array(payload ->> 'scope', ' '))`;
    },
    async removeSessions(account, of) {
      for (const uid of await endSessions(db, account, of)) await this.removeBySession(uid);
    },
    async removeAccount(account) {
      await db`delete from provider_item where payload ->> 'accountId' = ${account}`;
    },
    async prune() {
      const { count } = await db`
        delete from provider_item where (model, id) in (
          select model, id from provider_item where expires < ${clock.now() - graceMs}::timestamptz limit 10000)`;
      return count;
    },
  };
}

/** Their names, by which what was given in them is found. */
async function endSessions(
  db: Db,
  account: string,
  of: { client: string; sid: string } | undefined,
): Promise<string[]> {
  const ended = await db<{ uid: string | null }[]>`
    delete from provider_item where model = 'Session' and payload ->> 'accountId' = ${account}
      ${of === undefined ? db`` : db`and payload -> 'authorizations' -> ${of.client} ->> 'sid' = ${of.sid}`}
    returning uid`;
  return ended.flatMap(({ uid }) => uid ?? []);
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
