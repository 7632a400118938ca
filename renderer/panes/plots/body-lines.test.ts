import { expect, it } from 'vitest';
import type { BodyTrack } from '../../../shared/geometry/body-track.ts';
import { valuesAt } from './body-lines.ts';
import { positionCurves, speedCurves } from './plot-data.ts';

const body = (name: string, side: BodyTrack['side'], x: number, ticks = 3): BodyTrack => ({
  ...{ id: name, name, side, upAxis: 'y', projected: false, rule: 'nearest' },
  times: Float64Array.from({ length: ticks }, (_, at) => at * 10e6),
  poses: Float64Array.from(Array.from({ length: ticks }, (_, at) => [x + at * 0.01, 0.5, -0.2, 0, 0, 0, 1]).flat()),
  runStart: new Uint32Array(ticks),
});

it('reads every body at a moment, sides first, and says where there is nothing', () => {
  const bodies = [body('motherboard', null, 0), body('sensor_right', 'right', 1), body('sensor_left', 'left', 2)];
  expect(valuesAt(positionCurves(bodies), 11e6)).toEqual([
    'L 2.010 0.500 -0.200',
    'R 1.010 0.500 -0.200',
    'M 0.010 0.500 -0.200',
  ]);
  expect(valuesAt(speedCurves([body('sensor_left', 'left', 2, 0)]), 11e6)).toEqual(['L –']);
});
