import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { codeOf } from '../../shared/review/taxonomy.ts';
import { readTaxonomy } from './taxonomy.ts';

let dir: string;
let file: string;
beforeEach(async () => {
  dir = await mkdtemp(path.join(os.tmpdir(), 'regrasp-taxonomy-'));
  file = path.join(dir, 'taxonomy.json');
});
afterEach(() => rm(dir, { recursive: true, force: true }));

const spill = { code: 'LAB_SPILL', category: 'manipulation', title: 'Spilled', definition: 'Liquid leaves the cup.' };
const said = (value: unknown) => writeFile(file, typeof value === 'string' ? value : JSON.stringify(value));

describe('the taxonomy of a root', () => {
  it('is what stands where a lab says nothing', async () => {
    const { taxonomy, problems } = await readTaxonomy([dir, path.join(dir, 'absent')]);
    expect(problems).toEqual([]);
    expect(taxonomy.version).toBe(1);
    expect(codeOf(taxonomy, 'GRASP_SLIP')?.category).toBe('grasp');
  });

  it("has the lab's codes from the first folder that holds them", async () => {
    await said({ version: 1, codes: [spill] });
    const other = path.join(dir, 'other');
    await mkdir(other);
    await writeFile(path.join(other, 'taxonomy.json'), JSON.stringify({ version: 1, codes: [] }));
    const { taxonomy, problems } = await readTaxonomy([path.join(dir, 'absent'), dir, other]);
    expect(problems).toEqual([]);
    expect(codeOf(taxonomy, 'LAB_SPILL')?.title).toBe('Spilled');
  });

  it('takes what is right of a file and says what is not, where', async () => {
    await said({ version: 1, codes: [spill, { ...spill, code: 'small' }, { ...spill, code: 'GRASP_SLIP' }, 7] });
    const { taxonomy, problems } = await readTaxonomy([dir]);
    expect(codeOf(taxonomy, 'LAB_SPILL')).toBeDefined();
    expect(problems).toEqual([
      expect.stringMatching(/taxonomy\.json: code 2 \("small"\) was left out \(code: a code is made of capitals/),
      expect.stringMatching(/taxonomy\.json: code 4 was left out/),
      expect.stringMatching(/taxonomy\.json: The code GRASP_SLIP is there already/),
    ]);
    expect(codeOf(taxonomy, 'GRASP_SLIP')?.title).toBe('Slips');
  });

  it.each([
    ['{"version": 1, "codes": [', /is no readable JSON/],
    [{ version: 2, codes: [] }, /of a newer Regrasp/],
    [[spill], /says no list of codes/],
    [{ version: 1 }, /says no list of codes/],
  ])('offers what stands beside a file of no use: %j', async (content, sentence) => {
    await said(content);
    const { taxonomy, problems } = await readTaxonomy([dir]);
    expect(problems).toEqual([expect.stringMatching(sentence)]);
    expect(taxonomy.codes).toHaveLength(28);
  });

  it('follows no link', async () => {
    await writeFile(path.join(dir, 'elsewhere.json'), JSON.stringify({ version: 1, codes: [spill] }));
    await symlink(path.join(dir, 'elsewhere.json'), file);
    const { taxonomy, problems } = await readTaxonomy([dir]);
    expect(problems).toEqual([expect.stringMatching(/is a link and was not followed/)]);
    expect(codeOf(taxonomy, 'LAB_SPILL')).toBeUndefined();
  });
});
