/** `fyr carry out` and `fyr carry in`: the line on a memory stick, when no other is left. */
import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { carryIn, carryOut, filesFor, openCarry, type CarriedIn } from '#continuity/carry/index.ts';
import { systemClock } from '#kernel/clock.ts';
import { Fault } from '#kernel/fault.ts';
import { systemIds, systemRandomness } from '#kernel/ids.ts';
import { exitCode, parseWords, wrongUse, type Command, type CommandContext } from './command.ts';
import { withRecord } from './record.ts';

const about = `
The files are sealed for the node that they are for and signed by the one that they are from: a stick that is lost tells nobody anything, and a file that was changed
is not taken. What comes by the stick and by the line does not count twice, in whatever order they come. The node may run.`;

const out: Command = {
  name: 'carry out',
  takes: '<folder>',
  summary: 'Writes onto a stick what waits for the node above, and asks it for what is new',
  help: `${about}

  1. here:             fyr carry out /media/stick
  2. at the node above: fyr carry in /media/stick      takes it, and writes the answer onto the stick
  3. here again:       fyr carry in /media/stick

  --node <name>   a node of the demo topology (npm start -- --topology demo), such as ward; without it the node of this folder

Exit codes: 0 written, 1 refused or no room, 2 wrong use or settings.`,
  async run(words, context) {
    const folder = asked(out, words, context);
    return withCarry(context, async (deps) => {
      mkdirSync(folder, { recursive: true });
      const { file, to, operations } = await carryOut(deps, folder);
      context.output.write(`${file}\n${operations} operations for ${to}. There: fyr carry in <the stick>\n`);
      return exitCode.done;
    });
  },
};

const takeIn: Command = {
  name: 'carry in',
  takes: '<folder>',
  summary: 'Takes in what is on a stick for this node; what came from below is answered onto it',
  help: `${about}
Stopped or killed in the middle, the same command goes on. Files for other nodes are left alone.

  --node <name>   a node of the demo topology; without it the node of this folder

Exit codes: 0 all taken in, 1 one was refused, 2 wrong use or settings.`,
  async run(words, context) {
    const folder = asked(takeIn, words, context);
    return withCarry(context, async (deps) => {
      const { name } = deps.map.facts;
      const files = await filesFor(name, folder);
      if (files.length === 0) throw new Fault('notFound', `There is nothing for ${name} in ${folder}.`);
      let refused = 0;
      for (const file of files) {
        try {
          for (const line of linesOf(file, await carryIn(deps, file, folder))) context.output.write(`${line}\n`);
        } catch (error) {
          if (!(error instanceof Fault)) throw error;
          refused++;
          context.output.write(`${file}\n  refused: ${error.message}\n`);
        }
      }
      return refused === 0 ? exitCode.done : exitCode.failed;
    });
  },
};

export const carryCommands: readonly Command[] = [out, takeIn];

function linesOf(file: string, { from, before, operations, entries, setAside, answer, again }: CarriedIn): string[] {
  if (before !== undefined) return [file, `  from ${from}: taken in already, ${new Date(before).toISOString()}`];
  const isAnswer = answer === undefined;
  const went = isAnswer ? `${operations} of ours are there, ${entries} of theirs are here` : `${operations} taken`;
  return [
    file,
    `  from ${from}: ${went}${setAside === 0 ? '' : `, ${setAside} set aside for a person`}`,
    ...(isAnswer ? [] : [`  answer for ${from}, with ${entries} that are new to it: ${answer}`]),
    ...(again === undefined ? [] : [`  ${again}`]),
  ];
}

function asked(command: Command, words: string[], { folder }: CommandContext): string {
  const { positionals } = parseWords(command, words, {});
  const [path, ...more] = positionals;
  if (path === undefined || more.length > 0) throw wrongUse(command, 'Say the folder of the stick');
  return resolve(folder, path);
}

async function withCarry(
  context: CommandContext,
  work: (deps: Awaited<ReturnType<typeof openCarry>>) => Promise<number>,
): Promise<number> {
  const { config } = context.readConfig();
  return withRecord(context, 'carry', async ({ db, fhir }) => {
    const report = (event: string, error: unknown): void =>
      void context.output.write(`${event}: ${(error as Error).message}\n`);
    const own = { clock: systemClock, ids: systemIds(systemClock), randomness: systemRandomness };
    return work(await openCarry({ config, db, fhir, ...own, report }));
  });
}
