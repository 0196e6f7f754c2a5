/** `fyr ca …`: the region's own certificate authority, under which its nodes know each other. */
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { systemClock } from '#kernel/clock.ts';
import { Fault } from '#kernel/fault.ts';
import { systemRandomness } from '#kernel/ids.ts';
import {
  authorityPassphrase,
  createAuthority,
  initAuthority,
  makeRequest,
  readIdentity,
  revocationReasons,
  unlockAuthority,
  writeIdentity,
  type CertificateAuthority,
  type IssuedCertificate,
  type RevocationReason,
} from '#trust/authority/index.ts';
import { exitCode, parseWords, wrongUse, type Command, type CommandContext } from './command.ts';
import { withRecord } from './record.ts';

const passphraseHelp = `
The authority's key is encrypted: its passphrase is in FYR_CA_PASSPHRASE, or in the file that FYR_CA_PASSPHRASE_FILE names.`;
const exits = `
Exit codes: 0 done, 1 refused, 2 wrong use or settings.`;
const hostOption = { host: { type: 'string', multiple: true } } as const;

export const caInit: Command = {
  name: 'ca init',
  takes: '<name of the region>',
  summary: 'Makes the certificate authority of the region',
  help: `${passphraseHelp}
Its folder is authority in the data folder, or FYR_CA_FOLDER. Keep a copy of the folder and one of the passphrase, apart from each other and off the network.
${exits}`,
  async run(words, context) {
    const [name, ...more] = parseWords(caInit, words, {}).positionals;
    if (name === undefined || more.length > 0)
      throw wrongUse(caInit, 'Say the name of the region, in one word or in quotes');
    const { config } = context.readConfig();
    const { folder } = config.security.authority;
    const passphrase = passphraseOf(context);
    await initAuthority(folder, { name, passphrase, now: systemClock.now(), days: 3650 }, systemRandomness);
    context.output.write(`The certificate authority of ${name} is in ${folder}, for ten years.\n`);
    return exitCode.done;
  },
};

export const caIssue: Command = {
  name: 'ca issue',
  takes: '<node> <folder|request.pem>',
  summary: 'Issues a certificate to a node: a new identity in a folder, or for a request',
  help: `
With a folder, the key is made here and lies there, to be carried to the node. With a request (PKCS #10), the certificate is printed.
A node that can reach this one makes its own key and enrols by a code instead: fyr ca code.

  --host <name or address>   where others reach the node, besides its name; may be given several times
${passphraseHelp}
${exits}`,
  async run(words, context) {
    const { positionals, values } = parseWords(caIssue, words, hostOption);
    const [node, target, ...more] = positionals;
    if (node === undefined || target === undefined || more.length > 0)
      throw wrongUse(caIssue, 'Say which node, and a folder or a request');
    return withAuthority(context, 'ca issue', async (authority) => {
      const path = resolve(context.folder, target);
      if (/\.(pem|csr)$/i.test(path)) {
        const { certificate } = await authority.issue(readFileSync(path, 'utf8'), node, values.host ?? []);
        context.output.write(certificate);
        return;
      }
      if (readIdentity(path) !== undefined)
        throw new Fault('conflict', `There is an identity in ${path} already. Renew it: fyr ca renew ${target}`);
      const { key, request } = await makeRequest(node);
      await keepIdentity(authority, path, key, await authority.issue(request, node, values.host ?? []));
      context.output.write(`The identity of ${node} is in ${path}.\n`);
    });
  },
};

export const caRenew: Command = {
  name: 'ca renew',
  takes: '<folder>',
  summary: 'Gives the identity in a folder a new key and certificate',
  help: `
The certificate that is there must be good. The node uses the new one at its next start.
${passphraseHelp}
${exits}`,
  async run(words, context) {
    const [target, ...more] = parseWords(caRenew, words, {}).positionals;
    if (target === undefined || more.length > 0) throw wrongUse(caRenew, 'Say which folder');
    return withAuthority(context, 'ca renew', async (authority) => {
      const path = resolve(context.folder, target);
      const identity = readIdentity(path);
      if (identity === undefined) throw new Fault('notFound', `There is no identity in ${path}.`);
      const { key, request } = await makeRequest('renewed');
      const issued = await authority.renew(identity.certificate, request);
      await keepIdentity(authority, path, key, issued);
      context.output.write(`The identity of ${issued.node} is good until ${dayOf(issued.notAfter)}.\n`);
    });
  },
};

