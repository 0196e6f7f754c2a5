/** Where the program begins: reads the settings, runs the command, and tells in plain words what stops it. */
import { readConfig } from '#kernel/config.ts';
import { Fault } from '#kernel/fault.ts';
import { runCommand } from './cli/index.ts';

/** Before service managers lose patience (systemd: 90 s). What was acknowledged is in the database already. */
const endLimitMs = 60_000;

/** A database or disk that hangs, not even refusing, must not keep the node from being started elsewhere. */
function endAnyway(code: number): never {
  console.error(`Not everything ended within ${endLimitMs / 1000} s. Ending all the same.`);
  process.exit(code);
}

/** 0 done · 1 a bug or a failure · 2 wrong use or settings · 130 and 143 stopped by a signal. */
async function main(): Promise<number> {
  const stop = new AbortController();
  let stoppedBy = 0;
  for (const [name, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const) {
    process.on(name, () => {
      stoppedBy ||= code;
      stop.abort();
      setTimeout(() => endAnyway(code), endLimitMs).unref();
    });
  }
  try {
    const code = await runCommand(process.argv.slice(2), {
      readConfig: () => readConfig(process.env, process.cwd()),
      folder: process.cwd(),
      output: process.stdout,
      signal: stop.signal,
    });
    return stoppedBy === 0 ? code : stoppedBy;
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    console.error(error.message);
    return error.kind === 'invalid' ? 2 : 1;
  }
}

process.exitCode = await main();
