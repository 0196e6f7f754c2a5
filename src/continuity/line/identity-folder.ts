import { join } from 'node:path';
import type { Config } from '#kernel/config.ts';

/** Where a node keeps its certificate and key. */
export function identityFolder({ dataFolder }: Pick<Config, 'dataFolder'>): string {
  return join(dataFolder, 'identity');
}
