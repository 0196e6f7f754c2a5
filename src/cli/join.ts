/** `fyr join`: makes this node one of a region, and takes in what it is to hold. */
import { systemClock } from '#kernel/clock.ts';
import type { Config } from '#kernel/config.ts';
import { holderOf } from '#kernel/data-folder.ts';
import { Fault } from '#kernel/fault.ts';
import { systemIds } from '#kernel/ids.ts';
import { createProgress } from '#kernel/progress.ts';
import { enrolNode, fillNode, identityFolder } from '#continuity/index.ts';
import { readIdentity } from '#trust/authority/index.ts';
import { exitCode, parseWords, wrongUse, type Command, type CommandContext } from './command.ts';
import { withRecord } from './record.ts';

export const join: Command = {
  name: 'join',
  takes: '<upstream> <code>',
  summary: 'Makes this node a site or a ward of a region, and fills it',
  help: `
<upstream> is the address of the line port of the node above, such as https://region.example.no:8443; it becomes FYR_UPSTREAM of this node.
<code> is what fyr node add printed at the region. FYR_ROLE and FYR_NODE of this node must be set as they were named there.
Stopped or killed while it fills, it goes on where it was: the same command again, without the code; or start the node, which fills itself.

Exit codes: 0 joined and filled, 1 refused, 2 wrong use or settings, 130 stopped.`,
  async run(words, context) {
    const [url, code, ...more] = parseWords(join, words, {}).positionals;
    if (url === undefined || more.length > 0) throw wrongUse(join, 'Say the address of the node above, and the code');
    const { config } = context.readConfig();
    checkSettings(config, url);
    const folder = identityFolder(config);
    if (readIdentity(folder) === undefined && code === undefined) throw wrongUse(join, 'Say the code too');
    const enrolled = code === undefined ? undefined : await enrolNode(url, code, config.node, folder);
    if (enrolled) context.output.write(`${config.node} has its certificate: ${folder}\n`);
    const joined = { ...config, line: { ...config.line, upstream: url } };
    return withRecord(context, 'join', async ({ db, fhir }) => {
      const ids = systemIds(systemClock);
      const report = (event: string, error: unknown): void =>
        void context.output.write(`${event}: ${(error as Error).message}\n`);
      const deps = { config: joined, db, fhir, clock: systemClock, ids, report };
      return fill(context, (told) => fillNode(deps, told, context.signal));
    });
  },
};

function checkSettings(config: Config, url: string): void {
  if (!/^https:\/\/[^\s/?#]+$/.test(url))
    throw wrongUse(join, 'The address is one such as https://region.example.no:8443');
  if (config.role === 'region') throw wrongUse(join, 'Set FYR_ROLE to site or ward first: this node is a region');
  if (config.line.upstream !== undefined && config.line.upstream !== url)
    throw wrongUse(join, `FYR_UPSTREAM is ${config.line.upstream}, another address`);
  const holder = holderOf(config.dataFolder);
  if (holder !== undefined)
    throw new Fault('conflict', `Fyr already works in ${config.dataFolder} (process ${holder.pid}). Stop it first.`);
}

async function fill(
  context: CommandContext,
  work: (told: (progress: { whole: number; filling: number }) => void) => Promise<'complete' | 'interrupted'>,
): Promise<number> {
  const progress = createProgress({ label: 'Filling', unit: 'units', output: context.output, clock: systemClock });
  const outcome = await work(({ whole, filling }) => {
    const all = whole + filling;
    progress.at(whole, undefined, all === 0 ? 0 : whole / all);
  });
  progress.end();
  if (outcome === 'interrupted') return exitCode.interrupted;
  context.output.write('All that this node is to hold is here. Start it: fyr start\n');
  return exitCode.done;
}
