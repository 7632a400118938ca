// npm start [-- folder] [--at address] [--browser]: builds what is stale, then does what `regrasp open` does.
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, isFresh } from './build.mjs';
import { goWhereTyped } from './where-typed.mjs';

if (!isFresh()) console.error('Building Regrasp …');
await build();
goWhereTyped('start');
const cli = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../out/main/cli.js');
process.argv.splice(1, 1, cli, 'open');
await import(new URL('../out/main/cli.js', import.meta.url).href);
