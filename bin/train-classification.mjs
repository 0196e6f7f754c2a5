/** `npm run train:classification`: makes the model of document types that Fyr ships, anew. */
import { join } from 'node:path';
import { installPackages, root, runOnPinnedNode } from './bootstrap.mjs';

installPackages();
runOnPinnedNode([join(root, 'eval/classification/train.ts'), ...process.argv.slice(2)]);
