import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/fetch';
import type { ContractRouterClient } from '@orpc/contract';
import { app, type BrowserWindow, clipboard, nativeTheme, session, shell } from 'electron';
import { z } from 'zod';
import { FOLDER_PURPOSES } from '../../shared/api/bridge.ts';
import type { contract } from '../../shared/api/contract.ts';
import type { UserSettings } from '../../shared/api/settings.ts';
import type { BuiltPaths } from '../paths.ts';
import { openWorkstation } from '../workstation.ts';
import type { Workstation } from '../workstation-types.ts';
import { CHANNELS } from './channels.ts';
import { chooseFile, chooseFolder } from './dialogs.ts';
import { answerRequest } from './ipc.ts';
import { ApplicationMenu } from './menu.ts';
import { denyNavigation } from './navigation.ts';
import { blockNetwork } from './network.ts';
import { Notices } from './notices.ts';
import type { OpenRequest } from './opening.ts';
import { denyPermissions } from './permissions.ts';
import { serveScheme } from './protocol.ts';
import { quitAfter } from './quit.ts';
import { APP_HOST, SCHEME } from './scheme.ts';
import { onSecondInstance } from './single-instance.ts';
import { focusWindow, openWindow } from './window.ts';

export interface DesktopOptions {
  request: OpenRequest;
  userDataDir: string;
  paths: BuiltPaths;
}

const menuStateSchema = z.object({
  enabled: z.array(z.string().max(100)).max(500),
  checked: z.array(z.string().max(100)).max(500),
  undoName: z.string().max(200).nullable(),
  redoName: z.string().max(200).nullable(),
});
const nothing = z.undefined().or(z.null());

/** Ends when the window is there. Rejects with a sentence when the workstation cannot be opened. */
export async function startDesktop({ request, userDataDir, paths }: DesktopOptions): Promise<void> {
  denyNavigation();
  const later: OpenRequest[] = [];
  let open = (next: OpenRequest): void => void later.push(next);
  onSecondInstance((next) => open(next));
  // A Mac hands files over as events, some of them before the app is ready.
  app.on('open-file', (event, place) => {
    event.preventDefault();
    open({ path: place, at: null });
  });
  await app.whenReady();

  const notices = new Notices();
  const workstation = await openWorkstation({
    door: 'desktop',
    version: app.getVersion(),
    userDataDir,
    rendererDir: paths.rendererDir,
    workerDir: paths.workerDir,
    pluginDir: paths.pluginDir,
    onNotice: (sentence) => notices.say(sentence),
  });
  quitAfter(() => workstation.close());
  denyPermissions(session.defaultSession);
  blockNetwork(session.defaultSession);
  serveScheme((asked) => workstation.fetch(asked));

  const client: ContractRouterClient<typeof contract> = createORPCClient(
    new RPCLink({ url: `${SCHEME}://${APP_HOST}/api/rpc`, fetch: (asked) => workstation.fetch(asked) }),
  );
  let settings = await client.settings.user();
  if (request.path !== null) await openFirst(workstation, request.path, notices);
  else await reopenLast(workstation, settings);
  settings = await client.settings.user();
  const window = openWindow({
    preloadFile: paths.preloadFile,
    iconFile: paths.iconFile,
    stateFolder: userDataDir,
    developerTools: !app.isPackaged,
    at: request.at,
  });
  const menu = new ApplicationMenu({
    state: null,
    recent: settings.recent,
    keys: settings.keys,
    isMac: process.platform === 'darwin',
    developerTools: !app.isPackaged,
    run: (id, argument) => sendCommand(window, id, argument),
  });
  const applySettings = (next: UserSettings): void => {
    settings = next;
    nativeTheme.themeSource = next.theme;
    menu.update({ recent: next.recent, keys: next.keys });
  };
  applySettings(settings);
  workstation.events((event) => {
    if (event.type === 'user-settings') applySettings(event.settings);
  });

  const lastPlace = (): string | undefined => settings.recent[0]?.path;
  const grantOf = async (place: string | undefined): Promise<string | undefined> =>
    place === undefined ? undefined : workstation.grant(place);
  answerRequest(CHANNELS.chooseFolder, z.enum(FOLDER_PURPOSES), async (purpose, asker) =>
    grantOf(await chooseFolder(asker, purpose, lastPlace())),
  );
  answerRequest(CHANNELS.chooseFile, nothing, async (_, asker) => grantOf(await chooseFile(asker, lastPlace())));
  answerRequest(CHANNELS.grantDropped, z.array(z.string().min(1).max(32_768)).max(1000), (places) =>
    Promise.all(places.map((place) => workstation.grant(place))),
  );
  answerRequest(CHANNELS.copyText, z.string().max(10_000_000), (text) => clipboard.writeText(text));
  answerRequest(CHANNELS.showInFolder, z.string().min(1).max(200), async (grant) =>
    shell.showItemInFolder(await workstation.pathOf(grant)),
  );
  answerRequest(CHANNELS.menuState, menuStateSchema, (state) => menu.update({ state }));

  open = (next) => void openLater(workstation, window, next, notices);
  for (const next of later) open(next);
  notices.showOn(window);
}

/** Opens what the command line named before the page asks what is open. */
async function openFirst(workstation: Workstation, place: string, notices: Notices): Promise<void> {
  try {
    await workstation.openRoot(await workstation.grant(place));
  } catch (error) {
    notices.say(error instanceof Error ? error.message : String(error));
  }
}

/** Started without a path: what was open last is there again. Gone since then is no fault; Open recent still names it. */
async function reopenLast(workstation: Workstation, settings: UserSettings): Promise<void> {
  const last = settings.recent[0];
  if (last) await workstation.openRoot(last.grant).catch(() => undefined);
}

/** Opens in the window that is there: it hears of it like of a menu's command, and says so when it fails. */
async function openLater(
  workstation: Workstation,
  window: BrowserWindow,
  { path: place, at }: OpenRequest,
  notices: Notices,
): Promise<void> {
  if (window.isDestroyed()) return;
  focusWindow(window);
  try {
    if (place !== null) sendCommand(window, 'open-grant', await workstation.grant(place));
    if (at !== null) sendCommand(window, 'open-address', at);
  } catch (error) {
    notices.say(error instanceof Error ? error.message : String(error));
  }
}

function sendCommand(window: BrowserWindow, id: string, argument?: string): void {
  if (!window.isDestroyed())
    window.webContents.send(CHANNELS.command, argument === undefined ? { id } : { id, argument });
}
