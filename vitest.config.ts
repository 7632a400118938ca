// All suites in one run, so that one reporter can print the one total. Files run three at a time, on two cores too: they often wait.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const root = path.dirname(fileURLToPath(import.meta.url));
const unitTests = ['shared', 'electron', 'renderer', 'test/bench'].flatMap((room) =>
  readdirSync(path.join(root, room), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.test\.tsx?$/.test(file))
    .map((file) => path.posix.join(room, file.replaceAll(path.sep, '/'))),
);
/** Tests that put something else in the place of a module or a global: what they load must not be met by others. */
const replacing = unitTests.filter((file) =>
  /\bvi\.(mock|doMock|stubGlobal|stubEnv)\(|\bglobalThis\b/.test(readFileSync(path.join(root, file), 'utf8')),
);

const suite = (name: string, include: string[], more: Record<string, unknown> = {}) => ({
  extends: true as const,
  test: { name, include, environment: 'node', ...more },
});
const slow = { testTimeout: 120_000, hookTimeout: 180_000, isolate: false };

export default defineConfig({
  test: {
    reporters: ['default', './scripts/total-reporter.ts'],
    maxWorkers: 3,
    globalSetup: ['./test/support/samples-folder.ts'],
    projects: [
      // Modules are loaded once a worker, not once a file: a test leaves them as it found them.
      suite(
        'unit',
        unitTests.filter((file) => !replacing.includes(file)),
        { testTimeout: 60_000, hookTimeout: 120_000, isolate: false },
      ),
      suite('unit-alone', replacing, { testTimeout: 60_000, hookTimeout: 120_000 }),
      suite('contract', ['test/contract/**/*.test.ts'], slow),
      suite('e2e', ['test/e2e/**/*.test.ts'], slow),
      suite('shell', ['test/shell/**/*.test.ts'], slow),
      suite('packaged', ['test/packaged/**/*.test.ts'], slow),
    ],
  },
});
