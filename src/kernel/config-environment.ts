/** The environment for programs that this one starts: without the settings of Fyr, since each is given its own. */
import { settings } from './config-settings.ts';

export function environmentWithoutSettings(): NodeJS.ProcessEnv {
  const own = new Set(['FYR_CONFIG', ...Object.values(settings).map(({ environment }) => environment)]);
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !own.has(name)));
}
