import { spawnSync } from 'node:child_process';

/** A python that can import these modules, or the reason there is none. Tests that compare with it skip with that reason. */
export function findPython(modules: readonly string[]): { python: string } | { reason: string } {
  const candidates = [process.env.REGRASP_PYTHON, 'python3', '/usr/bin/python3'].filter((name) => name !== undefined);
  for (const python of candidates) {
    if (spawnSync(python, ['-c', `import ${modules.join(', ')}`], { stdio: 'ignore' }).status === 0) return { python };
  }
  return { reason: `no python3 here can import ${modules.join(', ')}` };
}

/** Runs a script with arguments and answers what it printed; throws with its stderr when it fails. */
export function runPython(python: string, script: string, ...args: string[]): string {
  const run = spawnSync(python, ['-c', script, ...args], { encoding: 'utf8', maxBuffer: 256 * 1024 * 1024 });
  if (run.status !== 0) throw new Error(`python failed: ${run.stderr}`);
  return run.stdout;
}
