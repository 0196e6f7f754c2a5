import { expect, test } from 'vitest';
import { auditEventOf } from './audit-event.ts';
import { actorRow, entryOf, entryRow } from './canonical.ts';
import { accessEntry } from './log-for-test.ts';

const attested = {
  purposeDetails: 'Behandling',
  healthcareService: 'Indremedisin',
  legalEntity: 'Fyr HF',
  pointOfCare: 'Fyrlandet sykehus',
  department: 'Medisinsk avdeling',
  decision: { id: 'Encounter/1', description: 'Innlagt', isUserSelected: false },
  attestedAt: 1_795_431_600_000,
};
const entry = accessEntry({ ground: 'attested:TREAT:attestation/1', attestation: 'attestation/1', attested });
const kept = (one = entry) => {
  const actor = actorRow(one);
  return entryOf(entryRow(one, actor).content, actor.content);
};

test('what an attestation said is kept and sealed with the entry, in one order whatever it came in', () => {
  expect(kept().attested).toEqual(attested);
  const turned = Object.fromEntries(Object.entries(attested).reverse()) as typeof attested;
  const actor = actorRow(entry);
  expect(entryRow({ ...entry, attested: turned }, actor).content).toBe(entryRow(entry, actor).content);
  const { attested: _told, ...without } = entry;
  expect('attested' in kept(without)).toBe(false);
});

test('a text that is too long is cut, and the rest of the entry is whole', () => {
  const long = { ...attested, decision: { ...attested.decision, description: 'x'.repeat(5000) } };
  const { attested: told, ...rest } = kept({ ...entry, attested: long });
  expect(told?.decision?.description?.length).toBeLessThan(2100);
  const { attested: _own, ...others } = entry;
  expect(rest).toEqual(others);
});

test('the AuditEvent tells the decision, who chose it, when it was attested, and for which service', () => {
  const text = JSON.stringify(auditEventOf({ ...entry, node: 'test', number: 1 }, new Map()));
  for (const told of [
    '"Encounter/1"',
    '"Innlagt"',
    '"valueBoolean":false',
    '1795431600',
    'Behandling · Indremedisin',
  ]) {
    expect(text).toContain(told);
  }
});
