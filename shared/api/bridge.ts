/**
 * The tiny preload bridge: native things reach the renderer through this and nothing else. In a browser a stand-in
 * with the same shape is used (renderer/app/bridge.ts). Bulk data never goes through it.
 */
export interface DesktopBridge {
  readonly door: 'desktop' | 'browser';
  /**
   * Shows a native dialog. Answers a grant for roots.open, or of a folder in which bundles are made; undefined when the person
   * cancelled.
   */
  chooseFolder(purpose?: FolderPurpose): Promise<string | undefined>;
  chooseFile(): Promise<string | undefined>;
  /** Grants for files dropped on the window. */
  grantDropped(files: readonly unknown[]): Promise<string[]>;
  /** Menu commands in, by command id of renderer/commands. Answers the way to stop listening. */
  onCommand(listener: (command: MenuCommand) => void): () => void;
  /** Tells the menu what is possible now: enabled command ids, undo/redo names, recent datasets. */
  setMenuState(state: MenuState): void;
  copyText(text: string): Promise<void>;
  /** Shows what a grant stands for in the system's own window of files. */
  showInFolder(grant: string): Promise<void>;
}

export const FOLDER_PURPOSES = ['dataset', 'bundles'] as const;
export type FolderPurpose = (typeof FOLDER_PURPOSES)[number];

export interface MenuCommand {
  /** A command of the table, or "open-grant" / "open-address" from the menu's recent list and the command line. */
  id: string;
  /** For "open-grant": the grant. For "open-address": an address (shared/episode/address.ts) in an open dataset. */
  argument?: string;
}

export interface MenuState {
  enabled: string[];
  checked: string[];
  undoName: string | null;
  redoName: string | null;
}

/** Name under which the preload exposes the bridge on `window`. */
export const BRIDGE_NAME = 'regrasp';
