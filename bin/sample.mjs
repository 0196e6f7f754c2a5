/** `npm run sample`: the sample region as NDJSON, or `-- --stats` for the table by which it is judged, `-- --lives 10` for records to read. */
import { join } from 'node:path';
import { installPackages, root, runOnPinnedNode } from './bootstrap.mjs';

installPackages();
runOnPinnedNode([join(root, 'sample/main.ts'), ...process.argv.slice(2)]);
