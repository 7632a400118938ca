import { expect, it } from 'vitest';
import { isCommandChecked, isCommandEnabled, registerCommand, runCommand } from './registry.ts';

it('runs what was registered last, but what takes a command over while it does', () => {
  const ran: string[] = [];
  let isInHand = false;
  const run = (name: string) => () => void ran.push(name);
  const stops = [
    registerCommand('play.in', { run: run('selection') }),
    registerCommand('play.in', { run: run('mark'), takesOver: () => isInHand, isChecked: () => true }),
    registerCommand('play.in', { run: run('selection anew') }),
  ];
  runCommand('play.in');
  isInHand = true;
  expect(isCommandChecked('play.in')).toBe(true);
  runCommand('play.in');
  isInHand = false;
  expect(isCommandChecked('play.in')).toBe(false);
  stops[2]?.();
  runCommand('play.in');
  stops[0]?.();
  // What only takes over is nothing by itself.
  expect([isCommandEnabled('play.in'), runCommand('play.in')]).toEqual([false, false]);
  stops[1]?.();
  expect(ran).toEqual(['selection anew', 'mark', 'selection']);
});
