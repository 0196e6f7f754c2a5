/** The commands of `fyr`, for operators. */
import { Fault } from '#kernel/fault.ts';
import { exitCode, type Command, type CommandContext } from './command.ts';
import { atDemoNode } from './topology-plan.ts';

/** By their first word, loaded when they are called: a command costs what it needs, not what all of them do. */
const groups: Readonly<Record<string, () => Promise<readonly Command[]>>> = {
  start: async () => [(await import('./start.ts')).start],
  import: async () => [(await import('./import.ts')).importRecord],
  export: async () => [(await import('./export.ts')).exportRecord],
  definitions: async () => [(await import('./definitions-add.ts')).definitionsAdd],
  registers: async () => Object.values(await import('./registers.ts')),
  search: async () => [(await import('./search.ts')).searchRebuild],
  classification: async () => (await import('./classification.ts')).classificationCommands,
  check: async () => [(await import('./check.ts')).check],
  pack: async () => [(await import('./pack.ts')).pack],
  backup: async () => (await import('./backup.ts')).backupCommands,
  restore: async () => [(await import('./restore.ts')).restore],
  distribute: async () => [(await import('./distribute.ts')).distribute],
  keys: async () => Object.values(await import('./keys.ts')),
  drill: async () => (await import('./drill.ts')).drillCommands,
  carry: async () => (await import('./carry.ts')).carryCommands,
  line: async () => Object.values(await import('./line.ts')),
  join: async () => [(await import('./join.ts')).join],
  node: async () => [(await import('./node-add.ts')).nodeAdd],
  ca: async () => Object.values(await import('./ca.ts')),
  sample: async () => [(await import('./sample-advance.ts')).sampleAdvance],
  client: async () => Object.values(await import('./client.ts')),
  token: async () => [(await import('./token.ts')).token],
  log: async () => (await import('./log.ts')).logCommands,
};

/**
 * Finds and runs the command that the words name, `--node <name>` as in the folder of that node of the demo topology. Gives the exit code; throws a Fault for
 * what the person can put right.
 */
export async function runCommand(given: string[], from: CommandContext): Promise<number> {
  const { words, node } = withoutNode(given);
  const context = node === undefined ? from : atDemoNode(from, node);
  const [first = ''] = words[0] === 'help' ? words.slice(1) : words;
  const load = Object.hasOwn(groups, first) ? groups[first] : undefined;
  const commands = load === undefined ? await everyCommand() : await load();
  const command = commands.find(({ name }) => name === words.slice(0, name.split(' ').length).join(' '));
  const rest = words.slice(command?.name.split(' ').length ?? 0);
  const asked = words.length === 0 || words[0] === 'help' || words.includes('--help') || words.includes('-h');
  if (asked) {
    const about = command ?? commands.find(({ name }) => name === words.slice(1).join(' '));
    context.output.write(about ? helpOf(about) : overview(await everyCommand()));
    return words.length === 0 ? exitCode.wrongUse : exitCode.done;
  }
  if (!command)
    throw new Fault('invalid', `There is no command "${words.join(' ')}".\n\n${overview(await everyCommand())}`);
  return command.run(rest, context);
}

function withoutNode(given: readonly string[]): { words: string[]; node: string | undefined } {
  const at = given.indexOf('--node');
  if (at < 0) return { words: [...given], node: undefined };
  const node = given[at + 1];
  if (node === undefined) throw new Fault('invalid', 'Say which node: --node <name>.');
  return { words: given.toSpliced(at, 2), node };
}

async function everyCommand(): Promise<Command[]> {
  return (await Promise.all(Object.values(groups).map((load) => load()))).flat();
}

function overview(commands: readonly Command[]): string {
  const width = Math.max(...commands.map((command) => `${command.name} ${command.takes}`.length)) + 2;
  const lines = commands.map(
    (command) => `  fyr ${`${command.name} ${command.takes}`.padEnd(width)}${command.summary}`,
  );
  return [
    'Fyr: an open health platform that stays lit when everything around it goes dark.',
    '',
    ...lines,
    '',
    'Settings come from the environment and fyr.json; see docs/configuration.md. fyr <command> --help tells more.',
    'With --node <name>, of a node of the demo topology (npm start -- --topology demo): region, central, local or ward.',
    '',
  ].join('\n');
}

function helpOf(command: Command): string {
  return [`fyr ${command.name} ${command.takes}`, '', `${command.summary}.`, '', command.help.trim(), ''].join('\n');
}
