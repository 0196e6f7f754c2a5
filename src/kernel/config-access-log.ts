/** Settings of the access log: the key that seals it, and how long its entries are kept. */
import { join } from 'node:path';
import { file, whole, type Setting } from './config-form.ts';

/** By their names in the settings file. */
export const accessLogSettings = {
  logKeyFile: {
    environment: 'FYR_LOG_KEY_FILE',
    ...file,
    default: undefined,
    about:
      'File with the key that seals the access log (Ed25519, PEM). Without it: `keys/log.key` in the data folder, made at the first start. Processes that share a database share the key.',
  },
  logYears: {
    environment: 'FYR_LOG_YEARS',
    ...whole(3, 100),
    default: 10,
    about:
      'Years that entries of the access log are kept before `fyr log prune` may take them away; EHDS (article 9) asks for at least 3.',
  },
} satisfies Record<string, Setting>;

export type AccessLogConfig = {
  /** Derived: there even where nothing is set. */
  readonly keyFile: string;
  readonly anchorFolder: string;
  readonly years: number;
};

/** The configuration of the log. `dataFolder` and the key's file are absolute. */
export function accessLogOf(
  { logKeyFile, logYears }: { logKeyFile: string | undefined; logYears: number },
  dataFolder: string,
  absolute: (path: string) => string,
): AccessLogConfig {
  return Object.freeze({
    keyFile: logKeyFile === undefined ? join(dataFolder, 'keys', 'log.key') : absolute(logKeyFile),
    anchorFolder: join(dataFolder, 'log', 'anchors'),
    years: logYears,
  });
}
