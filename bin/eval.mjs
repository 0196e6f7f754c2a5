/** `npm run eval`: how well documents are classified and found, as tables; `-- classification` runs one section. */
import { join } from 'node:path';
import { installPackages, root, runOnPinnedNode } from './bootstrap.mjs';

installPackages();
runOnPinnedNode([join(root, 'eval/main.ts'), ...process.argv.slice(2)]);
