/** How the pages are built: once, into static files that every node serves itself. Nothing comes from outside. */
import react from '@vitejs/plugin-react';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { defineConfig, type Plugin, type Rolldown } from 'vite';

const workerFile = 'ward/worker.js';

export default defineConfig({
  root: import.meta.dirname,
  base: '/',
  plugins: [react(), wardFiles()],
  build: {
    // Where to is said by who builds: `bin/pages.mjs`, a folder a build.
    outDir: join(import.meta.dirname, '../var/web/by-hand'),
    emptyOutDir: true,
    target: 'es2023',
    // An image or font as data: in a style sheet would need a weaker content security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rolldownOptions: {
      input: {
        index: join(import.meta.dirname, 'index.html'),
        ward: join(import.meta.dirname, 'ward/index.html'),
        'ward-worker': join(import.meta.dirname, 'ward/worker.ts'),
      },
      output: {
        // A service worker has one address for good.
        entryFileNames: ({ name }) => (name === 'ward-worker' ? workerFile : 'assets/[name]-[hash].js'),
      },
    },
  },
});

/** Tells the ward's service worker what the ward's pages are made of. */
function wardFiles(): Plugin {
  return {
    name: 'fyr-ward-files',
    generateBundle: {
      order: 'post',
      handler(_options, bundle) {
        const worker = bundle[workerFile];
        if (worker?.type !== 'chunk') return;
        const files = [...filesOf(bundle)].sort().map((file) => `/${file}`);
        const own = ['/fyr.svg', '/ward/manifest.webmanifest'];
        const version = createHash('sha256').update(JSON.stringify(files)).digest('hex').slice(0, 16);
        const told = JSON.stringify({ version, files: [...own, ...files] });
        worker.code = worker.code.replaceAll('__WARD_FILES__', () => told);
      },
    },
  };
}

/** Scripts that the ward's page loads, whatever they load, their style sheets, and the fonts. */
function filesOf(bundle: Rolldown.OutputBundle): Set<string> {
  const found = new Set(Object.keys(bundle).filter((file) => file.endsWith('.woff2')));
  const chunks = Object.values(bundle).filter((one) => one.type === 'chunk');
  const wanted = chunks.filter(({ isEntry, name }) => isEntry && name === 'ward').map(({ fileName }) => fileName);
  for (const file of wanted) {
    if (found.has(file)) continue;
    found.add(file);
    const chunk = bundle[file];
    if (chunk?.type !== 'chunk') continue;
    wanted.push(...chunk.imports, ...chunk.dynamicImports);
    for (const style of chunk.viteMetadata?.importedCss ?? []) found.add(style);
    for (const asset of chunk.viteMetadata?.importedAssets ?? []) found.add(asset);
  }
  return found;
}
