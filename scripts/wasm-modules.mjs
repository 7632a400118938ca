// Compiles wasm/* (AssemblyScript) into TypeScript files that are committed: a build needs no compiler.
// Run after changing wasm/: node scripts/wasm-modules.mjs  (npm run check says when one is stale).
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const modules = [
  { folder: 'unpack', name: 'UNPACK_MODULE', file: 'electron/frames/unpack-module.ts' },
  { folder: 'pictures', name: 'PICTURES_MODULE', file: 'electron/curation/signals/pictures-module.ts' },
];

async function compile(folder) {
  let binary;
  const { error } = await asc.main(
    [
      ...[`wasm/${folder}/index.ts`, '--baseDir', root, '--outFile', `${folder}.wasm`],
      ...['--runtime', 'stub', '--noAssert', '-O3', '--converge', '--enable', 'simd', '--enable', 'bulk-memory'],
    ],
    {
      stderr: process.stderr,
      writeFile: (_, contents) => {
        binary = Buffer.from(contents);
      },
    },
  );
  if (!error && binary) return binary;
  console.error(`wasm/${folder} does not compile: ${error?.message ?? 'no output'}.`);
  process.exit(1);
}

for (const { folder, name, file } of modules) {
  const output = `// Written by scripts/wasm-modules.mjs from wasm/${folder}; do not edit.
/** The WebAssembly module, base64. */
export const ${name} =
  '${(await compile(folder)).toString('base64')}';
`;
  const place = path.join(root, file);
  if (!process.argv.includes('--check')) writeFileSync(place, output);
  else if (readFileSync(place, 'utf8') !== output) {
    console.error(`${file} is not what wasm/${folder} compiles to: run node scripts/wasm-modules.mjs.`);
    process.exitCode = 1;
  }
}
