import type { WorkstationPage } from './workstation-page.ts';

export interface MarkedByKeys {
  handOff: number;
  recovery: readonly [first: number, last: number];
  /** Transport: brings a tick on screen. */
  goTo(tick: number): Promise<void>;
}

/**
 * Marks a failure at the tick on screen (a slip of the grasp, low, reset at once), its hand-off and its recovery (by
 * teleoperation, recovered). Answers how many presses that took, transport not counted.
 */
export async function markByKeys(window: WorkstationPage, { handOff, recovery, goTo }: MarkedByKeys): Promise<number> {
  const { inspector, topBar } = window;
  let presses = 0;
  const press = async (key: string) => {
    presses += 1;
    await window.page.keyboard.press(key);
  };
  const asked = (question: string) => inspector.getByRole('combobox', { name: question }).waitFor();
  const undoes = (name: string) => topBar.getByRole('button', { name: `Undo: ${name}`, exact: true }).waitFor();
  await press('m');
  await asked('What failed?');
  await press('2');
  await inspector.getByRole('option', { name: /Slips/ }).waitFor();
  await press('4');
  await asked('How bad was it?');
  await press('1');
  await asked('What does a reset take?');
  await press('1');
  await undoes('Choose a resetability');
  await goTo(handOff);
  await press('h');
  await undoes('Mark the hand-off');
  await goTo(recovery[0]);
  await press('r');
  await inspector.getByText('not ended yet').waitFor();
  await undoes('Mark a recovery');
  await goTo(recovery[1]);
  await press('r');
  await asked('Who steered the recovery?');
  await press('1');
  await asked('How did the recovery end?');
  await press('1');
  await undoes('Say how the recovery ended');
  return presses;
}
