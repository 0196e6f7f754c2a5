/** Notices what other processes write: reads the change feed twice a second, and raises the generations of what the policy rests on. */
import type { Db } from '#kernel/db.ts';
import { readFeed, type FeedCursor } from '#fhir/index.ts';
import { readHeads } from '#fhir/record/feed-store.ts';
import { watchedTypes, type Generations } from './generations.ts';

export type Follower = { start(): Promise<void>; stop(): Promise<void> };

const everyMs = 500;
const entriesAtOnce = 2000;

type FollowDeps = { db: Db; generations: Generations; report(event: string, error: unknown): void };

/** While the feed can't be read, everything kept counts as old: better slow than wrong. */
export function createFollower({ db, generations, report }: FollowDeps): Follower {
  let cursor: FeedCursor | undefined;
  let timer: NodeJS.Timeout | undefined;
  let underWay = Promise.resolve();
  let isStopped = false;
  const follow = async (): Promise<void> => {
    if (cursor === undefined) {
      cursor = new Map((await readHeads(db)).map(({ bucket, n }) => [bucket, n]));
      generations.raiseAll();
      return;
    }
    for (;;) {
      const page = await readFeed(db, cursor, entriesAtOnce, watchedTypes);
      for (const { bucket } of page.entries) generations.raise(bucket);
      const isDone = page.cursor === cursor;
      cursor = page.cursor;
      if (isDone) return;
    }
  };
  const turn = (): void => {
    underWay = follow()
      .catch((error: unknown) => {
        cursor = undefined;
        generations.raiseAll();
        if (!isStopped) report('policy follows the feed', error);
      })
      .then(() => {
        if (!isStopped) timer = setTimeout(turn, everyMs);
      });
  };
  return {
    async start() {
      turn();
      await underWay;
    },
    async stop() {
      isStopped = true;
      clearTimeout(timer);
      await underWay;
    },
  };
}
