import { chordLabel, chordOf } from '../../shared/commands/chord.ts';
import { buildKeymap, type Keymap } from '../../shared/commands/keymap.ts';
import { COMMANDS, type CommandScope } from '../../shared/commands/table.ts';
import { useSession } from '../app/session.ts';
import { runCommand } from './registry.ts';

/**
 * The one key listener of the window. Keys are dead in text fields, menus and dialogs; a control that used a key itself
 * (it called preventDefault) keeps it. Areas name their scope with data-scope on an ancestor of what has the focus.
 */
export const isMac = /Mac|iPhone|iPad/.test(navigator.platform);

let keymap: Keymap = buildKeymap(COMMANDS, {});
let builtFrom: unknown;
let layout: ReadonlyMap<string, string> | undefined;
const layoutListeners = new Set<() => void>();

/** The key map with this person's choices. */
export function currentKeymap(): Keymap {
  const remaps = useSession.getState().userSettings.keys;
  if (remaps !== builtFrom) {
    keymap = buildKeymap(COMMANDS, remaps);
    builtFrom = remaps;
  }
  return keymap;
}

/** For tooltips and menus: the first key of a command, "" when it has none. */
export function keyLabelOf(id: string): string {
  const [first] = currentKeymap().chordsOf(id);
  return first ? labelOfChord(first) : '';
}

export function labelOfChord(chord: string): string {
  return chordLabel(chord, isMac, layout);
}

/** Fires once the browser told which letters this keyboard prints. */
export function onKeyLabelsChanged(listener: () => void): () => void {
  layoutListeners.add(listener);
  return () => layoutListeners.delete(listener);
}

/** Starts listening; answers the way to stop. */
export function listenForKeys(target: Window): () => void {
  let lastInput: 'pointer' | 'key' = 'pointer';
  let focusCameBy: 'pointer' | 'key' = 'pointer';
  const onPointer = () => {
    lastInput = 'pointer';
    focusCameBy = 'pointer';
  };
  const onFocus = () => {
    focusCameBy = lastInput;
  };
  const onAnyKey = () => {
    lastInput = 'key';
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.isComposing || event.getModifierState('AltGraph')) return;
    const focus = event.target instanceof Element ? event.target : null;
    if (focus && isDead(focus)) return;
    if (focus && focusCameBy === 'key' && isUsedByControl(focus, event)) return;
    const chord = chordOf(event, isMac);
    const command = chord && currentKeymap().commandFor(chord, scopeOf(focus));
    if (!command) return;
    if (event.repeat && !command.repeats) {
      event.preventDefault();
      return;
    }
    const ran = runCommand(command.id, undefined, { timeStamp: event.timeStamp, repeat: event.repeat });
    // What cannot run now is swallowed too: Ctrl+O must not open the browser's dialog because a dataset is opening.
    if (ran || command.menu || chord.includes('Mod')) event.preventDefault();
  };
  target.addEventListener('pointerdown', onPointer, true);
  target.addEventListener('focusin', onFocus, true);
  target.addEventListener('keydown', onAnyKey, true);
  target.addEventListener('keydown', onKey);
  void readLayout();
  return () => {
    target.removeEventListener('pointerdown', onPointer, true);
    target.removeEventListener('focusin', onFocus, true);
    target.removeEventListener('keydown', onAnyKey, true);
    target.removeEventListener('keydown', onKey);
  };
}

const SCOPES: readonly string[] = ['timeline', 'library', 'queue'] satisfies CommandScope[];

function scopeOf(focus: Element | null): CommandScope | null {
  const scope = focus?.closest('[data-scope]')?.getAttribute('data-scope');
  return scope && SCOPES.includes(scope) ? (scope as CommandScope) : null;
}

const TEXT =
  'input:not([type="checkbox"]):not([type="radio"]):not([type="button"]), textarea, select, [contenteditable=""], [contenteditable="true"]';
const MODAL = '[role="dialog"], [role="alertdialog"], [role="menu"], [role="listbox"]';

function isDead(focus: Element): boolean {
  if (focus.closest(TEXT) || focus.closest(MODAL)) return true;
  return (
    focus.ownerDocument.querySelector('[role="dialog"][data-state="open"], [role="alertdialog"][data-state="open"]') !==
    null
  );
}

/**
 * A control reached by keyboard keeps the keys that work it. After a click it does not: the next Space plays and does not
 * press the button once more.
 */
function isUsedByControl(focus: Element, event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey) return false;
  const role = focus.getAttribute('role') ?? focus.tagName.toLowerCase();
  if (['button', 'a', 'link', 'summary', 'tab', 'checkbox', 'switch', 'radio', 'input'].includes(role)) {
    if (event.code === 'Space' || event.code === 'Enter' || event.code === 'NumpadEnter') return true;
  }
  if (['tab', 'radio', 'separator', 'combobox'].includes(role)) {
    return /^(Arrow|Home$|End$)/.test(event.code);
  }
  return false;
}

async function readLayout(): Promise<void> {
  const keyboard = (navigator as { keyboard?: { getLayoutMap?(): Promise<ReadonlyMap<string, string>> } }).keyboard;
  try {
    layout = await keyboard?.getLayoutMap?.();
    for (const listener of layoutListeners) listener();
  } catch {
    // Labels fall back to the letters of a US keyboard; the keys themselves are physical and work all the same.
  }
}
