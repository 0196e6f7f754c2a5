/** Where the program begins: reads the settings, runs the command, and tells in plain words what stops it. */
import { readConfig } from '#kernel/config.ts';
import { Fault } from '#kernel/fault.ts';
import { runCommand } from './cli/index.ts';

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
