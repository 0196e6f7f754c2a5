/** A line that can be pulled: hands bytes on between a port and an address, until it is cut. For trials, drills and tests. */
import { connect, createServer, type Socket } from 'node:net';

export type TcpProxy = {
  port: number;
  /** `closed`: connections end, new ones are refused. `silent`: nothing gets through, and nobody is told (a half-open line). */
  cut(how?: 'closed' | 'silent'): void;
  restore(): void;
  stop(): Promise<void>;
};

type Address = { host: string; port: number };

/** Bytes on their way: `up` to the address, `down` back from it. */
export type Passing = { way: 'up' | 'down'; bytes: number; connection: number };

/** What becomes of them: handed on, now or after a while with all that follows; lost without a word; lost with the connection. */
export type Passage = 'pass' | 'lose' | 'end' | { afterMs: number };

/** `disturb` decides while the line is not cut; without it, everything passes. */
export async function openTcpProxy(
  listen: Address,
  target: Address,
  disturb: (passing: Passing) => Passage = () => 'pass',
): Promise<TcpProxy> {
  let state: 'open' | 'closed' | 'silent' = 'open';
  const sockets = new Set<Socket>();
  let connections = 0;
  const follow = (socket: Socket, other: Socket, from: Omit<Passing, 'bytes'>): void => {
    sockets.add(socket);
    socket.on('close', () => {
      sockets.delete(socket);
      other.destroy();
    });
    socket.on('error', () => other.destroy());
    socket.on('data', (chunk) => {
      if (state !== 'open') return;
      const passage = disturb({ ...from, bytes: chunk.length });
      if (passage === 'lose') return;
      if (passage === 'end') return void socket.destroy();
      if (passage !== 'pass') return later(socket, passage.afterMs, () => other.destroyed || other.write(chunk));
      if (!other.write(chunk)) socket.pause();
    });
    other.on('drain', () => socket.resume());
  };
  const server = createServer((near) => {
    if (state === 'closed') return void near.destroy();
    const far = connect(target.port, target.host);
    near.setNoDelay(true);
    far.setNoDelay(true);
    const connection = ++connections;
    follow(near, far, { way: 'up', connection });
    follow(far, near, { way: 'down', connection });
  });
  const proxy: TcpProxy = {
    port: 0,
    cut(how = 'closed') {
      state = how;
      if (how === 'closed') for (const socket of sockets) socket.destroy();
    },
    restore() {
      // What was swallowed can not be made up for: those connections are of no use any more.
      if (state === 'silent') for (const socket of sockets) socket.destroy();
      state = 'open';
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(listen.port, listen.host, resolve);
  });
  proxy.port = (server.address() as { port: number }).port;
  return proxy;
}

/** What comes behind waits too, so that the order is kept. */
function later(socket: Socket, ms: number, work: () => void): void {
  socket.pause();
  setTimeout(() => {
    work();
    socket.resume();
  }, ms);
}
