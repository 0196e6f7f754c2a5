/** `fyr node add`: names a node of this region, and gives the code that it joins with. */
import { systemClock } from '#kernel/clock.ts';
import { systemRandomness } from '#kernel/ids.ts';
import { addNode } from '#continuity/index.ts';
import { authorityPassphrase, createAuthority, unlockAuthority } from '#trust/authority/index.ts';
import { exitCode, parseWords, wrongUse, type Command } from './command.ts';
import { withRecord } from './record.ts';

const options = {
  below: { type: 'string' },
  place: { type: 'string', multiple: true },
  host: { type: 'string', multiple: true },
} as const;

export const nodeAdd: Command = {
  name: 'node add',
  takes: '<name>',
  summary: 'Names a site or a ward of this region, and prints the code that it joins with',
  help: `
At the region. The node holds the patients who are treated or expected at its places, and at a site the summary of every resident.
Given again, it replaces what was said of the node, with a new code.

  --below <node>              the site that a ward is below; without it the node is a site, below the region
  --place <Organization/id>   an organization or a location (Location/id) that it serves, with all below; may be given several times
  --host <name or address>    where others reach the node, besides its name; may be given several times

The passphrase of the certificate authority's key is in FYR_CA_PASSPHRASE, or in the file that FYR_CA_PASSPHRASE_FILE names.
The code is good for an hour and one use; fyr ca code gives another.

Exit codes: 0 done, 1 refused, 2 wrong use or settings.`,
  async run(words, context) {
    const { positionals, values } = parseWords(nodeAdd, words, options);
    const [name, ...more] = positionals;
    if (name === undefined || more.length > 0) throw wrongUse(nodeAdd, 'Say the name of one node');
    const { config, secrets } = context.readConfig();
    if (config.role !== 'region') throw wrongUse(nodeAdd, 'Nodes are named at the region');
    const { folder, passphraseFile } = config.security.authority;
    const key = await unlockAuthority(folder, authorityPassphrase(secrets.authorityPassphrase, passphraseFile));
    return withRecord(context, 'node add', async ({ db }) => {
      const authority = createAuthority({ authority: key, db, clock: systemClock, randomness: systemRandomness });
      const below = values.below ?? config.node;
      const node = await addNode(db, config.node, { name, below, places: values.place ?? [] });
      const code = await authority.createCode(name, values.host ?? []);
      context.output.write(`${name} is a ${node.tier} below ${below}, for ${node.places.length} places of care.\n`);
      context.output.write(`Within the hour, there: fyr join <address of the line port of ${below}> ${code}\n`);
      return exitCode.done;
    });
  },
};
