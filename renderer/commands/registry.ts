import { COMMANDS } from '../../shared/commands/table.ts';

/**
 * What each command of the table does right now. The thing that can do it registers while it is on screen; the last
 * registered wins, so that a pane in focus can take a command over.
 */
export interface CommandHandler {
  run(argument?: string, event?: { timeStamp: number; repeat: boolean }): void;
  /** Default: enabled. */
  isEnabled?(): boolean;
  /** For commands that switch something on or off: whether it is on. */
  isChecked?(): boolean;
  /** While it answers true, it stands before all that is registered without: the keys are those of what is in hand. */
  takesOver?(): boolean;
}

const handlers = new Map<string, CommandHandler[]>();
const listeners = new Set<() => void>();
const known = new Set(COMMANDS.map((entry) => entry.id));

/** Answers the way to take it back. Throws for an id that is not in the table. */
export function registerCommand(id: string, handler: CommandHandler): () => void {
  if (!known.has(id)) throw new Error(`No command "${id}" in shared/commands/table.ts.`);
  handlers.set(id, [...(handlers.get(id) ?? []), handler]);
  notify();
  return () => {
    handlers.set(
      id,
      (handlers.get(id) ?? []).filter((candidate) => candidate !== handler),
    );
    notify();
  };
}

/** What the command does now: the last that takes it over, else the last registered. */
function handlerOf(id: string): CommandHandler | undefined {
  const all = handlers.get(id);
  return all?.findLast((handler) => handler.takesOver?.()) ?? all?.findLast((handler) => !handler.takesOver);
}

export function isCommandEnabled(id: string): boolean {
  const handler = handlerOf(id);
  return handler !== undefined && (handler.isEnabled?.() ?? true);
}

export function isCommandChecked(id: string): boolean {
  return handlerOf(id)?.isChecked?.() ?? false;
}

/** Registers several at once; answers the way to take all of them back. */
export function registerCommands(entries: Readonly<Record<string, CommandHandler>>): () => void {
  const stops = Object.entries(entries).map(([id, handler]) => registerCommand(id, handler));
  return () => {
    for (const stop of stops) stop();
  };
}

/** Runs the command where it is possible; answers whether it was. `inputAt` for seeks is `event.timeStamp`. */
export function runCommand(id: string, argument?: string, event?: { timeStamp: number; repeat: boolean }): boolean {
  if (!isCommandEnabled(id)) return false;
  handlerOf(id)?.run(argument, event);
  return true;
}

/** To be called when what a handler's isEnabled or isChecked looks at has changed and is not part of the session. */
export function commandsMayHaveChanged(): void {
  notify();
}

export function onCommandsChanged(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function notify(): void {
  for (const listener of listeners) listener();
}
