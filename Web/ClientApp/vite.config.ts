import { defineConfig } from 'vitest/config';
import react from '@vitejs/plugin-react';
import tailwindcss from '@tailwindcss/vite';
import { contentSecurityHashes } from './build/contentSecurityHashes.ts';
import { developmentConfig } from './build/developmentConfig.ts';
import { precompress } from './build/precompress.ts';

const api = process.env.AUTOSTACK_API ?? 'http://localhost:8081';

export default defineConfig({
  plugins: [react(), tailwindcss(), developmentConfig(), contentSecurityHashes(), precompress()],
  server: {
    port: Number(process.env.PORT ?? 5173),
    proxy: { '/api': { target: api, ws: true, changeOrigin: true } },
  },
  build: {
    outDir: '../wwwroot',
    emptyOutDir: true,
    manifest: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    reportCompressedSize: false,
  },
  test: {
    environment: 'jsdom',
    setupFiles: ['src/test/setup.ts'],
    include: ['src/**/*.test.{ts,tsx}'],
    restoreMocks: true,
    // Longer than the longest wait in a test.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 20_000 } },
  },
});
