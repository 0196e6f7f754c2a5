/** Patients that no one here made (Synthea, R4): every resource is valid. Skipped where the data is not at hand. */
import { createReadStream, existsSync } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { extract } from 'tar-stream';
import { expect, test } from 'vitest';
import { loadDefinitions } from '../definitions/index.ts';
import { parseJson } from '../json/index.ts';
import type { Resource } from '../types.ts';
import { createValidator } from './index.ts';

const file = new URL('../../../../shared/data/synthea/synthea-r4.tar.gz', import.meta.url);
const bundlesMax = 4;

test.skipIf(!existsSync(file))(
  'every resource of Synthea bundles is valid, and so are the bundles',
  async () => {
    const validator = createValidator({ definitions: loadDefinitions(), strictProfiles: true });
    const source = createReadStream(file);
    const archive = source.pipe(createGunzip()).pipe(extract());
    const wrong: string[] = [];
    let bundles = 0;
    let resources = 0;
    for await (const entry of archive) {
      if (entry.header.type !== 'file' || !entry.header.name.endsWith('.json')) {
        entry.resume();
        continue;
      }
      const chunks: Buffer[] = [];
      for await (const chunk of entry as AsyncIterable<Buffer>) chunks.push(chunk);
      const bundle = parseJson(Buffer.concat(chunks).toString('utf8')) as Resource & {
        entry: { resource: Resource }[];
      };
      for (const resource of [bundle, ...bundle.entry.map((one) => one.resource)]) {
        resources += 1;
        for (const { severity, code, diagnostics, expression } of validator.validate(resource).issues) {
          wrong.push(`${severity} ${code} ${expression?.[0]}: ${diagnostics}`);
        }
      }
      bundles += 1;
      if (bundles === bundlesMax) break;
    }
    source.destroy();
    expect(resources).toBeGreaterThan(500);
    expect(wrong).toEqual([]);
  },
  60_000,
);
