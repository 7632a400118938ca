import type { ReactNode } from 'react';
import { useSyncExternalStore } from 'react';
import { COMMANDS } from '../../shared/commands/table.ts';
import { useSession } from '../app/session.ts';
import { IconButton } from '../design/index.ts';
import { keyLabelOf, onKeyLabelsChanged } from './keys.ts';
import { isCommandEnabled, onCommandsChanged, runCommand } from './registry.ts';

/** Whether a command can run now; follows registrations, and everything in the session that decides it. */
export function useCommandEnabled(id: string): boolean {
  return useSyncExternalStore(subscribe, () => isCommandEnabled(id));
}

/** The command's key as text, following remaps. */
export function useKeyLabel(id: string): string {
  useSession((session) => session.userSettings.keys);
  return useSyncExternalStore(onKeyLabelsChanged, () => keyLabelOf(id));
}

/** A toolbar button for a command of the table: its name, key and state come from there. */
export function CommandButton({
  id,
  icon,
  pressed,
  label,
  size,
  tooltipSide,
}: {
  id: string;
  icon: ReactNode;
  /** For a command that shows or hides: whether it is on. */
  pressed?: boolean;
  label?: string;
  size?: 's' | 'm';
  tooltipSide?: 'top' | 'bottom' | 'left' | 'right';
}) {
  const enabled = useCommandEnabled(id);
  const keyLabel = useKeyLabel(id);
  return (
    <IconButton
      label={label ?? titleOf(id)}
      keyLabel={keyLabel}
      icon={icon}
      size={size}
      tooltipSide={tooltipSide}
      aria-pressed={pressed}
      aria-disabled={!enabled}
      onClick={(event) => runCommand(id, undefined, { timeStamp: event.timeStamp, repeat: false })}
    />
  );
}

export function titleOf(id: string): string {
  return COMMANDS.find((command) => command.id === id)?.title ?? id;
}

function subscribe(listener: () => void): () => void {
  const stopCommands = onCommandsChanged(listener);
  const stopSession = useSession.subscribe(listener);
  return () => {
    stopCommands();
    stopSession();
  };
}
