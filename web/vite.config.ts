// Builds the desktop into the folder that the server embeds. File names are fixed (no hashes), so two builds of
// the same source are the same bytes; the server answers them with an ETag.
import { defineConfig } from 'vite';

/** The server that `npm run dev` talks to. */
const server = process.env['TACT_URL'] ?? 'http://localhost:8082';

export default defineConfig({
  base: '/desktop/',
  build: {
    outDir: '../crates/server/assets/web',
    emptyOutDir: true,
    // The first versions with light-dark(), so that it is left as it is.
    target: ['chrome123', 'firefox120', 'safari17.5'],
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    rolldownOptions: {
      input: { agent: 'container/index.html', tunnel: 'tunnel/index.html' },
      output: {
        entryFileNames: 'assets/[name].js',
        chunkFileNames: 'assets/shared-[name].js',
        assetFileNames: 'assets/[name][extname]',
      },
    },
  },
  worker: { format: 'es', rolldownOptions: { output: { entryFileNames: 'assets/[name].js' } } },
  server: {
    proxy: {
      '/finesse': { target: server, secure: false },
      '/tact': { target: server, secure: false },
      '/http-bind': { target: server, secure: false },
      '/ws': { target: server, secure: false, ws: true },
    },
  },
});
