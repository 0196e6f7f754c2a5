/** `fyr line cut` and `restore`: pulls a line of the demo topology and puts it back, as one would pull a cable. */
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Fault } from '#kernel/fault.ts';
import { exitCode, parseWords, wrongUse, type Command, type CommandContext } from './command.ts';
import { demoFolder, demoNodes, linesFolder } from './topology-plan.ts';

const help = `
For the topology that npm start -- --topology demo runs, from the same folder. The line is the one from the node to the node above it.

Exit codes: 0 done, 1 no such line, 2 wrong use.`;

export const lineCut: Command = {
  name: 'line cut',
  takes: '<node>',
  summary: 'Pulls the line of a node of the demo topology',
  help: `${help}\n\n  --silent   nothing gets through and nobody is told, as when a firewall drops everything`,
  async run(words, context) {
    const { positionals, values } = parseWords(lineCut, words, { silent: { type: 'boolean', default: false } });
    const node = oneNode(lineCut, positionals);
    writeFileSync(fileOf(context, node), values.silent ? 'silent' : 'closed');
    context.output.write(`The line of ${node} is cut. Put it back: fyr line restore ${node}\n`);
    return exitCode.done;
  },
};

export const lineRestore: Command = {
  name: 'line restore',
  takes: '<node>',
  summary: 'Puts the line of a node of the demo topology back',
  help,
  async run(words, context) {
    const node = oneNode(lineRestore, parseWords(lineRestore, words, {}).positionals);
    rmSync(fileOf(context, node), { force: true });
    context.output.write(`The line of ${node} is back.\n`);
    return exitCode.done;
  },
};

const lower = demoNodes.flatMap(({ name, below }) => (below === undefined ? [] : [name]));

function oneNode(command: Command, [node, ...more]: readonly string[]): string {
  if (node === undefined || more.length > 0) throw wrongUse(command, 'Say the name of one node');
  return node;
}

function fileOf(context: CommandContext, node: string): string {
  const folder = demoFolder(context.readConfig().config);
  if (!/^[a-z0-9-]+$/.test(node) || !existsSync(join(folder, node)))
    throw new Fault('notFound', `There is no node ${node} in ${folder}. Start it with: npm start -- --topology demo`);
  if (demoNodes.find(({ name }) => name === node)?.below === undefined)
    throw new Fault('notFound', `${node} has no line upwards: say ${lower.join(', ')}.`);
  return join(linesFolder(folder), node);
}
