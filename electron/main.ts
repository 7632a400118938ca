// The desktop door: opens the workstation and puts one closed-in window in front of it.
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { app, dialog } from 'electron';
import { builtPaths } from './paths.ts';
import { startDesktop } from './shell/desktop.ts';
import { readOpenRequest } from './shell/opening.ts';
import { registerScheme } from './shell/protocol.ts';
import { claimSingleInstance } from './shell/single-instance.ts';
import { userDataDir } from './user-data.ts';

app.enableSandbox();
registerScheme();
const dataFolder = userDataDir();
// Chromium's own files lie apart from what a person wrote.
app.setPath('userData', path.join(dataFolder, 'window'));

const words = process.argv.slice(app.isPackaged ? 1 : 2);
const request = readOpenRequest(words, process.cwd());
if (claimSingleInstance(request)) {
  // Not awaited: Electron is ready only after this file has been run to its end.
  startDesktop({
    request,
    userDataDir: dataFolder,
    paths: builtPaths(path.dirname(fileURLToPath(import.meta.url))),
  }).catch((error: unknown) => {
    console.error(error);
    dialog.showErrorBox('Regrasp cannot start', error instanceof Error ? error.message : String(error));
    app.exit(2);
  });
} else {
  app.quit();
}
