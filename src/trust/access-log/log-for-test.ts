/** A log of its own on a database of its own, and entries as the sample region would make them. */
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { systemClock, type Clock } from '#kernel/clock.ts';
import { systemIds } from '#kernel/ids.ts';
import type { AccessEntry } from './entry.ts';
import { openAccessLog, type OpenAccessLog } from './index.ts';

export const testIds = systemIds(systemClock);

/** A read of one Observation by a doctor, unless told otherwise. */
export function accessEntry(more: Partial<AccessEntry> = {}): AccessEntry {
  return {
    at: systemClock.now(),
    action: 'read',
    patient: testIds.uuid(),
    request: testIds.uuid(),
    who: {
      kind: 'personnel',
      reference: 'Practitioner/kari',
      name: 'Kari Lege',
      authorisation: 'LE',
      client: 'fyr-pages',
    },
    role: {
      legalEntity: 'hf',
      pointOfCare: 'hospital',
      department: 'ward',
      legalEntityNumber: '983974678',
      pointOfCareNumber: '974589095',
      practitionerRole: 'kari-ward',
    },
    what: { types: { Observation: 1 }, resources: ['Observation/1'] },
    purpose: 'TREAT',
    ground: 'care-relationship:Encounter/1',
    outcome: 'allowed',
    from: { address: '10.0.0.7' },
    ...more,
  };
}

export type TestLog = OpenAccessLog & { privateKey: KeyObject; anchorFolder: string; problems: string[] };

export type TestLogOptions = { clock?: Clock; privateKey?: KeyObject; anchorFolder?: string; node?: string };

/** Opens a log; end it by `stop`. Its anchors lie in a folder of the test's unless one is given; `none`: no anchors. */
export async function openTestLog(databaseUrl: string, options: TestLogOptions = {}): Promise<TestLog> {
  const privateKey = options.privateKey ?? generateKeyPairSync('ed25519').privateKey;
  const anchorFolder = options.anchorFolder ?? temporaryFolder();
  const problems: string[] = [];
  const log = await openAccessLog({
    databaseUrl,
    clock: options.clock ?? systemClock,
    node: options.node ?? 'test',
    privateKey,
    anchorFolder: anchorFolder === 'none' ? undefined : anchorFolder,
    report: (event, error) => void problems.push(`${event}: ${(error as Error).message}`),
  });
  return { ...log, privateKey, anchorFolder, problems };
}

/** A folder that is gone when the test ends. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'fyr-log-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
