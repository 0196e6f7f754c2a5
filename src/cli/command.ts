/** What a command of `fyr` is, and what it is handed. */
import { parseArgs, type ParseArgsConfig } from 'node:util';
import type { Config, Secrets } from '#kernel/config.ts';
import { Fault } from '#kernel/fault.ts';

/** A person's terminal, or a file or pipe: then lines are plain. */
export type Output = { write(text: string): unknown; isTTY?: boolean; columns?: number };

export type CommandContext = {
  /** Throws a Fault that names every problem. */
  readConfig(): { config: Config; secrets: Secrets };
  /** Where the command was given; relative paths start here. */
  folder: string;
  output: Output;
  /** Aborted by Ctrl-C and SIGTERM: leave off at a safe point. */
  signal: AbortSignal;
};

export type Command = {
  /** After `fyr`: `import`, `definitions add`. */
  name: string;
  /** What stands after the name: `<file|folder> …`. */
  takes: string;
  /** One line for the list of commands. */
  summary: string;
  /** More lines for `--help`: options, examples, exit codes. */
  help: string;
  /** Gives the exit code; throws a Fault for what people can put right. */
  run(words: string[], context: CommandContext): Promise<number>;
};

export const exitCode = { done: 0, failed: 1, wrongUse: 2, interrupted: 130 } as const;

type Options = NonNullable<ParseArgsConfig['options']>;
type Parsed<T extends Options> = ReturnType<typeof parseArgs<{ args: string[]; options: T; allowPositionals: true }>>;

/** Reads options and words, and refuses in plain words those that the command does not have. */
export function parseWords<T extends Options>(command: Command, words: string[], options: T): Parsed<T> {
  try {
    return parseArgs({ args: words, options, allowPositionals: true });
  } catch (error) {
    throw wrongUse(command, (error as Error).message.split('. ')[0] ?? 'That is not how it is used');
  }
}

/** The refusal of a command line, with how it is right. */
export function wrongUse(command: Command, problem: string): Fault {
  return new Fault(
    'invalid',
    `${problem.replace(/\.$/, '')}.\nUse: fyr ${command.name} ${command.takes}\nMore: fyr ${command.name} --help`,
  );
}
