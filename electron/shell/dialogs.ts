import { type BrowserWindow, dialog, type OpenDialogOptions } from 'electron';
import type { FolderPurpose } from '../../shared/api/bridge.ts';

const FOLDER: OpenDialogOptions = {
  title: 'Open a dataset folder',
  buttonLabel: 'Open',
  properties: ['openDirectory'],
};
const BUNDLES: OpenDialogOptions = {
  title: 'Choose where bundles go',
  buttonLabel: 'Choose',
  properties: ['openDirectory', 'createDirectory'],
};
/** Without a filter of endings: formats know their files by content, and a file of none is refused with a sentence. */
const FILE: OpenDialogOptions = { title: 'Open a recording', buttonLabel: 'Open', properties: ['openFile'] };

/** The chosen absolute path; undefined when the person cancelled. `startAt` is shown first where it still exists. */
export function chooseFolder(
  window: BrowserWindow,
  purpose: FolderPurpose,
  startAt: string | undefined,
): Promise<string | undefined> {
  return choose(window, purpose === 'bundles' ? BUNDLES : FOLDER, startAt);
}

export function chooseFile(window: BrowserWindow, startAt: string | undefined): Promise<string | undefined> {
  return choose(window, FILE, startAt);
}

async function choose(window: BrowserWindow, options: OpenDialogOptions, startAt: string | undefined) {
  const answer = await dialog.showOpenDialog(
    window,
    startAt === undefined ? options : { ...options, defaultPath: startAt },
  );
  return answer.canceled ? undefined : answer.filePaths[0];
}
