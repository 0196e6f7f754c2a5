/** `npm run bench`: the figures, each beside its bare limit. */
import { join } from 'node:path';
import { installPackages, memoryFlags, root, runOnPinnedNode } from './bootstrap.mjs';

installPackages();
runOnPinnedNode([...memoryFlags, join(root, 'bench/main.ts'), ...process.argv.slice(2)]);
