import { describe } from 'vitest';
import type { DesktopBridge } from '../../shared/api/bridge.ts';
import { Desktop } from '../electron-double/launch.ts';
import { noChromium } from '../support/chromium.ts';
import { stageApp } from '../support/staged-app.ts';
import { describeContract } from './contract-suite.ts';
import { clientOf, type Door, type DoorKind } from './doors.ts';

/** The built main and preload over the Electron double: a person's choice goes through the dialog and the bridge. */
const desktopDoor: DoorKind = {
  name: 'the desktop window',
  async open(fixture) {
    const app = await stageApp({ rendererDir: fixture.rendererDir, version: '0.0.0-test' });
    const desktop = await Desktop.launch({ appFolder: app.appFolder, userDataDir: fixture.userDataDir });
    const page = await desktop.page();
    const fetch: Door['fetch'] = (path, init) => desktop.fetch(path, init);
    return {
      ...{ name: this.name, fetch, client: clientOf(fetch, 'regrasp://app') },
      async grant(chosen) {
        await desktop.answerDialog([chosen]);
        const grant = await page.evaluate(() =>
          (window as unknown as { regrasp: DesktopBridge }).regrasp.chooseFolder(),
        );
        if (grant === undefined) throw new Error('The dialog was cancelled.');
        return grant;
      },
      async close() {
        await desktop.close();
        await app.remove();
      },
    };
  },
};

if (noChromium === undefined) describeContract(desktopDoor);
else describe.skip(`the contract, through the desktop window: ${noChromium}`, () => {});
