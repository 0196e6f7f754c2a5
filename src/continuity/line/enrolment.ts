/** How a node gets its certificate: from the region's authority where that is, else from the node above, which hands the wish on. */
import { Fault } from '#kernel/fault.ts';
import type { CertificateAuthority } from '#trust/authority/index.ts';
import type { NodeIdentity } from '#trust/authority/mutual-tls.ts';
import { enrolledShape, paths, type Enrolled } from './contract.ts';
import type { NodeMap, RegionNode } from './nodes.ts';
import type { Transport } from './transport.ts';

export type Enrolment = {
  authority(): { node: string; certificate: string };
  /** Faults: forbidden, for a code that is unknown, used or too old; unavailable, where the authority can not be reached. */
  enrol(code: string, request: string): Promise<Enrolled>;
  renew(presented: string, request: string): Promise<string>;
  revocationList(): Promise<string>;
};

const limitMs = 30_000;

/** At the region. `authority` undefined: its passphrase was not given to this node, so it can not sign. */
export function regionEnrolment(
  map: NodeMap,
  identity: () => NodeIdentity,
  authority: CertificateAuthority | undefined,
  /** Takes in what operators have named since. */
  refresh: () => Promise<void>,
): Enrolment {
  const signing = (): CertificateAuthority => {
    if (authority !== undefined) return authority;
    throw new Fault('unavailable', 'The region lets nobody join now: its node was started without FYR_CA_PASSPHRASE.');
  };
  return {
    authority: () => ({ node: map.facts.name, certificate: identity().authority }),
    async enrol(code, request) {
      const { node, certificate } = await signing().enrol(code, request);
      await refresh();
      const nodes = [...map.all()];
      return {
        node,
        certificate,
        authority: identity().authority,
        revocationList: await signing().revocationList(),
        nodes,
      };
    },
    renew: async (presented, request) => (await signing().renew(presented, request)).certificate,
    revocationList: async () => (authority === undefined ? identity().revocationList : authority.revocationList()),
  };
}

/** At a node with one above it. */
export function relayedEnrolment(
  map: NodeMap,
  identity: () => NodeIdentity,
  transport: () => Transport,
  /** The region's answer brings its nodes as they are now, the new one among them. */
  tellNodes: (nodes: readonly RegionNode[]) => Promise<void>,
): Enrolment {
  const up = (path: string, body: object): Promise<string> =>
    transport().ask('POST', path, body, AbortSignal.timeout(limitMs));
  return {
    authority: () => ({ node: map.facts.name, certificate: identity().authority }),
    async enrol(code, request) {
      const enrolled = enrolledShape.parse(JSON.parse(await up(paths.enrol, { code, request })));
      await tellNodes(enrolled.nodes);
      return enrolled;
    },
    async renew(presented, request) {
      const told = JSON.parse(await up(paths.renew, { request, certificate: presented })) as { certificate: string };
      return told.certificate;
    },
    revocationList: () => Promise.resolve(identity().revocationList),
  };
}
