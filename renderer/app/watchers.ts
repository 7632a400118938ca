import type { DesktopBridge, MenuState } from '../../shared/api/bridge.ts';
import { COMMANDS } from '../../shared/commands/table.ts';
import { isCommandChecked, isCommandEnabled, onCommandsChanged, runCommand } from '../commands/registry.ts';
import { editTextField } from './bridge.ts';
import { retryEpisode } from './episodes.ts';
import { notify, sentenceOf } from './notices.ts';
import { openAddress, openRoot } from './roots.ts';
import { useSession } from './session.ts';
import { useView } from './view-state.ts';

/** What the page follows from its first moment to its last: theme, menu, drops, address. */

export function watchTheme(): void {
  const apply = () => {
    const { theme } = useSession.getState().userSettings;
    if (theme === 'system') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
  };
  apply();
  useSession.subscribe((session, before) => {
    if (session.userSettings.theme !== before.userSettings.theme) apply();
  });
}

const MENU_PAUSE_MS = 120;

/** Menu commands in, what is possible now out. Sent only when something changed, at most every 120 ms. */
export function watchMenu(bridge: DesktopBridge): void {
  // A dataset and then a moment in it: the second waits for the first.
  let opening: Promise<unknown> = Promise.resolve();
  bridge.onCommand(({ id, argument }) => {
    if (id === 'open-grant' || id === 'open-address') {
      if (argument === undefined) return;
      useView.setState({ screen: 'episode' });
      opening = opening.then<unknown>(() => (id === 'open-grant' ? openRoot(argument) : openAddress(argument)));
      return;
    }
    if (editTextField(id)) return;
    runCommand(id, argument, { timeStamp: performance.now(), repeat: false });
  });
  let sent = '';
  let timer: number | undefined;
  const send = () => {
    timer = undefined;
    const state = menuState();
    const text = JSON.stringify(state);
    if (text === sent) return;
    sent = text;
    bridge.setMenuState(state);
  };
  const later = () => {
    if (timer === undefined) timer = window.setTimeout(send, MENU_PAUSE_MS);
  };
  onCommandsChanged(later);
  useSession.subscribe(later);
  useView.subscribe(later);
  later();
}

function menuState(): MenuState {
  const inMenu = COMMANDS.filter((command) => command.menu);
  const { review } = useSession.getState();
  return {
    enabled: inMenu.filter(({ id }) => isCommandEnabled(id)).map(({ id }) => id),
    checked: inMenu.filter(({ id, toggle }) => toggle && isCommandChecked(id)).map(({ id }) => id),
    undoName: review?.undo.name ?? null,
    redoName: review?.redo.name ?? null,
  };
}

/** Folders and files dropped anywhere on the window are opened; elsewhere a drop would leave the page. */
export function watchDrops(target: Window, bridge: DesktopBridge): void {
  const isFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false;
  target.addEventListener('dragover', (event) => {
    if (!isFiles(event)) return;
    event.preventDefault();
    if (event.dataTransfer) event.dataTransfer.dropEffect = 'link';
  });
  target.addEventListener('drop', async (event) => {
    if (!isFiles(event)) return;
    event.preventDefault();
    try {
      for (const grant of await bridge.grantDropped([...(event.dataTransfer?.files ?? [])])) await openRoot(grant);
    } catch (error) {
      notify('bad', sentenceOf(error));
    }
  });
}

/** What could not be shown is tried again when the list tells that its file is another one, or there (again). */
export function watchFault(): void {
  useSession.subscribe(({ openFault, entries }, before) => {
    if (!openFault || entries === before.entries) return;
    const now = entries.get(openFault.episode);
    const then = before.entries.get(openFault.episode);
    if (!now) return;
    const isNew = then
      ? now.modifiedMs !== then.modifiedMs || now.sizeBytes !== then.sizeBytes
      : openFault.described === undefined;
    if (isNew) void retryEpisode(openFault.episode);
  });
}

/** An address that a person types or follows goes there. Ours are written with replaceState, which fires nothing. */
export function watchAddress(target: Window): void {
  target.addEventListener('hashchange', ({ newURL }) => {
    // The event comes a moment later: by then the page may have written where it was over what a person asked for.
    const hash = newURL.includes('#') ? newURL.slice(newURL.indexOf('#')) : target.location.hash;
    // Told only where it is another one: the whole window is drawn anew for it, at every jump otherwise.
    if (useView.getState().screen !== 'episode') useView.setState({ screen: 'episode' });
    void openAddress(hash);
  });
}