export const caCode: Command = {
  name: 'ca code',
  takes: '<node>',
  summary: 'Lets a node enrol once, within the hour: prints the code to give it',
  help: `
  --host <name or address>   where others reach the node, besides its name; may be given several times
${passphraseHelp}
${exits}`,
  async run(words, context) {
    const { positionals, values } = parseWords(caCode, words, hostOption);
    const [node, ...more] = positionals;
    if (node === undefined || more.length > 0) throw wrongUse(caCode, 'Say which node');
    return withAuthority(context, 'ca code', async (authority) => {
      context.output.write(`${await authority.createCode(node, values.host ?? [])}\n`);
    });
  },
};

const reasons = Object.keys(revocationReasons).join(', ');

export const caRevoke: Command = {
  name: 'ca revoke',
  takes: '<node|serial>',
  summary: 'Revokes a certificate, or all of a node',
  help: `
A new revocation list is made at once; nodes refuse the certificate as soon as they have it.

  --reason <reason>   ${reasons}
${passphraseHelp}
${exits}`,
  async run(words, context) {
    const { positionals, values } = parseWords(caRevoke, words, { reason: { type: 'string', default: 'unspecified' } });
    const [which, ...more] = positionals;
    if (which === undefined || more.length > 0) throw wrongUse(caRevoke, 'Say which node or certificate');
    const { reason } = values;
    if (!isReason(reason)) throw wrongUse(caRevoke, `--reason is one of ${reasons}`);
    return withAuthority(context, 'ca revoke', async (authority) => {
      for (const serial of await authority.revoke(which, reason)) context.output.write(`${serial} is revoked.\n`);
    });
  },
};

export const caList: Command = {
  name: 'ca list',
  takes: '',
  summary: 'Shows what the authority has issued',
  help: `${passphraseHelp}
${exits}`,
  async run(words, context) {
    if (parseWords(caList, words, {}).positionals.length > 0) throw wrongUse(caList, 'fyr ca list takes nothing more');
    return withAuthority(context, 'ca list', async (authority) => {
      for (const issued of await authority.list()) context.output.write(`${lineOf(issued)}\n`);
    });
  },
};

export const caCrl: Command = {
  name: 'ca crl',
  takes: '<file>',
  summary: 'Writes the revocation list to a file, for nodes that cannot fetch it',
  help: `${passphraseHelp}
${exits}`,
  async run(words, context) {
    const [file, ...more] = parseWords(caCrl, words, {}).positionals;
    if (file === undefined || more.length > 0) throw wrongUse(caCrl, 'Say which file');
    return withAuthority(context, 'ca crl', async (authority) => {
      writeFileSync(resolve(context.folder, file), await authority.revocationList(), { flush: true });
    });
  },
};

async function withAuthority(
  context: CommandContext,
  purpose: string,
  work: (authority: CertificateAuthority) => Promise<void>,
): Promise<number> {
  const { config } = context.readConfig();
  const authority = await unlockAuthority(config.security.authority.folder, passphraseOf(context));
  return withRecord(context, purpose, async ({ db }) => {
    await work(createAuthority({ authority, db, clock: systemClock, randomness: systemRandomness }));
    return exitCode.done;
  });
}

async function keepIdentity(
  authority: CertificateAuthority,
  folder: string,
  key: string,
  issued: IssuedCertificate,
): Promise<void> {
  const revocationList = await authority.revocationList();
  writeIdentity(folder, { certificate: issued.certificate, key, authority: authority.certificate, revocationList });
}

function passphraseOf(context: CommandContext): string {
  const { config, secrets } = context.readConfig();
  return authorityPassphrase(secrets.authorityPassphrase, config.security.authority.passphraseFile);
}

function isReason(word: string): word is RevocationReason {
  return Object.hasOwn(revocationReasons, word);
}

function lineOf({ serial, node, hosts, issued, notAfter, revoked }: IssuedCertificate): string {
  const expired = notAfter <= systemClock.now() ? 'expired' : 'good';
  const state = revoked === undefined ? expired : `revoked ${dayOf(revoked)}`;
  return `${serial}  ${node.padEnd(16)} ${dayOf(issued)} to ${dayOf(notAfter)}  ${state.padEnd(18)} ${hosts.join(' ')}`;
}

function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
