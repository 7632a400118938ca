// All suites in one run, so that one reporter can print the one total. What drives windows runs one file at a time: two cores.
import { defineConfig } from 'vitest/config';

const suite = (name: string, include: string[], more: Record<string, unknown> = {}) => ({
  extends: true as const,
  test: { name, include, environment: 'node', ...more },
});
const slow = { fileParallelism: false, testTimeout: 120_000, hookTimeout: 180_000 };

export default defineConfig({
  test: {
    reporters: ['default', './scripts/total-reporter.ts'],
    maxWorkers: 2,
    globalSetup: ['./test/support/samples-folder.ts'],
    projects: [
      suite('unit', ['{shared,electron,renderer,test/bench}/**/*.test.{ts,tsx}'], { testTimeout: 60_000 }),
      suite('contract', ['test/contract/**/*.test.ts'], { ...slow, fileParallelism: true }),
      suite('e2e', ['test/e2e/**/*.test.ts'], slow),
      suite('shell', ['test/shell/**/*.test.ts'], slow),
      suite('packaged', ['test/packaged/**/*.test.ts'], slow),
    ],
  },
});
