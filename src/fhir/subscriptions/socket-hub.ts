/** Who listens by WebSocket on this node, and to which subscriptions. */

export type Listener = { send(text: string): void; close(): void };

export class SocketHub {
  readonly #bound = new Map<string, Set<Listener>>();

  bind(subscription: string, listener: Listener): void {
    const listeners = this.#bound.get(subscription);
    if (listeners === undefined) this.#bound.set(subscription, new Set([listener]));
    else listeners.add(listener);
  }

  unbind(listener: Listener): void {
    for (const [subscription, listeners] of this.#bound) {
      listeners.delete(listener);
      if (listeners.size === 0) this.#bound.delete(subscription);
    }
  }

  isBound(subscription: string): boolean {
    return this.#bound.has(subscription);
  }

  /** Sends to all who listen; false when nobody does. */
  send(subscription: string, text: string): boolean {
    const listeners = this.#bound.get(subscription);
    for (const listener of listeners ?? []) listener.send(text);
    return listeners !== undefined;
  }

  closeAll(): void {
    const all = new Set([...this.#bound.values()].flatMap((listeners) => [...listeners]));
    this.#bound.clear();
    for (const listener of all) listener.close();
  }
}
