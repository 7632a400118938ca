import { copyFileSync, renameSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { PATIENCE, type WorkstationPage } from '../pages/workstation-page.ts';
import { noChromium } from '../support/chromium.ts';
import { EPISODES } from './sample.ts';
import { Stage } from './stage.ts';

const DAMAGED = 'Middle camera';

interface Broken {
  status: 'No problems' | 'Has warnings' | 'Has errors';
  /** In the library, in the inspector, or in place of the panes. */
  says: RegExp;
  /** Panes that say in one sentence why they are empty, and the sentence; the others show their picture. */
  empty?: Record<string, RegExp>;
  /** A stream that is not there has no pane. */
  absent?: string;
  /** Nothing of it can be seen. */
  closed?: true;
}

const BROKEN: Record<string, Broken> = {
  truncated: { status: 'Has errors', says: /is cut short.*record it again/, closed: true },
  'not-hdf5': { status: 'Has errors', says: /is no HDF5 file.*restore it from a copy/, closed: true },
  'missing-stream': {
    status: 'Has errors',
    says: /Left camera \(realsense\/cam1\/color\) is missing/,
    absent: 'Left camera',
  },
  'count-mismatch': { status: 'Has errors', says: /Left GelSight has 3 frames for 5 timestamps/ },
  'corrupt-chunk': {
    status: 'Has errors',
    says: /1 of 5 frames of Middle camera .* cannot be decoded: frame 3/,
    empty: { [DAMAGED]: /damaged/ },
  },
  'unknown-filter': {
    status: 'Has errors',
    says: /compressed with fpzip \(HDF5 filter 32014\).*rewrite it/,
    empty: { [DAMAGED]: /fpzip/ },
  },
  'zero-length-bodies': { status: 'Has warnings', says: /body sensor_left was not recorded/ },
  'external-storage': {
    status: 'Has errors',
    says: /keeps its data in another file/,
    empty: { [DAMAGED]: /another file/ },
  },
  'external-link': {
    status: 'Has errors',
    says: /is a link into another file \(elsewhere\.h5\)/,
    absent: DAMAGED,
  },
  'virtual-dataset': {
    status: 'Has errors',
    says: /virtual dataset whose pixels lie in other files/,
    empty: { [DAMAGED]: /virtual dataset/ },
  },
};

describe.skipIf(noChromium)('somebody opens what is broken', () => {
  let stage: Stage;
  let window: WorkstationPage;

  beforeAll(async () => {
    stage = await Stage.make({ broken: true });
    window = await stage.openWindow({ viewport: { width: 1600, height: 1000 } });
    await window.waitForEpisode('episode_000');
    await window.inspect('Episode');
  });
  afterAll(() => stage?.close());
  afterEach(() => expect(stage.complaints).toEqual([]));

  for (const [name, { status, says, empty = {}, absent, closed }] of Object.entries(BROKEN)) {
    it(`${name}: ${closed ? 'one sentence' : 'what can be seen'}`, async () => {
      const row = window.episode(`episode_${name}`);
      await row.getByRole('img', { name: status }).waitFor();
      await row.click();
      if (closed) {
        await window.workspace.getByRole('heading', { name: `episode_${name} cannot be shown` }).waitFor();
        const sentence = await window.workspace.getByText(says).innerText();
        expect(sentence).toContain(`episode_${name}.h5`);
        return;
      }
      await window.waitForEpisode(`episode_${name}`);
      // Tick 3 is the one whose bytes are damaged in the middle camera.
      await window.typeGoTo('3');
      await window.waitForTick(3);
      await window.inspector.getByText(says).first().waitFor();
      for (const [title, why] of Object.entries(empty)) await window.pane(title).getByText(why).waitFor();
      for (const title of ['Left camera', DAMAGED, 'Right camera', 'Right GelSight']) {
        if (title in empty) continue;
        if (title === absent) {
          expect(await window.pane(title).count()).toBe(0);
          continue;
        }
        await expect.poll(() => window.coloursIn(title), { ...PATIENCE, message: title }).toBeGreaterThan(200);
      }
      await window.typeGoTo('2');
      await window.waitForTick(2);
      if (name === 'corrupt-chunk') await window.pane(DAMAGED).getByText('#2', { exact: true }).waitFor();
    });
  }

  it('shows every other episode as before', async () => {
    await window.episode('episode_not-hdf5').click();
    await window.workspace.getByRole('heading', { name: 'episode_not-hdf5 cannot be shown' }).waitFor();
    await window.openFromLibrary('episode_001');
    await window.typeGoTo('60');
    await window.waitForTick(60);
    expect(await window.paneIndex('Middle camera')).toBe(60);
  });

  it('says so when an address leads nowhere, and stays where it was', async () => {
    await window.openFromLibrary('episode_000');
    await window.goToAddress('episode=data/board_insertion/2026-07-02/episode_999.h5&t=3');
    await window.notice(/No open dataset holds .*episode_999\.h5: open the folder it lies in\./).waitFor();
    await window.topBar.getByRole('heading', { level: 1, name: 'episode_000' }).waitFor();
    await window.goToAddress(`episode=${EPISODES.faulty}&t=4000`);
    await window.waitForTick(119);
    const elsewhere = await stage.openWindow({ address: 'episode=../../etc/passwd' });
    await elsewhere.notice(/No open dataset holds/).waitFor();
    // No other recording stands in its place.
    await elsewhere.workspace.getByRole('heading', { name: 'This episode cannot be shown' }).waitFor();
    await elsewhere.workspace.getByText('No open dataset holds ../../etc/passwd').waitFor();
    await elsewhere.workspace.getByRole('button', { name: 'Next episode' }).click();
    await elsewhere.waitForEpisode('episode_000');
    await elsewhere.page.context().close();
    // While the list is still being made the page asks the workstation, and the browser says so of the answer.
    stage.forgive(/404 .*\/api\/rpc\/episodes\/open/);
  });

  it('notices that a file is replaced while it is open', async () => {
    await window.openFromLibrary('episode_001');
    await window.page.keyboard.press('Control+l');
    for (let presses = 0; presses < 3; presses++) await window.page.keyboard.press('l');
    const opened = path.join(stage.dataset, EPISODES.clean);
    const other = path.join(stage.dataset, 'data/broken/2026-07-02/episode_zero-length-bodies.h5');
    copyFileSync(other, `${opened}.new`);
    renameSync(`${opened}.new`, opened);
    await window.notice(/episode_001\.h5/).waitFor();
    // Of what there is now, it goes on as it was.
    await window.transport.getByText('/ 4', { exact: true }).waitFor();
    await window.transport.getByRole('button', { name: 'Pause', exact: true }).waitFor();
    await window.transport.getByRole('button', { name: 'Speed 4×' }).waitFor();
    await window.transport.getByRole('button', { name: 'Stop looping', pressed: true }).waitFor();
    await window.page.keyboard.press('k');
    await window.page.keyboard.press('End');
    await window.waitForTick(4);
    await window
      .episode('episode_001')
      .getByText(/5 ticks/)
      .waitFor();
    await window.inspector.getByText(/body sensor_left was not recorded/).waitFor();
  });

  it('shows what could not be shown, once its file is whole, and again once it is back', async () => {
    const folder = path.join(stage.dataset, 'data/broken/2026-07-02');
    const broken = path.join(folder, 'episode_truncated.h5');
    const cannot = window.workspace.getByRole('heading', { name: 'episode_truncated cannot be shown' });
    await window.episode('episode_truncated').click();
    await cannot.waitFor();
    copyFileSync(path.join(folder, 'episode_zero-length-bodies.h5'), broken);
    await window.waitForEpisode('episode_truncated');
    renameSync(broken, `${broken}.aside`);
    await window.workspace.getByRole('heading', { name: 'cannot be shown' }).waitFor();
    await window.episode('episode_truncated').waitFor({ state: 'detached' });
    renameSync(`${broken}.aside`, broken);
    await window.waitForEpisode('episode_truncated');
    // The browser says so of what is asked while the file is away.
    stage.forgive(/404 .*\/api\/rpc\/episodes\//);
  });
});
