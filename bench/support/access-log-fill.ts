/** A log of many entries, quickly: by COPY, with seals that are valid. */
import { createPublicKey, type KeyObject } from 'node:crypto';
import { once } from 'node:events';
import type { Writable } from 'node:stream';
import type { Db } from '#kernel/db.ts';
import type { AccessEntry } from '#trust/access-log/index.ts';
import { actorRow, entryRow } from '#trust/access-log/canonical.ts';
import { insertActors, lastNumber, makePartitions } from '#trust/access-log/entry-store.ts';
import { createRootBuilder, leafOf } from '#trust/access-log/merkle.ts';
import { fingerprintOf, noSeal, sealHash, signSeal } from '#trust/access-log/seal.ts';
import { insertKey, insertSeal, lastSeal, readKeys } from '#trust/access-log/seal-store.ts';

const patients = 20_000;
const people = 3000;
const yearMs = 365 * 86_400_000;
const sealed = 1000;

const uuid = (kind: number, i: number): string =>
  `018c${kind.toString(16).padStart(4, '0')}-0000-7000-8000-${i.toString(16).padStart(12, '0')}`;

/** The entry that stands at a place in the invented year; the same each time. */
export function entryNumbered(i: number): AccessEntry {
  const person = (i * 7919) % people;
  const patient = uuid(1, (i * 104_729) % patients);
  return {
    at: 0,
    action: i % 5 === 0 ? 'search' : 'read',
    patient,
    request: uuid(2, i),
    who: {
      kind: 'personnel',
      reference: `Practitioner/${uuid(3, person)}`,
      name: `Person ${person}`,
      authorisation: person % 3 === 0 ? 'LE' : 'SP',
      client: 'fyr-pages',
    },
    role: {
      legalEntity: uuid(4, person % 3),
      pointOfCare: uuid(5, person % 12),
      department: uuid(6, person % 150),
      legalEntityNumber: '983974678',
      pointOfCareNumber: '974589095',
      practitionerRole: uuid(7, person),
    },
    what: { types: { Observation: 1 + (i % 4) }, resources: [`Observation/${uuid(8, i)}`] },
    purpose: 'TREAT',
    ground: `care-relationship:Encounter/${uuid(9, i % 40_000)}`,
    outcome: i % 997 === 0 ? 'refused' : 'allowed',
    from: { address: `10.1.${person % 250}.${i % 250}` },
  };
}

export type Filling = { entries: number; node: string; privateKey: KeyObject };

/** Appends entries over the year before now, sealed a thousand at a time, after what is there. */
export async function fillLog(db: Db, { entries, node, privateKey }: Filling): Promise<void> {
  const until = Date.now();
  const from = until - yearMs;
  await makePartitions(db, from, until);
  const key = fingerprintOf(privateKey);
  if (!(await readKeys(db)).some(({ fingerprint }) => fingerprint.equals(key))) {
    const publicKey = createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }) as string;
    await insertKey(db, { number: 1, fingerprint: key, publicKey, firstSeal: 1, since: from, word: null });
  }
  const actors = new Map<string, ReturnType<typeof actorRow>>();
  const first = (await lastNumber(db)) + 1;
  const newest = await lastSeal(db);
  let before = { number: newest?.number ?? 0, hash: newest ? sealHash({ ...newest, node }) : noSeal };
  const copy = (await db
    .unsafe('copy access_entry (number, at, patient, who, actor, action, outcome, content) from stdin')
    .writable()) as Writable;
  for (let done = 0; done < entries; done += sealed) {
    const count = Math.min(sealed, entries - done);
    const builder = createRootBuilder();
    const leaves: Buffer[] = [];
    let lines = '';
    const times: number[] = [];
    for (let i = done; i < done + count; i++) {
      const entry = { ...entryNumbered(i), at: Math.floor(from + (yearMs * i) / entries) };
      const { who, role } = entry;
      const actor = actors.get(who.reference) ?? actorRow(role ? { who, role } : { who });
      actors.set(who.reference, actor);
      const row = entryRow(entry, actor);
      const leaf = leafOf(first + i, row.content);
      builder.add(leaf);
      leaves.push(leaf);
      times.push(row.at);
      lines += `${first + i}\t${new Date(row.at).toISOString()}\t${row.patient}\t${row.who}\t${row.actor}\t${row.action}\t${row.outcome}\t${row.content}\n`;
    }
    if (!copy.write(lines)) await once(copy, 'drain');
    const seal = signSeal(
      {
        node,
        number: before.number + 1,
        first: first + done,
        last: first + done + count - 1,
        since: times[0] as number,
        until: times.at(-1) as number,
        sealed: times.at(-1) as number,
        root: builder.root(),
        previous: before.hash,
        key,
      },
      privateKey,
    );
    await insertSeal(db, seal, Buffer.concat(leaves));
    before = { number: seal.number, hash: sealHash(seal) };
  }
  copy.end();
  await once(copy, 'finish');
  await insertActors(db, [...actors.values()]);
  await db`update access_head set number = ${first + entries - 1}`;
  await db`vacuum analyze access_entry`;
}
