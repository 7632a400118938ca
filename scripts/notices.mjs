// Writes THIRD_PARTY_NOTICES.md: every package that ends up in what people run, with its licence text.
// Run after changing dependencies: node scripts/notices.mjs  (npm run check says when it is stale).
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const lock = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8'));
const file = path.join(root, 'THIRD_PARTY_NOTICES.md');

const licenceOf = (folder) => {
  const name = readdirSync(folder).find((entry) => /^(licen[cs]e|copying)/i.test(entry));
  return name ? readFileSync(path.join(folder, name), 'utf8').trim() : undefined;
};

const sections = Object.entries(lock.packages)
  .filter(([place, entry]) => place.startsWith('node_modules/') && !entry.dev && !entry.devOptional && !entry.optional)
  .filter(([place]) => existsSync(path.join(root, place)))
  .map(([place, entry]) => {
    const name = place.split('node_modules/').at(-1);
    const manifest = JSON.parse(readFileSync(path.join(root, place, 'package.json'), 'utf8'));
    const text = licenceOf(path.join(root, place)) ?? `(${manifest.license}; the package ships no licence text)`;
    return { name, version: entry.version, licence: manifest.license ?? 'see text', text };
  })
  .sort((a, b) => a.name.localeCompare(b.name));

const output = [
  '# Third-party notices',
  '',
  'Regrasp itself is licensed under Apache-2.0 (LICENSE). It contains or installs the packages below.',
  'The HDF5 filter plugins of h5wasm-plugins stay separate, replaceable files beside the application.',
  '',
  'The core of @ffmpeg/core (ffmpeg with x264, x265 and others, built as WebAssembly) is licensed under GPL-2.0-or-later.',
  'It is a program of its own: two files (ffmpeg-core.js, ffmpeg-core.wasm) that are not linked into Regrasp, run in a',
  'thread of their own, exchange files and streams with it, and may be replaced by any build with the same entry points.',
  'Its complete corresponding source, with the scripts that build it, is public at',
  'https://github.com/ffmpegwasm/ffmpeg.wasm (tag of the version named below); on request those who distribute Regrasp',
  'hand it out on a medium for the cost of copying, for three years from the distribution. Where the machine has an',
  'ffmpeg of its own, that is used and the core is not.',
  '',
  ...sections.flatMap(({ name, version, licence, text }) => [
    `## ${name} ${version}`,
    '',
    `Licence: ${licence}`,
    '',
    '```text',
    text.replaceAll('```', "'''"),
    '```',
    '',
  ]),
].join('\n');

if (process.argv.includes('--check')) {
  if (!existsSync(file) || readFileSync(file, 'utf8') !== output) {
    console.error('THIRD_PARTY_NOTICES.md is stale: run node scripts/notices.mjs.');
    process.exitCode = 1;
  }
} else {
  writeFileSync(file, output);
  console.error(`${sections.length} packages.`);
}
