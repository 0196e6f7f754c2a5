/** `fyr start`: the node itself, in the foreground, until it is told to stop. */
import { join } from 'node:path';
import type { Config, Secrets } from '#kernel/config.ts';
import { openDatabaseHome, type DatabaseHome } from '#kernel/database-home.ts';
import { Fault } from '#kernel/fault.ts';
import { openLog, type Log } from '#kernel/log.ts';
import { personaEntries } from '#sample/persona-entries.ts';
import { authorityPassphrase } from '#trust/authority/index.ts';
import { startNode, type Node, type NodeSecrets } from '../app.ts';
import { exitCode, parseWords, wrongUse, type Command, type CommandContext, type Output } from './command.ts';
import { loadSample } from './sample.ts';

export const start: Command = {
  name: 'start',
  takes: '[--topology demo]',
  summary: 'Starts the node; npm start does the same',
  help: `
The first start makes the database and loads the sample region (FYR_SAMPLE residents, 0 for none). The node answers while it loads.
  --topology demo   a region, two hospitals and a ward on this machine, each a process with a database of its own (docs/continuity.md)

Ctrl-C or SIGTERM stops it; a start after a crash recovers by itself.

Exit codes: 0 stopped as asked, 1 could not start or go on, 2 a setting is wrong.`,
  async run(words, context) {
    const { positionals, values } = parseWords(start, words, { topology: { type: 'string' } });
    if (positionals.length > 0) throw wrongUse(start, 'fyr start takes nothing more');
    if (values.topology === 'demo') return (await import('./topology.ts')).runDemo(context);
    if (values.topology !== undefined) throw wrongUse(start, 'The only topology is demo');
    const { config, secrets } = context.readConfig();
    const say = (line: string): void => void context.output.write(`${line}\n`);
    const file = context.output.isTTY ? { file: join(config.dataFolder, 'log', 'fyr.log') } : {};
    const { log, close: closeLog } = openLog({ level: config.logLevel, node: config.node, ...file });
    try {
      const home = await openDatabaseHome(config, secrets, 'start', say);
      try {
        log.info({ event: 'start', config }, 'starting');
        const node = await startNode(config, home.url, log, personaEntries(), nodeSecrets(config, secrets)).catch(
          (error: unknown) => {
            throw listenFault(error, config) ?? error;
          },
        );
        await serve(node, { home, config, log, context });
        log.info({ event: 'stop' }, 'stopped');
      } finally {
        await home.close();
      }
      say('Fyr has stopped.');
      return exitCode.done;
    } finally {
      await closeLog();
    }
  },
};

/** A node whose settings name no passphrase lets nobody join; all else it does. */
function nodeSecrets(config: Config, { nodeKey, authorityPassphrase: given }: Secrets): NodeSecrets {
  const { passphraseFile } = config.security.authority;
  const isGiven = given !== undefined || passphraseFile !== undefined;
  return { nodeKey, authorityPassphrase: isGiven ? authorityPassphrase(given, passphraseFile) : undefined };
}

/** The operating system's refusals of an address, in plain words; undefined for other errors. */
function listenFault(error: unknown, { host, port }: Config): Fault | undefined {
  const problems: { [code: string]: string } = {
    EADDRINUSE: `Port ${port} on ${host} is taken by another program. Stop that, or set FYR_PORT to another port.`,
    EACCES: `This account may not listen on port ${port}. Set FYR_PORT to one from 1024 on.`,
    EADDRNOTAVAIL: `${host} is no address of this machine. Set FYR_HOST to one that is, or to 0.0.0.0 for all of them.`,
    ENOTFOUND: `${host} is no address that this machine knows. Set FYR_HOST to one that is.`,
  };
  const problem = problems[(error as NodeJS.ErrnoException).code ?? ''];
  return problem === undefined ? undefined : new Fault('unavailable', problem, { cause: error });
}

type Serving = { home: DatabaseHome; config: Config; log: Log; context: CommandContext };

async function serve(node: Node, { home, config, log, context }: Serving): Promise<void> {
  const { output, signal } = context;
  output.write(`Fyr answers at ${node.url} · FHIR at ${node.url}/fhir\n`);
  const ended = home.ended.then(() => 'database' as const);
  try {
    const loaded = loadHere(node, config, context).then(
      (outcome) => outcome === 'complete' && ready(node, output),
      (error: unknown) => sampleFailed(error, output, log),
    );
    const outcome = await Promise.race([loaded.then(() => untilAborted(signal)), ended]);
    if (outcome === 'database')
      throw new Fault('unavailable', 'The database ended by itself. Its log is in postgres/log in the data folder.');
  } finally {
    home.stopping();
    if (signal.aborted) output.write('Stopping …\n');
    await node.stop();
  }
}

/** The sample lies at the region: the others get of it what is theirs. */
function loadHere(node: Node, config: Config, context: CommandContext): ReturnType<typeof loadSample> {
  return config.role === 'region' ? loadSample(node, config, context) : Promise.resolve('complete');
}

/** The node is of use without its sample; the next start goes on with it. */
function sampleFailed(error: unknown, output: Output, log: Log): void {
  log.error({ event: 'sample', err: error }, 'the sample could not be loaded whole');
  const reason = error instanceof Fault ? error.message : 'a bug; the log has it';
  output.write(`The sample region could not be loaded whole: ${reason}\nThe node goes on without the rest of it.\n`);
}

function ready(node: Node, output: Output): void {
  output.write(`Fyr is ready: ${node.url} (stop with Ctrl-C)\n`);
}

function untilAborted(signal: AbortSignal): Promise<'asked'> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve('asked');
    signal.addEventListener('abort', () => resolve('asked'), { once: true });
  });
}
