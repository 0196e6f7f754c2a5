/** Makes and removes whole databases: the embedded PostgreSQL's own at its first start, and one a worker in the tests. */
import { openDatabase, type Db } from './db.ts';

/** Creates a database unless it is there, empty or as a copy of `template` (which then has no sessions). `url` is of another database. */
export async function createDatabase(url: string, name: string, template?: string): Promise<void> {
  await once(url, async (db) => {
    const [found] = await db`select 1 from pg_database where datname = ${name}`;
    if (found !== undefined) return;
    if (template === undefined) await db`create database ${db(name)}`;
    else await db`create database ${db(name)} template ${db(template)} strategy file_copy`;
  });
}

/** Removes a database, ending its sessions; nothing happens where there is none. */
export async function dropDatabase(url: string, name: string): Promise<void> {
  await once(url, async (db) => {
    await db`drop database if exists ${db(name)} with (force)`;
  });
}

async function once(url: string, work: (db: Db) => Promise<void>): Promise<void> {
  const db = openDatabase(url, { connectionsMax: 1 });
  try {
    await work(db);
  } finally {
    await db.end();
  }
}
