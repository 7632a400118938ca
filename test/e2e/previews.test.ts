import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { PATIENCE, type WorkstationPage } from '../pages/workstation-page.ts';
import { noChromium } from '../support/chromium.ts';
import { callRegrasp } from '../support/terminal.ts';
import { seriousFaults } from './axe.ts';
import { EPISODES } from './sample.ts';
import { Stage } from './stage.ts';

describe.skipIf(noChromium)('an operator goes through the previews of a date', () => {
  let stage: Stage;
  let window: WorkstationPage;
  beforeAll(async () => {
    stage = await Stage.make();
    window = await stage.openWindow({ address: `episode=${EPISODES.clean}&t=5`, reducedMotion: 'reduce' });
    await window.waitForTick(5);
  });
  afterAll(() => stage?.close());
  afterEach(() => expect(stage.complaints).toEqual([]));

  const press = (key: string) => window.page.keyboard.press(key);
  const tick = (at: number) =>
    window.page
      .getByTestId('preview-tick')
      .filter({ hasText: new RegExp(`^${at}$`) })
      .waitFor();
  const flag = (words: string) =>
    window.page.getByRole('region', { name: /^Flags of/ }).getByRole('button', { name: new RegExp(`^${words}`) });

  it('has a preview made that is missing, and finds it at the moment of the episode', async () => {
    await press('v');
    await window.page.getByText('episode_001 has no preview yet').waitFor();
    await window.page.getByRole('button', { name: 'Make it', exact: true }).click();
    await window.page.getByLabel('Preview of episode_001').waitFor(PATIENCE);
    await tick(5);
    // H.264 in 4:4:4, and as long as the recording has ticks at its rate.
    const size = await window.page
      .locator('video')
      .evaluate((video: HTMLVideoElement) => [video.videoWidth, video.videoHeight]);
    expect(size).toEqual([1280, 480]);
  });

  it('flags by one key at the frame on screen, takes back, and confirms the side', async () => {
    await press('ArrowRight');
    await press('ArrowRight');
    await tick(7);
    await press('b');
    await flag('Occlusion').filter({ hasText: 'tick 7' }).waitFor();
    await press('x');
    await flag('Colour or exposure').waitFor();
    await press('Control+z');
    await flag('Colour or exposure').waitFor({ state: 'detached' });
    await press('a');
    await window.dialog('Which side was in use?').waitFor();
    await press('l');
    await flag('Active side: left').waitFor();
    expect(await window.page.getByTestId('preview-counts').innerText()).toMatch(/1 flag$/);
  });

  it('goes to the stored pixels of that moment, finds the flag on the timeline, and comes back', async () => {
    await press('s');
    await window.waitForTick(7);
    await window.timeline.getByText('Flags', { exact: true }).waitFor();
    await press('v');
    await tick(7);
    await flag('Occlusion').waitFor();
  });

  it('plays on: at the end it was played', async () => {
    await press('End');
    await tick(119);
    await press('ArrowLeft');
    await press('Space');
    await window.page.getByRole('button', { name: /^episode_001.*Played/ }).waitFor();
  });

  it('sees the date at a glance, by keys, and opens a recording from there', async () => {
    expect(await seriousFaults(window)).toEqual([]);
    await press('Shift+V');
    const cell = (name: RegExp) => window.page.getByRole('gridcell', { name });
    await cell(/No GIF yet.*episode_001.*Occlusion: 1/).waitFor();
    await window.page.getByRole('button', { name: 'Flagged 1' }).click();
    await cell(/episode_000/).waitFor({ state: 'detached' });
    await window.page.emulateMedia({ colorScheme: 'dark' });
    expect(await seriousFaults(window)).toEqual([]);
    await window.page.getByRole('grid', { name: 'Recordings' }).focus();
    await press('Enter');
    await window.waitForEpisode('episode_001');
  });

  it('finds all of it in the notes of the date', async () => {
    const run = await callRegrasp(path.join(stage.folder, 'terminal-user'), 'metadata', stage.dataset);
    expect(run.exitCode, run.stderr).toBe(0);
    const tasks = JSON.parse(readFileSync(path.join(stage.dataset, 'tasks.json'), 'utf8'));
    expect(tasks.tasks.board_insertion.per_date_notes['2026-07-02']).toMatchObject({
      active_sensors: ['left'],
      note: expect.stringMatching(/^left hand only; 2 episodes;.* occlusion in ep_001 at tick 7/),
    });
  });
});
