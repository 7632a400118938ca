/** Names of the messages between preload and main. Nothing else crosses. */
export const CHANNELS = {
  chooseFolder: 'regrasp:choose-folder',
  chooseFile: 'regrasp:choose-file',
  grantDropped: 'regrasp:grant-dropped',
  showInFolder: 'regrasp:show-in-folder',
  copyText: 'regrasp:copy-text',
  menuState: 'regrasp:menu-state',
  /** The only one from main to the page. */
  command: 'regrasp:command',
} as const;

export type RequestChannel = Exclude<(typeof CHANNELS)[keyof typeof CHANNELS], typeof CHANNELS.command>;

/** How main answers: Electron puts the channel's name before the text of a thrown error, and a person reads that text. */
export type Reply = { value: unknown } | { fault: string };
