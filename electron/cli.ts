import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { runCli } from './cli/program.ts';

/** The terminal door: this file only says where the built files lie, which the bundled modules cannot tell themselves. */
const builtDir = path.dirname(fileURLToPath(import.meta.url));

// Progress that nobody reads any more (`regrasp sample … 2>&1 | head`) is no reason to break off the work.
process.stderr.on('error', () => undefined);

process.exitCode = await runCli(process.argv.slice(2), builtDir);
