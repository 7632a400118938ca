import type { Session } from 'electron';

/** Electron grants every permission unless told otherwise. The page needs none: text is copied and files are chosen in main. */
export function denyPermissions(session: Session): void {
  session.setPermissionRequestHandler((_contents, _permission, answer) => answer(false));
  session.setPermissionCheckHandler(() => false);
  session.setDevicePermissionHandler(() => false);
}
