/**
 * Everything a person can do, in one table: menu, palette, key map and help sheet are all made from it.
 * Keys are physical: KeyboardEvent.code with modifiers, e.g. "Shift+ArrowRight", "Mod+KeyK" (Mod = Ctrl, on a Mac Cmd).
 */
export type CommandGroup = 'File' | 'Edit' | 'View' | 'Playback' | 'Review' | 'Help';
/** Where a key is heard: everywhere (outside text fields and dialogs), or only with the focus inside that area. */
export type CommandScope = 'global' | 'timeline' | 'library' | 'queue';

export interface Command {
  id: string;
  /** Sentence case; ends in "…" only where more input follows. */
  title: string;
  group: CommandGroup;
  keys: readonly string[];
  scope: CommandScope;
  /** Key repeat runs it again while held. */
  repeats?: boolean;
  /** Listed in the application menu. */
  menu?: boolean;
  /** Is either on or off, and the menu shows which (MenuState.checked). */
  toggle?: boolean;
}

const command = (
  id: string,
  group: CommandGroup,
  title: string,
  keys: readonly string[] = [],
  more: Partial<Pick<Command, 'scope' | 'repeats' | 'menu' | 'toggle'>> = {},
): Command => ({ id, title, group, keys, scope: 'global', ...more });

const held = { repeats: true } as const;
const inMenu = { menu: true } as const;
const toggleInMenu = { menu: true, toggle: true } as const;

