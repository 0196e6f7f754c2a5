/** Stands for a node in tests that kill it: starts an embedded PostgreSQL in the folder that is named, says so, and stays. */
import { totalmem } from 'node:os';
import { startEmbeddedPostgres } from '#kernel/embedded-postgres.ts';

const postgres = await startEmbeddedPostgres({
  folder: process.argv[2] ?? '',
  memoryBytes: totalmem(),
  durable: false,
});
console.log(`started ${postgres.url}`);
setInterval(() => {}, 1 << 30);
