import { readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { jsonSchemas } from './schemas.ts';

const FOLDER = new URL('../../docs/formats/', import.meta.url);

/** Where this fails a document changed: `npx vitest run --project unit electron/bundles/schemas -u` writes its schema anew. */
it.each([...jsonSchemas()])('docs/formats/%s.schema.json is what the code takes', async (name, text) => {
  await expect(text).toMatchFileSnapshot(new URL(`${name}.schema.json`, FOLDER).pathname);
});

it('there is no schema of a document that is gone', () => {
  const there = readdirSync(FOLDER).filter((name) => name.endsWith('.schema.json'));
  expect(there.sort()).toEqual([...jsonSchemas().keys()].map((name) => `${name}.schema.json`).sort());
});
