import type { Session } from 'electron';

const OUTSIDE = ['http://*/*', 'https://*/*', 'ws://*/*', 'wss://*/*', 'ftp://*/*', 'file://*/*'];

/** Local by default: the window reaches the workstation through its own scheme and nothing else, whatever the page tries. */
export function blockNetwork(session: Session): void {
  session.webRequest.onBeforeRequest({ urls: OUTSIDE }, (_details, answer) => answer({ cancel: true }));
}
