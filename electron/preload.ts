import { contextBridge, ipcRenderer, webUtils } from 'electron';
import { BRIDGE_NAME, type DesktopBridge, type MenuCommand } from '../shared/api/bridge.ts';
import { CHANNELS, type Reply, type RequestChannel } from './shell/channels.ts';

/** Rejects with main's sentence as it was said. */
async function request(channel: RequestChannel, argument?: unknown): Promise<unknown> {
  const reply: Reply = await ipcRenderer.invoke(channel, argument);
  if ('fault' in reply) throw new Error(reply.fault);
  return reply.value;
}

// Commands can arrive before the page listens (a folder named on the command line): they wait for the first listener.
const waiting: MenuCommand[] = [];
const listeners = new Set<(command: MenuCommand) => void>();
ipcRenderer.on(CHANNELS.command, (_event, command: MenuCommand) => {
  if (listeners.size === 0) waiting.push(command);
  for (const listener of listeners) listener(command);
});

const bridge: DesktopBridge = {
  door: 'desktop',
  chooseFolder: (purpose = 'dataset') => request(CHANNELS.chooseFolder, purpose) as Promise<string | undefined>,
  chooseFile: () => request(CHANNELS.chooseFile) as Promise<string | undefined>,
  grantDropped: (files) => {
    const paths = files.map((file) => webUtils.getPathForFile(file as File)).filter((place) => place !== '');
    return request(CHANNELS.grantDropped, paths) as Promise<string[]>;
  },
  onCommand: (listener) => {
    listeners.add(listener);
    for (const command of waiting.splice(0)) listener(command);
    return () => {
      listeners.delete(listener);
    };
  },
  setMenuState: (state) => {
    request(CHANNELS.menuState, state).catch((error) => console.error(error));
  },
  showInFolder: async (grant) => {
    await request(CHANNELS.showInFolder, grant);
  },
  copyText: async (text) => {
    await request(CHANNELS.copyText, text);
  },
};

contextBridge.exposeInMainWorld(BRIDGE_NAME, bridge);
