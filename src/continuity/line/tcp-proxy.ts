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

export async function openTcpProxy(listen: Address, target: Address): Promise<TcpProxy> {
  let state: 'open' | 'closed' | 'silent' = 'open';
  const sockets = new Set<Socket>();
  const follow = (socket: Socket, other: Socket): void => {
    sockets.add(socket);
    socket.on('close', () => {
      sockets.delete(socket);
      other.destroy();
    });
    socket.on('error', () => other.destroy());
    socket.on('data', (chunk) => {
      if (state !== 'open') return;
      if (!other.write(chunk)) socket.pause();
    });
    other.on('drain', () => socket.resume());
  };
  const server = createServer((near) => {
    if (state === 'closed') return void near.destroy();
    const far = connect(target.port, target.host);
    near.setNoDelay(true);
    far.setNoDelay(true);
    follow(near, far);
    follow(far, near);
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
