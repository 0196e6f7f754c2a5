/**
 * The WebSocket door. R4: the client sends `bind <id>`, is told `bound <id>` and from then on `ping <id>`
 * (https://hl7.org/fhir/R4/subscription.html#2.46.7.2). Backport: `bind-with-token <token>`, then notification bundles.
 */
import websocket from '@fastify/websocket';
import type { WebSocket } from '@fastify/websocket';
import type { FastifyRequest } from 'fastify';
import type { HttpServer } from '#kernel/http.ts';
import type { Listener } from './socket-hub.ts';

/** Whether the one who sends a request may bind to a subscription by its id. */
export type MayBind = (request: FastifyRequest) => Promise<(id: string) => Promise<boolean>>;

export type SocketDoor = {
  mayBind: MayBind;
  /** Subscription ids that the words bind to; empty: unknown, or not by websocket. */
  bindable(words: { id: string } | { token: string }): Promise<string[]>;
  bind(subscription: string, listener: Listener): void;
  unbind(listener: Listener): void;
};

const messageBytesMax = 4096;
const bindingsMax = 100;
/** What a listener has not yet taken; one that is slower than that is let go, and asks for what it missed by `$events`. */
const bufferedBytesMax = 16 * 1024 * 1024;

/** Opens the door at this path (`/fhir/ws`). */
export async function registerSocketDoor(server: HttpServer, path: string, door: SocketDoor): Promise<void> {
  if (!server.hasDecorator('websocketServer')) {
    await server.register(websocket, { options: { maxPayload: messageBytesMax } });
  }
  server.get(path, { websocket: true }, (socket: WebSocket, request) => listen(socket, door, door.mayBind(request)));
}

function listen(socket: WebSocket, door: SocketDoor, mayBind: ReturnType<MayBind>): void {
  mayBind.catch(() => socket.close(1011, 'Something is wrong at our side'));
  const listener: Listener = {
    send(text) {
      if (socket.bufferedAmount > bufferedBytesMax) return socket.terminate();
      socket.send(text);
    },
    close: () => socket.close(1001, 'The node stops'),
  };
  let bindings = 0;
  let work: Promise<unknown> = Promise.resolve();
  socket.on('message', (data: Buffer) => {
    bindings += 1;
    if (bindings > bindingsMax) return socket.close(1008, 'Too many messages');
    // One after another, so that answers come in the order of the questions.
    work = work
      .then(async () => answer(socket, listener, { ...door, allows: await mayBind }, String(data)))
      .catch(() => socket.close(1011, 'Something is wrong at our side'));
  });
  socket.on('close', () => door.unbind(listener));
  socket.on('error', () => door.unbind(listener));
}

async function answer(
  socket: WebSocket,
  listener: Listener,
  door: SocketDoor & { allows(id: string): Promise<boolean> },
  message: string,
): Promise<void> {
  const [, word, value] = /^(bind|bind-with-token)[ :]+([A-Za-z0-9.-]{1,200})\s*$/.exec(message) ?? [];
  if (word === undefined || value === undefined)
    return socket.close(1008, 'Send: bind <id>, or bind-with-token <token>');
  const isAllowed = word === 'bind-with-token' || (await door.allows(value));
  const ids = isAllowed ? await door.bindable(word === 'bind' ? { id: value } : { token: value }) : [];
  if (ids.length === 0)
    return socket.close(1008, `Nothing to bind: ${word === 'bind' ? value.slice(0, 64) : 'the token is not good'}`);
  for (const id of ids) {
    if (socket.readyState !== socket.OPEN) return;
    listener.send(`bound ${id}`);
    door.bind(id, listener);
  }
}
