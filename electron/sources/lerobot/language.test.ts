import { describe, expect, it } from 'vitest';
import type { ParquetFile } from '../common/parquet.ts';
import { readLanguage } from './language.ts';
import type { EpisodeRows } from './rows.ts';

const times = Float64Array.from({ length: 10 }, (_, tick) => tick * 1e8);

/** Rows 20 to 30 of a file that holds these cells. */
function rowsWith(columns: Record<string, unknown[]>): EpisodeRows {
  const file = {
    name: 'file-000.parquet',
    column: (name: string) =>
      name in columns ? { name, kind: 'struct', listDepth: 1, dtype: 'struct', fields: [] } : undefined,
    values: async (name: string, from: number, to: number) => columns[name]?.slice(from - 20, to - 20) ?? [],
  } as unknown as ParquetFile;
  return { file, from: 20, to: 30, problems: [] };
}

const row = (style: string | null, content: string | null, timestamp?: number | null) => ({
  role: 'user',
  style,
  content,
  timestamp,
});

describe('language rows', () => {
  it('become stretches of subtasks and instants of the rest', async () => {
    const persistent = [
      row('subtask', 'Grasp', 0),
      row('subtask', 'Lift', 0.4),
      row('plan', 'Grasp, then lift.', 0),
      row('task_aug', 'Pick', null),
    ];
    const events = Array.from({ length: 10 }, (_, tick) => (tick === 7 ? [row('vqa', 'Where is it?')] : []));
    const { marks, problems } = await readLanguage(
      rowsWith({ language_persistent: Array(10).fill(persistent), language_events: events }),
      times,
    );
    expect(problems).toEqual([]);
    expect(marks.map(({ kind, name, by, startNs, endNs }) => [kind, name, by, startNs, endNs])).toEqual([
      ['task', 'Grasp', 'subtask', 0, 4e8],
      ['other', 'plan', 'plan', 0, 0],
      ['task', 'Lift', 'subtask', 4e8, 9e8],
      ['other', 'vqa', 'vqa', 7e8, 7e8],
    ]);
    expect(marks[3]?.text).toBe('Where is it?');
    expect(new Set(marks.map(({ id }) => id)).size).toBe(4);
  });

  it('that say nothing, or a time that is none, are left out or stay within the episode', async () => {
    const persistent = [
      row('subtask', null, 0),
      row('subtask', 'Late', 1e30),
      row('subtask', 'Early', -5),
      row('plan', 'x', Number.NaN),
      'no row',
      null,
    ];
    const { marks } = await readLanguage(rowsWith({ language_persistent: Array(10).fill(persistent) }), times);
    expect(marks.map(({ name, startNs, endNs }) => [name, startNs, endNs])).toEqual([
      ['Early', 0, 9e8],
      ['Late', 9e8, 9e8],
    ]);
    expect((await readLanguage(rowsWith({}), times)).marks).toEqual([]);
  });
});
