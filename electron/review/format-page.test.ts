import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { foldLayers, reviewOf } from '../../shared/review/fold.ts';
import { formatLine, readLine } from '../../shared/review/journal.ts';
import { applyChanges, EMPTY_RECORDS } from '../../shared/review/records.ts';
import { type GestureLine, gestureLineSchema, recordMapSchema } from '../../shared/review/review.ts';
import { readLabTaxonomy } from '../../shared/review/taxonomy.ts';

const page = readFileSync(new URL('../../docs/formats/review.md', import.meta.url), 'utf8');
const between = (mark: string) =>
  new RegExp(`<!-- ${mark}: begin -->\n\`\`\`json\n([\\s\\S]*?)\`\`\`\n<!-- ${mark}: end -->`).exec(
    page,
  )?.[1] as string;
const firstCells = (heading: string) => {
  const table = page
    .slice(page.indexOf(heading))
    .split('\n\n')
    .find((part) => part.startsWith('| '));
  const rows = (table as string).split('\n').slice(2);
  return rows.flatMap((row) =>
    [...(row.split('|')[1] as string).matchAll(/`(\w+)`/g)].map(([, name]) => name as string),
  );
};

describe('docs/formats/review.md', () => {
  const texts = between('example').trimEnd().split('\n');
  const lines = texts.map((text, index) => readLine(text, `line ${index + 1}`));

  it('shows lines that are read as they stand, and written so', () => {
    for (const [index, line] of lines.entries()) {
      expect(typeof line, String(line)).toBe('object');
      expect(JSON.parse(formatLine(line as GestureLine))).toEqual(JSON.parse(texts[index] as string));
    }
  });

  it('says what they amount to, whose patches alone lead there', () => {
    const gestures = lines as GestureLine[];
    const layers = foldLayers(gestures);
    const review = reviewOf('f', 'mara', layers, []);
    expect(review).toMatchObject({
      own: {
        outcome: null,
        properties: {},
        failures: { f1: { event: 372, code: 'GRASP_SLIP' } },
        recoveries: { r1: { failure: 'f1' } },
        taxonomyVersion: 1,
        said: { 'failures/f1': { at: '2026-06-18T09:14:05.480Z', firstAt: '2026-06-18T09:14:02.120Z' } },
      },
      undo: { count: 3, name: 'Mark a recovery' },
      redo: { count: 1, name: 'Set outcome to failure' },
    });
    const replayed = gestures.reduce((records, { patch }) => applyChanges(records, patch), EMPTY_RECORDS);
    const held = (records: typeof replayed) => [...records].filter(([, values]) => values.size > 0);
    expect(held(replayed)).toEqual(held(layers.get('mara')?.records ?? EMPTY_RECORDS));
  });

  it('names every field of a line and every map of records', () => {
    expect(firstCells('## A journal').sort()).toEqual(Object.keys(gestureLineSchema.shape).sort());
    expect(firstCells('## Records').sort()).toEqual([...recordMapSchema.options].sort());
  });

  it('shows a file of codes that is taken whole', () => {
    const { lab, problems } = readLabTaxonomy(between('taxonomy'), 'taxonomy.json');
    expect(problems).toEqual([]);
    expect(lab.codes.map(({ code }) => code)).toEqual(['LAB_SPILL']);
  });
});
