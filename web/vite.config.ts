import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { precompress } from './scripts/precompress.ts';

/** What a server that runs from its sources answers, while `npm run dev -w web` serves the pages. */
const server = process.env['SLUICE_SERVER'] ?? 'http://127.0.0.1:7070';

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), precompress()],
  // The server puts a fresh nonce in its place with every answer.
  html: { cspNonce: '{{nonce}}' },
  build: {
    target: 'es2023',
    manifest: true,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 2_000,
    reportCompressedSize: false,
    assetsInlineLimit: 0,
  },
  server: { proxy: { '/api': server, '/graphql': { target: server, ws: true } } },
});
