/**
 * `npm run chaos [-- --quick] [--seed N] [--faults F1,F5]`: a region of real processes that is worked at and broken.
 * `npm run chaos -- --controls`: the same without one of its protections, which must be caught. `--figures`: what it costs, and how fast it is.
 * `npm run chaos -- --simulate [--seeds N] [--seed S] [--controls]`: the sync rules between nodes under faults, from a seed that replays what it finds.
 */
import { join } from 'node:path';
import { installPackages, memoryFlags, root, runOnPinnedNode } from './bootstrap.mjs';

const words = process.argv.slice(2);
installPackages();
if (words.includes('--simulate')) runOnPinnedNode([join(root, 'src/continuity/simulation/main.ts'), ...words]);
else runOnPinnedNode([...memoryFlags, join(root, 'chaos/main.ts'), ...words]);
