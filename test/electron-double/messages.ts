/**
 * What crosses between the process that runs the built main over the double and the test that owns the browser. Both are
 * ours, so this is data without checks.
 */

/** How a double is started; handed over as JSON in the environment. */
export interface DoubleConfiguration {
  /** Built main to run. */
  mainFile: string;
  /** Folder of the app's package.json. */
  appFolder: string;
  isPackaged: boolean;
  /** Words of the command line after the app. */
  words: string[];
  workAreas: { x: number; y: number; width: number; height: number }[];
}

export const CONFIGURATION_VARIABLE = 'REGRASP_ELECTRON_DOUBLE';

/** Main tells, the test obeys. */
export type Notification =
  | { type: 'window'; window: number; options: Record<string, unknown> & { webPreferences: Record<string, unknown> } }
  /** `address` is what Chromium is to open, `url` what main believes. */
  | { type: 'load'; window: number; url: string; address: string }
  | { type: 'send'; window: number; channel: string; values: unknown[] }
  | { type: 'theme'; source: 'system' | 'light' | 'dark' }
  | { type: 'destroyed'; window: number }
  | { type: 'reply'; id: number; value?: unknown; fault?: string };

/** The test asks, main's side answers. */
export interface Question {
  id: number;
  ask: string;
  argument: unknown;
}

export interface MenuEntry {
  id: string | null;
  label: string;
  role: string | null;
  type: string;
  enabled: boolean;
  checked: boolean;
  accelerator: string | null;
  registerAccelerator: boolean;
  entries: MenuEntry[];
}

export interface RecordedDialog {
  kind: 'open' | 'message' | 'error';
  options: Record<string, unknown>;
}

export interface InvokeArgument {
  window: number;
  channel: string;
  values: unknown[];
  /** null: the frame has gone. */
  frame: { url: string; isMain: boolean } | null;
}
