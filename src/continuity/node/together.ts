/** Puts what the record wrote into the order in which it became true, with what became true together as one. Pure. */

/** A version's place in the record, and with what it became true: a text that begins with how many rows they are. */
export type Placed = { readonly bucket: number; readonly n: number; readonly together: string | null };

/**
 * The rows that can be told now, in groups. Of each bucket the rows are those from where it was read last on, without gaps; a group of which a row has not
 * been read yet is left for later, with all that comes behind it in its buckets.
 */
export function groupsOf<Row extends Placed>(rows: readonly Row[]): Row[][] {
  const queues = queuesOf(rows);
  const groups: Row[][] = [];
  for (let isMoving = true; isMoving;) {
    isMoving = false;
    for (const queue of queues.values()) {
      for (let group = nextGroup(queue, queues); group !== undefined; group = nextGroup(queue, queues)) {
        groups.push(group);
        isMoving = true;
      }
    }
  }
  return groups;
}

/** What is left of the rows of a bucket. */
type Queue<Row> = { readonly rows: readonly Row[]; next: number };

function queuesOf<Row extends Placed>(rows: readonly Row[]): Map<number, Queue<Row>> {
  const byBucket = new Map<number, Row[]>();
  for (const row of rows) {
    const known = byBucket.get(row.bucket);
    if (known) known.push(row);
    else byBucket.set(row.bucket, [row]);
  }
  return new Map(
    [...byBucket].map(([bucket, own]) => [bucket, { rows: own.sort((a, b) => a.n - b.n), next: 0 }] as const),
  );
}

/** Writers hold their buckets until they commit, so the rows of a group stand in front of all their buckets at some moment. */
function nextGroup<Row extends Placed>(queue: Queue<Row>, queues: ReadonlyMap<number, Queue<Row>>): Row[] | undefined {
  const first = queue.rows[queue.next];
  if (first === undefined) return undefined;
  const { together } = first;
  if (together === null) {
    queue.next++;
    return [first];
  }
  const group: Row[] = [];
  const moved: [Queue<Row>, number][] = [];
  for (const one of queues.values()) {
    let next = one.next;
    while (one.rows[next]?.together === together) group.push(one.rows[next++] as Row);
    moved.push([one, next]);
  }
  if (group.length < Number.parseInt(together, 10)) return undefined;
  for (const [one, next] of moved) one.next = next;
  return group;
}
