// The Node side: one file per entry. Worker entries are named here because a worker URL is not bundled by itself.
import { builtinModules } from 'node:module';
import { defineConfig } from 'vite';

export default defineConfig({
  build: {
    ssr: true,
    target: 'node20.19',
    outDir: 'out/main',
    emptyOutDir: true,
    minify: false,
    sourcemap: true,
    rolldownOptions: {
      input: {
        main: 'electron/main.ts',
        cli: 'electron/cli.ts',
        'rewrite-worker': 'electron/hdf5/rewrite-worker.ts',
        'decode-worker': 'electron/frames/decode-worker.ts',
        'reading-worker': 'electron/library/reading-worker.ts',
        'media-worker': 'electron/media/media-worker.ts',
        'sample-worker': 'electron/sample/sample-worker.ts',
        'signals-worker': 'electron/curation/signals/signals-worker.ts',
        'picture-worker': 'electron/curation/panel/picture-worker.ts',
      },
      external: ['electron', ...builtinModules, ...builtinModules.map((name) => `node:${name}`)],
      output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
    },
  },
  ssr: { noExternal: true },
});
