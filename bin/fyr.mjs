#!/usr/bin/env node
/** `npx fyr …`, and `npm start`, which is `fyr start`. */
import { join } from 'node:path';
import { installPackages, memoryFlags, root, runOnPinnedNode } from './bootstrap.mjs';
import { buildPages } from './pages.mjs';

installPackages();
const [command = 'start'] = process.argv.slice(2);
if (command === 'start') buildPages();
runOnPinnedNode([...memoryFlags, join(root, 'src/main.ts'), ...process.argv.slice(2)]);
