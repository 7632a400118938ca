import { safe } from '@orpc/client';
import { describe, expect, it } from 'vitest';
import type { ContractStage } from './stage.ts';

/** What windows remember. */
export function describeMemory(stage: ContractStage): void {
  describe('memory', () => {
    it('keeps where one was and how the window was arranged', async () => {
      const { memory } = stage.door.client;
      expect(await memory.place({ episode: stage.good() })).toEqual({ tick: null });
      expect(await memory.place({ episode: stage.good(), tick: 5 })).toEqual({ tick: 5 });
      expect(await memory.place({ episode: stage.good() })).toEqual({ tick: 5 });
      expect(await memory.view({})).toEqual({});
      await memory.view({ view: { isInspectorShown: true, libraryWidthPx: 300 } });
      expect(await memory.view({})).toEqual({ isInspectorShown: true, libraryWidthPx: 300 });
      const many = Object.fromEntries(Array.from({ length: 101 }, (_, index) => [`key${index}`, index]));
      const wrong: Record<string, string | number>[] = [
        many,
        { nested: {} as unknown as string },
        { long: 'x'.repeat(201) },
      ];
      for (const view of wrong) {
        expect((await safe(memory.view({ view }))).error).toMatchObject({ code: 'BAD_REQUEST' });
      }
      expect((await safe(memory.place({ episode: stage.good(), tick: -1 }))).error).toMatchObject({
        code: 'BAD_REQUEST',
      });
      expect(Object.keys(await memory.view({}))).toHaveLength(2);
    });

    it('keeps how the list of a dataset was filtered and sorted', async () => {
      const { memory } = stage.door.client;
      const filters = { choices: [{ facet: 'task', value: 'push' }], onlyProblems: false, sort: 'longest' as const };
      expect(await memory.filters({ root: 'none' })).toEqual({ filters: null });
      expect(await memory.filters({ root: 'one', filters })).toEqual({ filters });
      expect(await memory.filters({ root: 'one' })).toEqual({ filters });
      const wrong = { ...filters, sort: 'by colour' as 'name' };
      expect((await safe(memory.filters({ root: 'one', filters: wrong }))).error).toMatchObject({
        code: 'BAD_REQUEST',
      });
    });
  });
}
