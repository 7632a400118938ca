import os from 'node:os';
import path from 'node:path';

/**
 * Folder of this person's settings, recent list, install id and the reviews of read-only roots:
 *   REGRASP_USER_DATA when set (absolute or from the working folder), else
 *   Linux and others  $XDG_DATA_HOME/regrasp, else ~/.local/share/regrasp
 *   macOS             ~/Library/Application Support/Regrasp
 *   Windows           %APPDATA%\Regrasp
 * The folder need not exist yet. Every door uses this one, so that all see the same settings.
 */
export function userDataDir(
  environment: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
  // An empty HOME would make it a folder of wherever one works: of a dataset, say.
  home: string = os.homedir() || os.userInfo().homedir,
): string {
  const paths = platform === 'win32' ? path.win32 : path.posix;
  const chosen = environment.REGRASP_USER_DATA;
  if (chosen) return path.resolve(chosen);
  if (platform === 'win32') return paths.join(environment.APPDATA || paths.join(home, 'AppData', 'Roaming'), 'Regrasp');
  if (platform === 'darwin') return paths.join(home, 'Library', 'Application Support', 'Regrasp');
  // The XDG specification says that a relative value is to be ignored.
  const data = environment.XDG_DATA_HOME;
  return paths.join(data && paths.isAbsolute(data) ? data : paths.join(home, '.local', 'share'), 'regrasp');
}
