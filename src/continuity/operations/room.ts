/**
 * Room on the disks. Below a floor nothing is written any more, before PostgreSQL can not write its own log and stands still: reads go on, writes are told plainly,
 * and everything goes on by itself when there is room again.
 */
import { statfsSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { Fault } from '#kernel/fault.ts';
import type { HttpServer } from '#kernel/http.ts';

export type Room = {
  /** There is less than the floor on one of the disks. As of a second ago. */
  isShort(): boolean;
  start(): void;
  stop(): void;
};

export type RoomDeps = {
  /** Folders on the disks that are looked at. One that is not there (any more) is not looked at. */
  folders: readonly string[];
  floorBytes: number;
  /** Told when it begins and when it is over. */
  onChanged(isShort: boolean): void;
};

const lookEveryMs = 1000;

export function createRoom({ folders, floorBytes, onChanged }: RoomDeps): Room {
  const isBelow = ({ bavail, bsize }: { bavail: number; bsize: number }): boolean => bavail * bsize < floorBytes;
  let short = folders.some((folder) => {
    try {
      return isBelow(statfsSync(folder));
    } catch {
      return false;
    }
  });
  let timer: NodeJS.Timeout | undefined;
  const look = async (): Promise<void> => {
    const found = await Promise.all(folders.map((folder) => statfs(folder).then(isBelow, () => false)));
    const now = found.includes(true);
    if (now === short) return;
    short = now;
    onChanged(now);
  };
  return {
    isShort: () => short,
    start() {
      timer ??= setInterval(() => void look(), lookEveryMs).unref();
    },
    stop: () => clearInterval(timer),
  };
}

/** What would write to the record is refused while there is no room. Signing in, reading, and declaring a downtime go on: they need little. */
export function guardWrites(server: HttpServer, room: Pick<Room, 'isShort'>): void {
  server.addHook('onRequest', (request, _reply, done) => {
    if (room.isShort() && isWrite(request.method, request.url)) done(noRoom());
    else done();
  });
}

function noRoom(): Fault {
  return new Fault(
    'full',
    'There is no room on the disk of this node: nothing was written. Reading goes on. Writing goes on by itself when there is room.',
  );
}

function isWrite(method: string, url: string): boolean {
  const [path = ''] = url.split('?');
  if (!path.startsWith('/fhir') || method === 'GET' || method === 'HEAD' || method === 'OPTIONS') return false;
  return method !== 'POST' || !/\/(_search|\$[a-z-]+)$/.test(path);
}