export const COMMANDS: readonly Command[] = [
  command('file.openFolder', 'File', 'Open folder…', ['Mod+KeyO'], inMenu),
  command('file.openFile', 'File', 'Open file…', ['Mod+Shift+KeyO'], inMenu),
  command('file.sample', 'File', 'Record a sample dataset', [], inMenu),
  command('file.export', 'File', 'Export bundle…', ['Mod+KeyE'], inMenu),
  command('file.rescan', 'File', 'Look for new episodes', [], inMenu),
  command('file.close', 'File', 'Close dataset', [], inMenu),

  command('edit.undo', 'Edit', 'Undo', ['Mod+KeyZ'], inMenu),
  command('edit.redo', 'Edit', 'Redo', ['Mod+Shift+KeyZ'], inMenu),
  command('edit.copyAddress', 'Edit', 'Copy address of this moment', ['Mod+Shift+KeyC'], inMenu),
  command('edit.copyPython', 'Edit', 'Copy as Python', ['Mod+Shift+KeyP'], inMenu),
  command('edit.settings', 'Edit', 'Settings…', ['Mod+Comma'], inMenu),

  command('view.palette', 'View', 'Command palette…', ['Mod+KeyK'], inMenu),
  command('view.library', 'View', 'Show or hide the library', ['Mod+KeyB'], toggleInMenu),
  command('view.inspector', 'View', 'Show or hide the inspector', ['Mod+KeyI'], toggleInMenu),
  command('view.jobs', 'View', 'Show or hide jobs', ['Mod+KeyJ'], toggleInMenu),
  command('view.previews', 'View', 'QA previews of the date', ['KeyV'], toggleInMenu),
  command('view.gallery', 'View', 'Gallery of the date', ['Shift+KeyV'], toggleInMenu),
  command('view.galleryMotion', 'View', 'Let the pictures of the gallery move or stand still'),
  command('view.storedPixels', 'View', 'Stored pixels of this preview', ['KeyS'], inMenu),
  command('view.theme', 'View', 'Next theme: system, light, dark', [], inMenu),
  command('view.overlay', 'View', 'Show or hide the projection', ['KeyP'], toggleInMenu),
  command('view.strips', 'View', 'Show or hide motion and repeated pictures on the timeline', [], toggleInMenu),
  command('view.nextCalibration', 'View', 'Next calibration folder', ['KeyC'], inMenu),
  command('view.maximizePane', 'View', 'Maximise the pane or put it back', ['KeyF'], toggleInMenu),
  command('view.resetLayout', 'View', 'Reset the layout', [], inMenu),
  command('view.tactileReference', 'View', 'Take this tick as tactile reference', ['Alt+KeyT']),
  command('view.tactileReferenceFirst', 'View', 'Take the first tick as tactile reference', ['Alt+Shift+KeyT']),
  command('view.performance', 'View', 'Show or hide the performance read-out', ['Mod+Shift+KeyF'], toggleInMenu),
  command('view.nextEpisode', 'View', 'Next episode', ['PageDown'], inMenu),
  command('view.previousEpisode', 'View', 'Previous episode', ['PageUp'], inMenu),

  command('play.toggle', 'Playback', 'Play or pause', ['Space']),
  command('play.backward', 'Playback', 'Shuttle backward', ['KeyJ']),
  command('play.pause', 'Playback', 'Pause', ['KeyK']),
  command('play.forward', 'Playback', 'Shuttle forward', ['KeyL']),
  command('play.previousTick', 'Playback', 'Back one tick', ['ArrowLeft'], held),
  command('play.nextTick', 'Playback', 'Forward one tick', ['ArrowRight'], held),
  command('play.previousTen', 'Playback', 'Back ten ticks', ['Alt+ArrowLeft'], held),
  command('play.nextTen', 'Playback', 'Forward ten ticks', ['Alt+ArrowRight'], held),
  command('play.previousSecond', 'Playback', 'Back one second', ['Shift+ArrowLeft'], held),
  command('play.nextSecond', 'Playback', 'Forward one second', ['Shift+ArrowRight'], held),
  command('play.first', 'Playback', 'To the first tick', ['Home']),
  command('play.last', 'Playback', 'To the last tick', ['End']),
  command('play.goTo', 'Playback', 'Go to a tick or time…', ['KeyG']),
  command('play.faster', 'Playback', 'Faster', ['Equal'], held),
  command('play.slower', 'Playback', 'Slower', ['Minus'], held),
  command('play.normalSpeed', 'Playback', 'Normal speed', ['Digit0']),
  command('play.in', 'Playback', 'Set the start of the mark in hand or of the selection', ['KeyI']),
  command('play.out', 'Playback', 'Set the end of the mark in hand or of the selection', ['KeyO']),
  command('play.clearSelection', 'Playback', 'Clear the selection', ['Shift+KeyX']),
  command('play.loop', 'Playback', 'Loop the mark in hand or the selection', ['Mod+KeyL']),
  command('timeline.zoomIn', 'Playback', 'Zoom the timeline in', ['Mod+Equal'], held),
  command('timeline.zoomOut', 'Playback', 'Zoom the timeline out', ['Mod+Minus'], held),
  command('timeline.fit', 'Playback', 'Fit the timeline', ['Mod+Digit0']),
  command('play.previousFinding', 'Playback', 'Previous problem or mark', ['Comma']),
  command('play.nextFinding', 'Playback', 'Next problem or mark', ['Period']),

  command('review.success', 'Review', 'Outcome: success', [], toggleInMenu),
  command('review.suboptimal', 'Review', 'Outcome: suboptimal success', [], toggleInMenu),
  command('review.sideEffect', 'Review', 'Outcome: success with a side effect', [], toggleInMenu),
  command('review.failure', 'Review', 'Outcome: failure', [], toggleInMenu),
  command('review.notScored', 'Review', 'Outcome: not scored', [], toggleInMenu),
  command('review.clearOutcome', 'Review', 'Clear the outcome', [], inMenu),
  command('review.publish', 'Review', 'Publish review into the recording…', [], inMenu),
  command('review.findings', 'Review', 'Findings', [], inMenu),
  command('review.detect', 'Review', 'Look for findings in this episode', [], inMenu),
  command('review.nextUndecided', 'Review', 'Next undecided finding', ['KeyN'], inMenu),
  command('review.keep', 'Review', 'Keep the finding in hand', ['Digit1'], { scope: 'queue' }),
  command('review.cut', 'Review', 'Cut the finding in hand', ['Digit2'], { scope: 'queue' }),
  command('review.merge', 'Review', 'Merge the finding in hand with its neighbour', ['Digit3'], { scope: 'queue' }),
  command('review.undecide', 'Review', 'Take back the verdict in hand', ['KeyU'], { scope: 'queue' }),
  command('review.keepAll', 'Review', 'Keep all undecided findings of this class…', ['Shift+Digit1'], {
    scope: 'queue',
  }),
  command('review.cutAll', 'Review', 'Cut all undecided findings of this class…', ['Shift+Digit2'], { scope: 'queue' }),
  command('review.noteVerdict', 'Review', 'Note on the finding in hand…', ['Shift+KeyE']),
  command('review.previousInQueue', 'Review', 'Previous finding of the queue', ['ArrowUp'], {
    scope: 'queue',
    ...held,
  }),
  command('review.nextInQueue', 'Review', 'Next finding of the queue', ['ArrowDown'], { scope: 'queue', ...held }),
  command('review.onlyClass', 'Review', 'Only findings of this class, or all again', ['Slash'], { scope: 'queue' }),
  command('review.queueScope', 'Review', 'Findings of the episode, its date, its task', ['Shift+KeyD']),
  command('review.edgeEarlier', 'Review', 'Move the edge in hand a tick earlier', ['BracketLeft'], held),
  command('review.edgeLater', 'Review', 'Move the edge in hand a tick later', ['BracketRight'], held),
  command('review.edgeTenEarlier', 'Review', 'Move the edge in hand ten ticks earlier', ['Shift+BracketLeft'], held),
  command('review.edgeTenLater', 'Review', 'Move the edge in hand ten ticks later', ['Shift+BracketRight'], held),
  command('review.edgeSecondEarlier', 'Review', 'Move the edge in hand a second earlier', ['Mod+BracketLeft'], held),
  command('review.edgeSecondLater', 'Review', 'Move the edge in hand a second later', ['Mod+BracketRight'], held),
  command('review.otherEdge', 'Review', 'Take the next edge in hand', ['Backslash']),
  command('review.split', 'Review', 'Split what is in hand at the playhead', ['Shift+KeyS']),
  command('review.addFinding', 'Review', 'Add a finding of the selection…', ['Shift+KeyA'], inMenu),
  command('review.removeFinding', 'Review', 'Remove the finding made by hand', ['Delete'], { scope: 'queue' }),
  command('review.note', 'Review', 'Note at this moment…', ['KeyE'], inMenu),

  command('marks.failure', 'Review', 'Mark a failure at the playhead', ['KeyM'], inMenu),
  command('marks.code', 'Review', 'Say what the mark in hand is…', ['Shift+KeyM'], inMenu),
  command('marks.handOff', 'Review', 'Mark the hand-off to the operator, or take it back', ['KeyH'], inMenu),
  command('marks.recovery', 'Review', 'Begin a recovery, or end it', ['KeyR'], inMenu),
  command('marks.task', 'Review', 'Mark a step of the task…', ['KeyT'], inMenu),
  command('marks.ofFinding', 'Review', 'Mark the finding in hand as a failure', ['Shift+KeyF'], inMenu),
  command('marks.here', 'Review', 'Put the edge in hand at the playhead', ['Shift+Backslash']),
  command('marks.previous', 'Review', 'Previous mark', ['Shift+Comma']),
  command('marks.next', 'Review', 'Next mark', ['Shift+Period']),
  command('marks.nextUnfinished', 'Review', 'Next mark with something to settle', ['Shift+KeyN'], inMenu),
  command('review.nextUnreviewed', 'Review', 'Next episode without an outcome', ['Shift+PageDown'], inMenu),
  command('marks.join', 'Review', 'Join the mark in hand with the next of its kind', ['Shift+KeyJ']),
  command('marks.delete', 'Review', 'Delete the mark in hand', ['Delete']),
  command('marks.drop', 'Review', 'Take no mark in hand'),
  command('marks.panel', 'Review', 'Marks', [], inMenu),

  command('flag.occlusion', 'Review', 'Flag an occlusion here', ['KeyB'], inMenu),
  command('flag.dropout', 'Review', 'Flag an OptiTrack dropout here', ['KeyD'], inMenu),
  command('flag.exposure', 'Review', 'Flag colour or exposure here', ['KeyX'], inMenu),
  command('flag.activeSide', 'Review', 'Flag the active side…', ['KeyA'], inMenu),
  command('flag.other', 'Review', 'Flag something else here'),

  command('help.keys', 'Help', 'Keys', ['Shift+Slash'], inMenu),
  command('help.doctor', 'Help', 'Check this machine', [], inMenu),
  command('help.about', 'Help', 'About Regrasp', [], inMenu),
  command('app.cancel', 'Edit', 'Cancel the gesture', ['Escape']),
];
