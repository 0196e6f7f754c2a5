/** `fyr pack`: the pack of a ward, now, from this node's own record. */
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { createPacks, type KeptPack, type Packs } from '#continuity/packs/index.ts';
import { markPrinted } from '#continuity/back-entry/form-store.ts';
import { systemClock } from '#kernel/clock.ts';
import { Fault } from '#kernel/fault.ts';
import { systemRandomness } from '#kernel/ids.ts';
import { openKeyring } from '#trust/encryption/index.ts';
import { nodeGrants } from '#trust/grant.ts';
import { exitCode, parseWords, wrongUse, type Command, type CommandContext } from './command.ts';
import { withRecord } from './record.ts';

const by = { reference: 'fyr pack', name: 'fyr pack' };

export const pack: Command = {
  name: 'pack',
  takes: '[<ward>] [--out <file>]',
  summary: 'Makes the downtime pack of a ward now; without a ward, lists the wards',
  help: `
The ward is its name, or the id of its Location. The pack is kept with the others in the data folder, encrypted; --out writes it besides as PDF (or as HTML,
where the file's name ends in .html). Whoever has that file reads the whole ward: keep it as you keep paper.

  --out <file>   where to write it
  --print        gives it to the printer (FYR_PACK_PRINTER)

Exit codes: 0 made, 1 it failed, 2 wrong use or settings.`,
  async run(words, context) {
    const options = { out: { type: 'string' }, print: { type: 'boolean' } } as const;
    const { positionals, values } = parseWords(pack, words, options);
    const [ward, ...more] = positionals;
    if (more.length > 0) throw wrongUse(pack, 'Say one ward (a name with blanks stands between quotes)');
    return withRecord(context, 'pack', async ({ fhir }) => {
      const packs = openPacks(context, fhir.context);
      const wards = await packs.wards();
      if (ward === undefined) return list(context, wards);
      const found = wards.filter(({ id, name }) => id === ward || name.toLowerCase() === ward.toLowerCase());
      if (found.length !== 1) throw new Fault('notFound', refusal(ward, found.length));
      const made = await packs.make((found[0] as { id: string }).id, by);
      if (values.out !== undefined) await writeOut(context, packs, made, values.out);
      if (values.print === true) await packs.print(made, by);
      context.output.write(`${made.name}: ${made.patients.length} patients, ${made.pages} pages.\n`);
      return exitCode.done;
    });
  },
};

function openPacks(context: CommandContext, record: Parameters<typeof createPacks>[0]['context']): Packs {
  const { config, secrets } = context.readConfig();
  const { security, packs: settings, node } = config;
  return createPacks({
    context: { ...record, grants: nodeGrants },
    settings,
    keyring: openKeyring({ secret: secrets.nodeKey, file: security.nodeKeyFile, randomness: systemRandomness }),
    node,
    clock: systemClock,
    randomness: systemRandomness,
    report: (event, error) => context.output.write(`${event}: ${(error as Error).message}\n`),
  });
}

function list({ output }: CommandContext, wards: readonly { id: string; name: string }[]): number {
  for (const { id, name } of wards) output.write(`${id}  ${name}\n`);
  if (wards.length === 0) output.write('No ward has anybody, or expects anybody.\n');
  return exitCode.done;
}

const refusal = (ward: string, count: number): string =>
  count === 0
    ? `No ward is called "${ward}", or it has nobody. fyr pack lists those there are.`
    : `Several wards are called "${ward}": say the id of one (fyr pack lists them).`;

/** From here on its forms may lie anywhere. */
async function writeOut(context: CommandContext, packs: Packs, made: KeptPack, out: string): Promise<void> {
  const path = resolve(context.folder, out);
  await markPrinted(packs.reading.db, made.forms, systemClock.now(), by);
  writeFileSync(path, path.endsWith('.html') ? made.html : made.pdf, { mode: 0o600 });
  context.output.write(`${path}\n`);
}
