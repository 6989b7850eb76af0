import { defineConfig } from 'vitest/config';

const api = process.env.BYTEBASKET_URL ?? 'http://127.0.0.1:8080';

export default defineConfig({
  // Relative paths: the page works below any prefix a reverse proxy puts it under.
  base: './',
  server: { proxy: { '/api': api } },
  build: {
    target: 'es2022',
    // A strict Content-Security-Policy allows neither data: addresses nor inline scripts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  test: { include: ['test/**/*.test.ts'] },
});
