import { expect, it } from 'vitest';
import { createRobotScene } from './robot-scene.ts';
import { withSceneFaults } from './scene-faults.ts';

const SECONDS = 6;

it('plants what it tells, where it tells it, and leaves the rest of the scene as it was', () => {
  const plain = createRobotScene(7, SECONDS);
  const { scene, faults } = withSceneFaults(createRobotScene(7, SECONDS), SECONDS);
  const [jump, frozen, missing, chatter] = faults.map(({ startSeconds, endSeconds }) => [startSeconds, endSeconds]);
  const [at = 0] = jump ?? [];
  expect(scene.robot(at - 0.001)).toEqual(plain.robot(at - 0.001));
  for (const arm of [0, 1] as const) {
    const joint = arm * 7 + 2;
    expect((scene.robot(at).joints[joint] as number) - (plain.robot(at).joints[joint] as number)).toBeCloseTo(0.9);
    expect((scene.robot(at).tools[arm][0] as number) - (plain.robot(at).tools[arm][0] as number)).toBeCloseTo(0.3);
  }
  const [from = 0, to = 0] = frozen ?? [];
  const front = (seconds: number, of = scene) => Buffer.from(of.picture('front', seconds, 80));
  expect(front(to - 0.01).equals(front(from))).toBe(true);
  expect(front(to - 0.01).equals(front(to - 0.01, plain))).toBe(false);
  expect(front(to).equals(front(to, plain))).toBe(true);
  const side = (of = scene) => Buffer.from(of.picture('side', to - 0.01, 80));
  expect(side().equals(side(plain))).toBe(true);
  const lost = (seconds: number) =>
    scene.robot(seconds).joints.flatMap((value, joint) => (Number.isNaN(value) ? [joint] : []));
  expect([lost(missing?.[0] as number), lost(missing?.[1] as number)]).toEqual([[1, 8], []]);
  const [start = 0, end = 0] = chatter ?? [];
  const grips = Array.from({ length: 8 }, (_, turn) => scene.robot(start + 0.06 + turn * 0.125).grippers);
  expect(grips).toEqual(Array.from({ length: 8 }, (_, turn) => [turn % 2, turn % 2]));
  expect(scene.robot(end).grippers).toEqual(plain.robot(end).grippers);
});
