import { BRIDGE_NAME, type DesktopBridge } from '../../shared/api/bridge.ts';

/**
 * Native things, the same in every door. In the desktop window the preload puts the bridge on `window`; in a browser there
 * is none, and the stand-in says in a sentence what the terminal can do instead. Nothing else may tell the doors apart.
 */
export const bridge: DesktopBridge =
  (window as unknown as Record<string, DesktopBridge | undefined>)[BRIDGE_NAME] ?? browserStandIn();

let explain: (sentence: string) => void = () => {};

/** Where the stand-in puts its sentences: the window's notices. */
export function onBridgeNotice(show: (sentence: string) => void): void {
  explain = show;
}

/**
 * The menu's Undo and Redo mean the text while a person is typing. Answers whether there was a text field to do it in.
 */
export function editTextField(command: string): boolean {
  if (command !== 'edit.undo' && command !== 'edit.redo') return false;
  const focused = document.activeElement;
  const isText =
    focused instanceof HTMLTextAreaElement || (focused instanceof HTMLInputElement && focused.type === 'text');
  if (!isText) return false;
  document.execCommand(command === 'edit.undo' ? 'undo' : 'redo');
  return true;
}

function browserStandIn(): DesktopBridge {
  const refuse = async (sentence: string): Promise<undefined> => {
    explain(sentence);
    return undefined;
  };
  return {
    door: 'browser',
    chooseFolder: () =>
      refuse('A browser cannot hand folders over: start Regrasp with the folder, as in "npm start -- <folder>".'),
    chooseFile: () =>
      refuse('A browser cannot hand recordings over: start Regrasp with the file, as in "npm start -- <file>".'),
    grantDropped: async () => {
      explain(
        'A browser does not say where a dropped file lies: start Regrasp with its folder, as in "npm start -- <folder>".',
      );
      return [];
    },
    onCommand: () => () => {},
    setMenuState: () => {},
    copyText,
    showInFolder: () => refuse('A browser cannot show folders: copy the path instead.').then(() => undefined),
  };
}

/** Over plain http from another machine the clipboard is closed to pages; the old way still works there. */
async function copyText(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    return;
  } catch {
    const area = document.createElement('textarea');
    const focused = document.activeElement;
    area.value = text;
    area.style.position = 'fixed';
    area.style.opacity = '0';
    document.body.append(area);
    area.select();
    const copied = document.execCommand('copy');
    area.remove();
    if (focused instanceof HTMLElement) focused.focus();
    if (!copied) throw new Error('This browser did not let the text be copied: select and copy it by hand.');
  }
}
