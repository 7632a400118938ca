import { app, type WebContents } from 'electron';
import { isAppAddress } from './scheme.ts';

/** No window goes anywhere but to our own address, opens another window or holds a <webview>. */
export function denyNavigation(): void {
  app.on('web-contents-created', (_event, contents) => guard(contents));
}

function guard(contents: WebContents): void {
  contents.on('will-navigate', (details) => {
    if (!isAppAddress(details.url)) details.preventDefault();
  });
  contents.on('will-redirect', (details) => {
    if (!isAppAddress(details.url)) details.preventDefault();
  });
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
}
