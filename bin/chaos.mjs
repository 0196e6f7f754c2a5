/** `npm run chaos -- --simulate [--seeds N] [--seed S] [--controls]`: the sync rules between nodes under faults, from a seed that replays what it finds. */
import { join } from 'node:path';
import { installPackages, root, runOnPinnedNode } from './bootstrap.mjs';

const words = process.argv.slice(2);
if (!words.includes('--simulate')) {
  console.error('Say --simulate: npm run chaos -- --simulate [--seeds 5000] [--seed 1] [--controls]');
  process.exit(2);
}
installPackages();
runOnPinnedNode([join(root, 'src/continuity/simulation/main.ts'), ...words]);
