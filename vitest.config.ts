// All suites in one run, so that one reporter can print the one total. Files run two at a time: as many as the smallest machine has cores.
import { defineConfig } from 'vitest/config';

const suite = (name: string, include: string[], more: Record<string, unknown> = {}) => ({
  extends: true as const,
  test: { name, include, environment: 'node', ...more },
});
const slow = { testTimeout: 120_000, hookTimeout: 180_000 };

export default defineConfig({
  test: {
    reporters: ['default', './scripts/total-reporter.ts'],
    maxWorkers: 2,
    globalSetup: ['./test/support/samples-folder.ts'],
    projects: [
      // Modules are loaded once a worker, not once a file: a test leaves the modules it used as it found them.
      suite('unit', ['{shared,electron,renderer,test/bench}/**/*.test.{ts,tsx}'], {
        testTimeout: 60_000,
        isolate: false,
      }),
      suite('contract', ['test/contract/**/*.test.ts'], slow),
      suite('e2e', ['test/e2e/**/*.test.ts'], slow),
      suite('shell', ['test/shell/**/*.test.ts'], slow),
      suite('packaged', ['test/packaged/**/*.test.ts'], slow),
    ],
  },
});
