// Compiles wasm/unpack (AssemblyScript) into electron/frames/unpack-module.ts, which is committed: a build needs no compiler.
// Run after changing wasm/: node scripts/unpack-module.mjs  (npm run check says when it is stale).
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const file = path.join(root, 'electron', 'frames', 'unpack-module.ts');

let binary;
const { error } = await asc.main(
  [
    ...['wasm/unpack/index.ts', '--baseDir', root, '--outFile', 'unpack.wasm'],
    ...['--runtime', 'stub', '--noAssert', '-O3', '--converge', '--enable', 'simd', '--enable', 'bulk-memory'],
  ],
  {
    stderr: process.stderr,
    writeFile: (_, contents) => {
      binary = Buffer.from(contents);
    },
  },
);
if (error || !binary) {
  console.error(`wasm/unpack does not compile: ${error?.message ?? 'no output'}.`);
  process.exit(1);
}
const output = `// Written by scripts/unpack-module.mjs from wasm/unpack; do not edit.
/** The WebAssembly module, base64. */
export const UNPACK_MODULE =
  '${binary.toString('base64')}';
`;
if (!process.argv.includes('--check')) writeFileSync(file, output);
else if (readFileSync(file, 'utf8') !== output) {
  console.error(
    `${path.relative(root, file)} is not what wasm/unpack compiles to: run node scripts/unpack-module.mjs.`,
  );
  process.exitCode = 1;
}
