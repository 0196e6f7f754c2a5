/** The commands of `fyr`, for operators. */
import { Fault } from '#kernel/fault.ts';
import { caCode, caCrl, caInit, caIssue, caList, caRenew, caRevoke } from './ca.ts';
import { check } from './check.ts';
import { clientAdd, clientList, clientRemove } from './client.ts';
import { exitCode, type Command, type CommandContext } from './command.ts';
import { definitionsAdd } from './definitions-add.ts';
import { distribute } from './distribute.ts';
import { exportRecord } from './export.ts';
import { importRecord } from './import.ts';
import { keysList, keysRemove, keysRotate } from './keys.ts';
import { logCommands } from './log.ts';
import { registersExport, registersImport } from './registers.ts';
import { sampleAdvance } from './sample-advance.ts';
import { start } from './start.ts';
import { token } from './token.ts';

const commands: readonly Command[] = [
  start,
  importRecord,
  exportRecord,
  definitionsAdd,
  registersImport,
  registersExport,
  check,
  distribute,
  keysList,
  keysRotate,
  keysRemove,
  caInit,
  caIssue,
  caRenew,
  caCode,
  caRevoke,
  caList,
  caCrl,
  sampleAdvance,
  clientAdd,
  clientList,
  clientRemove,
  token,
  ...logCommands,
];

/** Finds and runs the command that the words name. Gives the exit code; throws a Fault for what the person can put right. */
export async function runCommand(words: string[], context: CommandContext): Promise<number> {
  const command = commands.find(({ name }) => name === words.slice(0, name.split(' ').length).join(' '));
  const rest = words.slice(command?.name.split(' ').length ?? 0);
  const asked = words.length === 0 || words[0] === 'help' || words.includes('--help') || words.includes('-h');
  if (asked) {
    const about = command ?? commands.find(({ name }) => name === words.slice(1).join(' '));
    context.output.write(about ? helpOf(about) : overview());
    return words.length === 0 ? exitCode.wrongUse : exitCode.done;
  }
  if (!command) throw new Fault('invalid', `There is no command "${words.join(' ')}".\n\n${overview()}`);
  return command.run(rest, context);
}

function overview(): string {
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
    '',
  ].join('\n');
}

function helpOf(command: Command): string {
  return [`fyr ${command.name} ${command.takes}`, '', `${command.summary}.`, '', command.help.trim(), ''].join('\n');
}
