import { describe, expect, it } from 'vitest';
import type { ArraysHeader } from '../../../shared/api/arrays.ts';
import { formatQuery } from '../../../shared/api/query.ts';
import { POSES, TICK_SECONDS, TICKS } from '../fixture.ts';
import { envelopeOf } from '../helpers.ts';
import type { ContractStage } from './stage.ts';

/** Clocks and poses as numbers. */
export function describeNumbers(stage: ContractStage): void {
  describe('numbers', () => {
    const numbers = (kind: string, id: string) =>
      stage.door.fetch(`/api/arrays?${formatQuery(Object.entries({ episode: stage.good(), kind, id }))}`);

    it('carries clocks and poses as they were recorded', async () => {
      const { episode } = await stage.door.client.episodes.open({ episode: stage.good() });
      const clock = await envelopeOf<ArraysHeader>(await numbers('clock', episode.masterClock));
      expect(clock.header.arrays).toEqual([{ name: 'times', shape: [TICKS], offset: 0, bytes: TICKS * 8 }]);
      const times = new Float64Array(clock.body.slice().buffer);
      TICK_SECONDS.forEach((seconds, at) => {
        expect(times[at]).toBeCloseTo(seconds * 1e9, -4);
      });
      const track = await envelopeOf<ArraysHeader>(await numbers('track', 'sensor_left'));
      const poses = track.header.arrays.find((array) => array.name === 'poses');
      expect(poses?.shape).toEqual([20, 7]);
      const from = poses?.offset ?? 0;
      expect(new Float64Array(track.body.slice(from, from + (poses?.bytes ?? 0)).buffer)).toEqual(POSES);
    });

    it('refuses what is not there or makes no sense', async () => {
      expect((await numbers('clock', 'sundial')).status).toBe(404);
      expect((await numbers('track', 'nobody')).status).toBe(404);
      expect((await numbers('series', '__proto__')).status).toBe(404);
      expect((await numbers('opinion', 'x')).status).toBe(400);
      expect((await stage.door.fetch('/api/arrays')).status).toBe(400);
    });
  });
}
