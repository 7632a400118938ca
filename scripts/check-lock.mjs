// A registry that lags for platform packages makes `npm install` drop them from the lock without a word, and `npm ci`
// then fails on other platforms. Every optional dependency that an entry names must therefore have an entry itself.
import { readFileSync } from 'node:fs';

const { packages } = JSON.parse(readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8'));
const names = new Set(Object.keys(packages).map((place) => place.split('node_modules/').at(-1)));
const missing = Object.entries(packages).flatMap(([place, entry]) =>
  Object.keys(entry.optionalDependencies ?? {})
    .filter((name) => !names.has(name))
    .map((name) => `${name} (wanted by ${place || 'package.json'})`),
);
const loose = Object.entries({ ...packages[''].dependencies, ...packages[''].devDependencies })
  .filter(([, version]) => !/^(npm:[\w@/-]+@)?\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))
  .map(([name, version]) => `${name}@${version} is no exact version`);
for (const line of [...missing.map((name) => `Missing from package-lock.json: ${name}`), ...loose]) console.error(line);
if (missing.length + loose.length > 0) process.exitCode = 1;
