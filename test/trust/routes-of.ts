/** Every address that a node answers at, as it is registered: so that what somebody adds is tested without anybody remembering it. */
import { expect } from 'vitest';
import type { HttpServer } from '#kernel/http.ts';

export type Registered = { method: string; path: string };

/** Fastify prints its routes as a tree of prefixes, four columns a level. */
export function routesOf(server: HttpServer): Registered[] {
  const found: Registered[] = [];
  const above: string[] = [];
  for (const line of server.printRoutes().split('\n')) {
    const [, bars = '', part = '', methods] = /^((?:[│ ] {3})*)[├└]── (.*?)(?: \(([A-Z, ]+)\))?$/u.exec(line) ?? [];
    if (part === '') continue;
    const level = bars.length / 4;
    above.length = level;
    above.push(part === '(empty root node)' ? '' : part);
    for (const method of methods?.split(', ') ?? []) found.push({ method, path: above.join('') });
  }
  expect(found.length).toBeGreaterThan(50);
  return found;
}

/** An address of the route: `:id` and `*` filled in. */
export const addressOf = ({ path }: Registered): string => path.replace(/:[a-z]+/gi, 'x').replace(/\*$/, 'x/y');
