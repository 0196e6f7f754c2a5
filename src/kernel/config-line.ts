/** Settings of the lines between nodes. */
import { text, whole, type Setting } from './config-form.ts';

/** By their names in the settings file. */
export const lineSettings = {
  upstream: {
    environment: 'FYR_UPSTREAM',
    ...text(/^https:\/\/[^\s/?#]+$/, 'a URL such as https://region.example.no:8443, without a path'),
    default: undefined,
    about:
      'Line port of the node above: of the region for a site, of the site for a ward. The node joins it with `fyr join`.',
  },
  linePort: {
    environment: 'FYR_LINE_PORT',
    ...whole(1, 65_535),
    default: undefined,
    about: 'The port where nodes below are answered, by certificates of the region. Without it: there are none.',
  },
  databaseMemory: {
    environment: 'FYR_DATABASE_MEMORY',
    ...whole(256, 1_048_576),
    default: undefined,
    about:
      'Megabytes that the embedded PostgreSQL is measured for, where several nodes share a machine. Without it: all of the machine.',
  },
} satisfies Record<string, Setting>;

export type LineConfig = {
  /** Without a slash at its end; undefined: nobody is above. */
  readonly upstream: string | undefined;
  readonly port: number | undefined;
};

type Values = { upstream?: string | undefined; linePort?: number | undefined };

export function lineOf({ upstream, linePort }: Values): LineConfig {
  return Object.freeze({ upstream, port: linePort });
}
