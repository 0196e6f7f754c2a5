import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { openTopology } from './topology.ts';
import { Trial } from './trial.ts';

/** A busy machine takes long to start nodes. */
const limitMs = 400_000;

test(
  'a region and a hospital, worked at, cut and joined again, lose nothing and agree',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'fyr-chaos-smoke-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const say = (): void => {};
    const topology = await openTopology({ folder, residents: 10, names: ['region', 'central'], say });
    onTestFinished(() => topology.stop());
    const trial = new Trial({ topology, seed: 1, patients: 3, paceMs: 100, say });
    await trial.prepare();
    expect(await trial.agreed(60_000)).toMatchObject({ obstacle: undefined });
    trial.startWork();
    await delay(1000);
    topology.line('central').cut();
    await delay(3000);
    await trial.stopWork();
    topology.line('central').restore();
    expect(await trial.agreed(60_000)).toMatchObject({ obstacle: undefined });
    const tally = await trial.check();
    expect(tally.findings).toEqual([]);
    for (const promise of ['I1', 'I2', 'I3', 'I4', 'I5', 'I8', 'I17'] as const)
      expect(tally.checked.get(promise), promise).toBeGreaterThan(0);
  },
  limitMs,
);
