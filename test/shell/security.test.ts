import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeTickRequest } from '../../shared/api/tick.ts';
import type { Desktop } from '../electron-double/launch.ts';
import { noChromium } from '../support/chromium.ts';
import { callFromPage, openRoots, ShellStage, type ShellWindow } from './shell-stage.ts';

const APP = 'regrasp://app/index.html';
const FOREIGN = [
  'https://example.com/',
  'http://app/',
  'regrasp://elsewhere/index.html',
  'regrasp://app.example.com/',
  'regrasp://app:8080/',
  'regrasp://somebody@app/',
  'regraspx://app/',
  'file:///etc/passwd',
  'data:text/html,x',
  'javascript:alert(1)',
  'about:blank',
  'no address',
];

describe.skipIf(noChromium !== undefined)('the rules that close the window in', () => {
  let stage: ShellStage;
  let desktop: Desktop;
  beforeAll(async () => {
    stage = await ShellStage.make();
    desktop = await stage.launch({ words: [stage.fixture.dataset] });
  });
  afterAll(() => stage?.remove());

  it('gives the page a sandbox and nothing of Node', async () => {
    expect(desktop.windowOptions).toHaveLength(1);
    expect(desktop.windowOptions[0]?.webPreferences).toMatchObject({
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webSecurity: true,
      webviewTag: false,
      spellcheck: false,
    });
    const page = await desktop.page();
    const reachable = await page.evaluate(() =>
      ['require', 'process', 'Buffer', 'module', 'ipcRenderer', 'electron', 'doubleSend'].filter(
        (name) => name in window,
      ),
    );
    expect(reachable).toEqual([]);
  });

  it('exposes the bridge and only it, frozen', async () => {
    const page = await desktop.page();
    const bridge = await page.evaluate(() => {
      const { regrasp } = window as unknown as ShellWindow;
      return { keys: Object.keys(regrasp).sort(), isFrozen: Object.isFrozen(regrasp), door: regrasp.door };
    });
    expect(bridge).toEqual({
      keys: [
        'chooseFile',
        'chooseFolder',
        'copyText',
        'door',
        'grantDropped',
        'onCommand',
        'setMenuState',
        'showInFolder',
      ],
      isFrozen: true,
      door: 'desktop',
    });
  });

  it.each(FOREIGN)('goes nowhere: %s', async (url) => {
    expect(await desktop.navigate('will-navigate', url)).toBe(true);
    expect(await desktop.navigate('will-redirect', url)).toBe(true);
  });

  it('may reload its own page', async () => {
    expect(await desktop.navigate('will-navigate', `${APP}#episode=a`)).toBe(false);
  });

  it('stays where it is when the page tries to leave', async () => {
    const page = await desktop.page();
    const before = page.url();
    await page.evaluate(() => {
      window.location.href = 'https://example.com/';
    });
    await page.waitForTimeout(300);
    expect(page.url()).toBe(before);
  });

  it('opens no window, whatever its address', async () => {
    const page = await desktop.page();
    await page.evaluate(() => {
      window.open('https://example.com/');
      window.open('./index.html');
    });
    await expect
      .poll(async () => (await desktop.openedWindows()).map(({ action }) => action))
      .toEqual(['deny', 'deny']);
    expect(await desktop.navigate('will-attach-webview', APP)).toBe(true);
  });

  it.each(['media', 'geolocation', 'notifications', 'clipboard-read', 'fullscreen', 'usb', 'openExternal'])(
    'grants no permission: %s',
    async (permission) => {
      expect(await desktop.permission(permission)).toEqual({ request: false, check: false, device: false });
    },
  );

  it('lets nothing out to the network, even without the page’s own rules', async () => {
    for (const url of ['https://example.com/x', 'http://127.0.0.1:80/', 'wss://example.com/', 'file:///etc/passwd']) {
      expect(await desktop.ask('before-request', url)).toEqual({ cancel: true });
    }
    expect(await desktop.ask('before-request', `${APP}?x=https://example.com/`)).toEqual({ cancel: false });
    const page = await desktop.page();
    const outcome = await page.evaluate(() => fetch('https://example.com/').then(String, String));
    expect(outcome).toContain('Failed to fetch');
  });

  const CALLS: [string, unknown][] = [
    ['regrasp:choose-folder', 'dataset'],
    ['regrasp:show-in-folder', 'grant'],
    ['regrasp:choose-file', undefined],
    ['regrasp:grant-dropped', ['/etc/passwd']],
    ['regrasp:copy-text', 'stolen'],
    ['regrasp:menu-state', { enabled: [], checked: [], undoName: null, redoName: null }],
  ];

  it.each(CALLS)('hears %s from its own main frame alone', async (channel, argument) => {
    const senders = [...FOREIGN.map((url) => ({ url, isMain: true })), { url: APP, isMain: false }, null];
    for (const frame of senders) {
      expect(await desktop.invoke(channel, [argument], frame)).toEqual({ fault: expect.stringMatching(/^Refused/) });
    }
    expect(await desktop.dialogs()).toEqual([]);
    expect(await desktop.clipboard()).toBe('');
  });

  it.each([
    ['regrasp:choose-folder', '/etc'],
    ['regrasp:show-in-folder', ['/etc']],
    ['regrasp:grant-dropped', '/etc/passwd'],
    ['regrasp:grant-dropped', [7]],
    ['regrasp:grant-dropped', ['']],
    ['regrasp:copy-text', { toString: 'x' }],
    ['regrasp:menu-state', { enabled: 'all' }],
    ['regrasp:menu-state', null],
  ])('refuses %s with what it does not take', async (channel, argument) => {
    const reply = await desktop.invoke(channel, [argument], { url: APP, isMain: true });
    expect(reply).toEqual({ fault: expect.stringMatching(/^Refused: .*does not take/) });
  });

  it('answers no other message', async () => {
    await expect(desktop.invoke('regrasp:run', [], { url: APP, isMain: true })).rejects.toThrow('No handler');
  });

  it('serves the page with its rules and nothing outside its folder', async () => {
    const index = await desktop.fetch('/index.html');
    expect(index.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(index.headers.get('content-security-policy')).not.toMatch(/'unsafe-eval'|script-src[^;]*'unsafe-inline'/);
    for (const target of [
      '/../user/grants.json',
      '/%2e%2e/secret.txt',
      '/..%2fsecret.txt',
      '/.%2e\\secret.txt',
      '//etc/passwd',
    ]) {
      const answer = await desktop.fetch(target);
      expect(answer.status, target).toBeGreaterThanOrEqual(400);
      expect(await answer.text(), target).not.toContain('nobody may read');
    }
  });

  it('is a secure context in which the page decodes and streams', async () => {
    const page = await desktop.page();
    expect(await page.evaluate(() => [isSecureContext, typeof VideoDecoder, crossOriginIsolated])).toEqual([
      true,
      'function',
      true,
    ]);
  });

  it('shows a tick through the scheme', async () => {
    const page = await desktop.page();
    const [root] = await openRoots(page);
    const episode = `${root?.id}/${stage.fixture.good}`;
    await callFromPage(page, 'episodes/open', { episode });
    const stream = 'realsense/cam0/color';
    const request = encodeTickRequest({
      episode,
      tick: 3,
      streams: [{ stream }],
      view: 'shell',
      sequence: 1,
      direction: 0,
    });
    const bytes = await page.evaluate(async (query) => {
      const response = await fetch(`./api/tick?${query}`);
      return response.status === 200 ? (await response.arrayBuffer()).byteLength : -response.status;
    }, request);
    expect(bytes).toBeGreaterThan(stage.fixture.width * stage.fixture.height * 3);
  });
});
