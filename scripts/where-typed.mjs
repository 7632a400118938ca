import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

/**
 * npm runs a script in the package's folder, wherever it was typed; paths are meant from there. `script` is the one by
 * which this program is run: what others start inherits npm's words and stays where it is.
 */
export function goWhereTyped(script, environment = process.env) {
  const { npm_lifecycle_event: running, INIT_CWD: typedIn } = environment;
  if (running === script && typedIn && process.cwd() === root) process.chdir(typedIn);
}
