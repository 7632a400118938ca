#!/usr/bin/env node
// The terminal door. In a source checkout it builds first when something changed; an installed copy is built already.
import { existsSync } from 'node:fs';

const builder = new URL('../scripts/build.mjs', import.meta.url);
if (existsSync(builder) && existsSync(new URL('../electron', import.meta.url))) {
  const { build, isFresh } = await import(builder.href);
  if (!isFresh()) console.error('Building Regrasp …');
  await build();
  const { goWhereTyped } = await import(new URL('../scripts/where-typed.mjs', import.meta.url).href);
  goWhereTyped('regrasp');
}
await import(new URL('../out/main/cli.js', import.meta.url).href);
