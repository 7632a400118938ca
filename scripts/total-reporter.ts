// Counts every test of every suite and leaves the total for scripts/test.mjs, which prints it last.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Reporter, TestModule } from 'vitest/node';

export default class TotalReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const total = { passed: 0, failed: errors.length, skipped: 0, slowest: [] as [string, number][] };
    for (const module of modules) {
      let ran = 0;
      for (const test of module.children.allTests()) {
        ran += 1;
        const state = test.result().state;
        if (state === 'passed') total.passed += 1;
        else if (state === 'failed') total.failed += 1;
        else total.skipped += 1;
      }
      // A file that could not be loaded has no tests, and still is a failure.
      if (ran === 0 && module.state() === 'failed') total.failed += 1;
      total.slowest.push([module.moduleId, Math.round(module.diagnostic().duration)]);
    }
    total.slowest.sort((a, b) => b[1] - a[1]);
    total.slowest.length = Math.min(total.slowest.length, 10);
    mkdirSync('.cache', { recursive: true });
    writeFileSync(path.join('.cache', 'test-total.json'), JSON.stringify(total, undefined, 2));
  }
}
