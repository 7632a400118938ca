import { describe, expect, it } from 'vitest';
import { stages } from './index.ts';
import { optionFault } from './option-faults.ts';
import type { Stage } from './stage.ts';

function told(id: string, options: Record<string, unknown>): string {
  const stage = stages.find((each) => each.id === id) as Stage<unknown> | undefined;
  if (!stage) throw new Error(`There is no stage ${id}.`);
  const checked = stage.options.safeParse(options);
  if (checked.success) throw new Error(`${id} takes ${JSON.stringify(options)}.`);
  return optionFault(stage, options, checked.error.issues).message;
}

describe('options that cannot be used', () => {
  it('are told by the flag that people type, with what was given and what to give', () => {
    expect(told('clips', { minS: '-1' })).toBe('regrasp clips: --min-s -1 cannot be used: give a number of 0 or more.');
    expect(told('clips', { maxS: '0' })).toBe('regrasp clips: --max-s 0 cannot be used: give a number above 0.');
    expect(told('gallery', { maxKib: 'x' })).toBe('regrasp gallery: --max-kib x cannot be used: give a number.');
    expect(told('compress', { level: '12' })).toBe(
      'regrasp compress: --level 12 cannot be used: give a number of 9 or less.',
    );
    expect(told('compress', { level: '4.5' })).toBe(
      'regrasp compress: --level 4.5 cannot be used: give a whole number.',
    );
    expect(told('preview', { chroma: '411' })).toBe('regrasp preview: --chroma 411 cannot be used: give 420 or 444.');
    expect(told('clips', { class: 'ot_los' })).toMatch(/^regrasp clips: --class ot_los cannot be used: .*ot_loss, /);
    expect(told('report', { link: 'foo' })).toMatch(/^regrasp report: --link foo cannot be used: give the address/);
  });

  it('of every stage have a flag for each key of their schema', () => {
    for (const stage of stages) {
      const shape = (stage.options as unknown as { shape?: Record<string, unknown> }).shape ?? {};
      for (const key of Object.keys(shape)) {
        const issue = { code: 'custom' as const, path: [key], message: 'no', input: undefined };
        const { message } = optionFault(stage, {}, [issue]);
        expect([stage.id, key, message]).toEqual([
          stage.id,
          key,
          expect.stringMatching(/^regrasp \w+: --[a-z-]+ cannot/),
        ]);
      }
    }
  });
});
