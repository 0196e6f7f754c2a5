/** Opens the record for a command: beside a running node, or by starting the database for as long as the command takes. */
import { joinDatabaseHome } from '#kernel/database-home.ts';
import { openRecord, type Record } from '../app.ts';
import type { CommandContext } from './command.ts';

/** Does the work with the record and closes what was opened, also when the work fails. */
export async function withRecord<T>(
  context: CommandContext,
  purpose: string,
  work: (record: Record, dataFolder: string) => Promise<T>,
): Promise<T> {
  const { config, secrets } = context.readConfig();
  const home = await joinDatabaseHome(config, secrets, purpose, (line) => context.output.write(`${line}\n`));
  try {
    const record = await openRecord({ ...config, limits: { ...config.limits, statementTimeoutMs: 0 } }, home.url);
    try {
      return await work(record, config.dataFolder);
    } finally {
      await record.close();
    }
  } finally {
    home.stopping();
    await home.close();
  }
}
