/** The policy's view of one caller: with the attestation that came with the request, once it is checked. */
import type { AttestationReader } from './policy/attestation.ts';
import { checkAttestation } from './policy/attestation.ts';
import type { CallersPolicy, Policy } from './policy/policy.ts';
import type { Caller } from './caller.ts';
import type { RecordReader } from './sign-in/index.ts';

export type DeciderDeps = {
  policy: Policy;
  reader: RecordReader;
  /** Keys of those who may sign attestations by themselves: the nodes of the region. Throws for anybody else. */
  keyOf: AttestationReader['keyOf'];
};

/** Throws a Fault where the attestation does not hold: what comes with a request that is wrong is never just left out. */
export async function deciderOf({ policy, reader, keyOf }: DeciderDeps, caller: Caller): Promise<CallersPolicy> {
  const { subject, attestation } = caller;
  if (attestation === undefined || subject.kind !== 'personnel') return policy.of(caller);
  const relation = await checkAttestation(
    attestation,
    { keyOf, patientsOf: (numbers) => patientsOf(reader, numbers) },
    {
      subject,
      standing: await policy.standingOf(subject),
      now: policy.moment().now,
      // Nodes speak TLS to each other, and a plain one listens on its own machine only.
      isEncrypted: true,
      isMember: () => undefined,
    },
  );
  return policy.of(caller, relation);
}

async function patientsOf(
  reader: RecordReader,
  numbers: readonly { system: string; value: string }[],
): Promise<string[]> {
  const found = await Promise.all(
    numbers.map(({ system, value }) => reader.find('Patient', 'identifier', `${system}|${value}`)),
  );
  return found.flat().flatMap(({ id }) => (id === undefined ? [] : [id]));
}
