/** `fyr keys list|rotate|remove`: the node keys, which everything that the node encrypts hangs on. */
import { systemClock } from '#kernel/clock.ts';
import { systemRandomness } from '#kernel/ids.ts';
import { createProgress } from '#kernel/progress.ts';
import {
  keyStates,
  openKeyring,
  removeNodeKey,
  wrapAnew,
  type Keyring,
  type KeyState,
} from '#trust/encryption/index.ts';
import { exitCode, parseWords, wrongUse, type Command, type CommandContext } from './command.ts';
import { withRecord } from './record.ts';

const aboutKeys = `
The keys are in FYR_NODE_KEY, or in the file that FYR_NODE_KEY_FILE names (keys/node.key in the data folder unless said). Keep a copy of them where
neither the database nor the backups are: what they encrypt can not be read without them, by anybody.`;

export const keysList: Command = {
  name: 'keys list',
  takes: '',
  summary: 'Shows the node keys, and how many data keys each wraps',
  help: `${aboutKeys}

Exit codes: 0 shown, 1 a key is missing, 2 wrong use or settings.`,
  async run(words, context) {
    if (parseWords(keysList, words, {}).positionals.length > 0)
      throw wrongUse(keysList, 'fyr keys list takes nothing more');
    return withRecord(context, 'keys list', async ({ db }) => {
      const keyring = keyringOf(context);
      const states = await keyStates(db, keyring);
      context.output.write(`Node keys in ${keyring.origin}\n`);
      for (const state of states) context.output.write(`${lineOf(state)}\n`);
      return states.some(({ state }) => state === 'missing') ? exitCode.failed : exitCode.done;
    });
  },
};

export const keysRotate: Command = {
  name: 'keys rotate',
  takes: '',
  summary: 'Makes a new node key, and wraps every data key by it',
  help: `${aboutKeys}

Works beside a running node. Content is not touched: only its keys are wrapped anew. When it is cut off, the same command with --go-on goes on.
The old node key stays, since backups of its time open with it alone; remove it when those are gone.
With FYR_NODE_KEY: put the new key before the old one there, start the node again, then run this.

  --go-on   makes no new key, and wraps what is not wrapped by the current one yet

Exit codes: 0 done, 1 some data keys are left (their node key is missing), 2 wrong use or settings, 130 interrupted.`,
  async run(words, context) {
    const { positionals, values } = parseWords(keysRotate, words, { 'go-on': { type: 'boolean' } });
    if (positionals.length > 0) throw wrongUse(keysRotate, 'fyr keys rotate takes no words');
    return withRecord(context, 'keys rotate', async ({ db }) => {
      const { output, signal } = context;
      const keyring = keyringOf(context);
      if (values['go-on'] !== true && keyring.origin !== 'FYR_NODE_KEY') keyring.add();
      const progress = createProgress({ label: 'Wrapping anew', unit: 'keys', output, clock: systemClock });
      const deps = { db, keyring, clock: systemClock, randomness: systemRandomness };
      const rotation = await wrapAnew(deps, { signal, onProgress: (done) => progress.at(done) }).catch(
        (error: unknown) => {
          if (signal.aborted) return undefined;
          throw error;
        },
      );
      progress.end();
      if (rotation === undefined) {
        output.write('Interrupted. fyr keys rotate --go-on goes on from here.\n');
        return exitCode.interrupted;
      }
      output.write(`${rotation.wrappedAnew} data keys are wrapped by the node key ${keyring.keys()[0]?.id} now.\n`);
      for (const id of rotation.unused) {
        output.write(
          `The node key ${id} is needed for backups of its time only. When they are gone: fyr keys remove ${id}\n`,
        );
      }
      if (rotation.left === 0) return exitCode.done;
      output.write(`${rotation.left} data keys are left: their node key is missing. fyr keys list tells which.\n`);
      return exitCode.failed;
    });
  },
};

export const keysRemove: Command = {
  name: 'keys remove',
  takes: '<id>',
  summary: 'Takes an old node key out of the key file',
  help: `
Refused while data keys are wrapped by it. Backups that were made while it was the current one can then be opened with a copy of it only.

Exit codes: 0 removed, 1 refused, 2 wrong use or settings.`,
  async run(words, context) {
    const [id, ...more] = parseWords(keysRemove, words, {}).positionals;
    if (id === undefined || more.length > 0) throw wrongUse(keysRemove, 'Say which node key');
    return withRecord(context, 'keys remove', async ({ db }) => {
      await removeNodeKey({ db, keyring: keyringOf(context) }, id);
      context.output.write(`The node key ${id} is removed.\n`);
      return exitCode.done;
    });
  },
};

function keyringOf(context: CommandContext): Keyring {
  const { config, secrets } = context.readConfig();
  return openKeyring({ secret: secrets.nodeKey, file: config.security.nodeKeyFile, randomness: systemRandomness });
}

function lineOf({ id, state, dataKeys, firstUsed }: KeyState): string {
  const since = firstUsed === undefined ? '' : `, used since ${new Date(firstUsed).toISOString().slice(0, 10)}`;
  return `  ${id}  ${state.padEnd(8)} wraps ${dataKeys} data keys${since}`;
}
