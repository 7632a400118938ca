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

export function isCommandEnabled(id: string): boolean {
  const handler = handlers.get(id)?.at(-1);
  return handler !== undefined && (handler.isEnabled?.() ?? true);
}

export function isCommandChecked(id: string): boolean {
  return handlers.get(id)?.at(-1)?.isChecked?.() ?? false;
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
  handlers.get(id)?.at(-1)?.run(argument, event);
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
