/** The door of control: its routes, and what opens a case. */
import type { HttpServer } from '#kernel/http.ts';
import type { Caller } from '../caller.ts';
import type { CaseDates } from '../access-log/index.ts';
import { caseDatesSince, openCase, type WrongAccess } from './cases.ts';
import { registerControlRoutes, type ControlRouteDeps } from './routes.ts';

export type { WrongAccess } from './cases.ts';
export { createOpenShare, type OpenShare } from './open-share.ts';

export type Control = {
  /** Opens `/api/control`. */
  register(server: HttpServer): void;
  /** Opens a case for the privacy officer of what a citizen says is wrong; gives its id. */
  openCase(wrong: WrongAccess, caller: Caller): Promise<string>;
  /** When cases were opened and closed: of those open, and those closed since. */
  casesSince(from: number): Promise<CaseDates[]>;
};

export function createControl(deps: ControlRouteDeps): Control {
  return {
    register: (server) => registerControlRoutes(server, deps),
    openCase: (wrong, caller) => openCase(deps, wrong, caller),
    casesSince: (from) => caseDatesSince(deps, from),
  };
}
