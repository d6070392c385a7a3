import { defineConfig } from 'vitest/config';

export default defineConfig({
  esbuild: { jsx: 'transform' },
  test: {
    environment: 'jsdom',
    include: ['src/**/__tests__/**/*.spec.{ts,tsx}'],
    setupFiles: ['./vitest.setup.ts'],
    pool: 'threads',
    poolOptions: { threads: { maxThreads: 2 } },
    restoreMocks: true,
    testTimeout: 20_000
  }
});
