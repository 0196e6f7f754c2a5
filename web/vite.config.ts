/** How the pages are built: once, into static files that every node serves itself. Nothing comes from outside. */
import react from '@vitejs/plugin-react';
import { join } from 'node:path';
import { defineConfig } from 'vite';

export default defineConfig({
  root: import.meta.dirname,
  base: '/',
  plugins: [react()],
  build: {
    // Where to is said by who builds: `bin/pages.mjs`, a folder a build.
    outDir: join(import.meta.dirname, '../var/web/by-hand'),
    emptyOutDir: true,
    target: 'es2023',
    // An image or font as data: in a style sheet would need a weaker content security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
});
