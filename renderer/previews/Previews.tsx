import { FileWarning, Film } from 'lucide-react';
import { useEffect } from 'react';
import { openEpisode } from '../app/episodes.ts';
import { useSession } from '../app/session.ts';
import { useView } from '../app/view-state.ts';
import { commandsMayHaveChanged, registerCommands } from '../commands/registry.ts';
import { Button, EmptyState, Spinner } from '../design/index.ts';
import { FlagList } from './FlagList.tsx';
import { registerFlagCommands } from './flag-commands.ts';
import { MakeOutputs } from './MakeOutputs.tsx';
import { followOutputs, reloadOutputs, useOutputs } from './outputs-state.ts';
import { PreviewControls } from './PreviewControls.tsx';
import { PreviewList } from './PreviewList.tsx';
import { PreviewStage } from './PreviewStage.tsx';
import styles from './Previews.module.css';
import { flagCount, isPlayable, neighbour, nextPlayable, recordingFlags } from './playlist.ts';
import { canFlag, currentReview, redoFlag, say, undoFlag } from './preview-review.ts';
import { currentRecording, look, notePlayed, player, useWatching, watch } from './preview-state.ts';
import { SavedFlags } from './SavedFlags.tsx';
import { ScopeBar } from './ScopeBar.tsx';

/** The previews of a date, one after the other: play, flag, go to the stored pixels, come back. */
export function Previews() {
  const { state, recordings } = useOutputs();
  const current = useWatching((watching) => watching.current);
  const hasRoot = useSession((session) => session.root !== null);
  useEffect(() => followOutputs(), []);
  useEffect(() => registerPreviewCommands(), []);
  useEffect(() => registerPreviewFlags(), []);
  useEffect(() => player.onEnded(playOn), []);

  // Something is always in hand: the open episode's, else the first that can be played.
  const isListed = recordings.some(({ episode }) => episode === current);
  useEffect(() => {
    if (state === 'loading' || recordings.length === 0 || isListed) return;
    const first = nextPlayable(recordings, null, 1) ?? recordings[0];
    watch(first?.episode ?? null);
  }, [state, recordings, isListed]);
  // What was in hand before its list was there is looked at once it is.
  useEffect(() => {
    const { opened } = useWatching.getState();
    if (isListed && current !== null && opened?.episode !== current) void look(current);
  }, [isListed, current]);

  if (!hasRoot)
    return (
      <EmptyState icon={<Film size={26} />} title="No dataset is open">
        Open one to watch the previews of its dates.
      </EmptyState>
    );
  return (
    <section className={styles.screen} aria-label="QA previews">
      <ScopeBar title="QA previews">
        <Counts />
        <span className={styles.slack} />
        <SavedFlags />
        <MakeOutputs kind="preview" />
      </ScopeBar>
      {typeof state === 'object' && recordings.length === 0 ? (
        <EmptyState
          icon={<FileWarning size={26} />}
          title="The previews cannot be listed"
          actions={<Button onClick={reloadOutputs}>Try again</Button>}
        >
          {state.fault}
        </EmptyState>
      ) : recordings.length === 0 ? (
        state === 'loading' ? (
          <div className={styles.waiting}>
            <Spinner label="Looking for previews" size={18} />
          </div>
        ) : (
          <EmptyState icon={<Film size={26} />} title="No recordings here">
            Choose another date above.
          </EmptyState>
        )
      ) : (
        <>
          <PreviewStage />
          <PreviewControls />
          <div className={styles.below}>
            <PreviewList />
            <FlagList />
          </div>
        </>
      )}
    </section>
  );
}

function Counts() {
  const recordings = useOutputs((outputs) => outputs.recordings);
  const played = useWatching((watching) => watching.played);
  if (recordings.length === 0) return null;
  const done = recordings.filter(({ preview }) => preview.tag !== null && played.has(preview.tag)).length;
  const flags = recordings.reduce((sum, recording) => sum + flagCount(recordingFlags(recording)), 0);
  return (
    <span className={styles.counts} data-testid="preview-counts">
      {done} of {recordings.length} played · {flags} {flags === 1 ? 'flag' : 'flags'}
    </span>
  );
}

/** A preview came to its end: it was watched, and the next one follows. */
function playOn(): void {
  const recording = currentRecording();
  if (recording?.preview.tag) notePlayed(recording.preview.tag);
  const next = nextPlayable(useOutputs.getState().recordings, recording?.episode ?? null, 1);
  if (next) watch(next.episode, 0, true);
}

function registerPreviewCommands(): () => void {
  const isLoaded = () => player.state().isLoaded;
  const moves = (run: () => void) => ({ run, isEnabled: isLoaded });
  const steps = (by: 1 | -1) => {
    const next = () => neighbour(useOutputs.getState().recordings, useWatching.getState().current, by);
    return {
      run: () => {
        const recording = next();
        if (recording) watch(recording.episode, undefined, player.state().isPlaying && isPlayable(recording.preview));
      },
      isEnabled: () => next() !== undefined,
    };
  };
  const toFlag = (by: 1 | -1) => {
    const next = () => {
      const recording = currentRecording();
      const at = (recording ? recordingFlags(recording) : []).map(({ flag }) => flag.ticks[0]);
      return by === 1 ? at.find((tick) => tick > player.tick()) : at.findLast((tick) => tick < player.tick());
    };
    return moves(() => {
      const tick = next();
      if (tick !== undefined) player.seek(tick);
    });
  };
  const stop = registerCommands({
    'view.nextEpisode': steps(1),
    'view.previousEpisode': steps(-1),
    'view.storedPixels': { run: showStoredPixels, isEnabled: () => useWatching.getState().current !== null },
    'play.toggle': { ...moves(() => player.toggle()), isChecked: () => player.state().isPlaying },
    'play.pause': moves(() => player.pause()),
    'play.forward': moves(() => player.play()),
    'play.nextTick': moves(() => player.step(1)),
    'play.previousTick': moves(() => player.step(-1)),
    'play.nextTen': moves(() => player.step(10)),
    'play.previousTen': moves(() => player.step(-10)),
    'play.nextSecond': moves(() => player.stepSeconds(1)),
    'play.previousSecond': moves(() => player.stepSeconds(-1)),
    'play.first': moves(() => player.seek(0)),
    'play.last': moves(() => player.seek(player.length() - 1)),
    'play.faster': { run: () => player.nextSpeed(1) },
    'play.slower': { run: () => player.nextSpeed(-1) },
    'play.normalSpeed': { run: () => player.setSpeed(1) },
    'play.nextFinding': toFlag(1),
    'play.previousFinding': toFlag(-1),
    'edit.undo': { run: () => void undoFlag(), isEnabled: () => (currentReview()?.undo.count ?? 0) > 0 },
    'edit.redo': { run: () => void redoFlag(), isEnabled: () => (currentReview()?.redo.count ?? 0) > 0 },
    'app.cancel': { run: () => useView.setState({ screen: 'episode' }) },
  });
  const stopWatching = player.subscribe(commandsMayHaveChanged);
  return () => {
    stop();
    stopWatching();
    player.pause();
  };
}

/** The moment in hand with every pixel as it was stored. */
function showStoredPixels(): void {
  const { current } = useWatching.getState();
  if (current === null) return;
  const tick = player.tick();
  useView.setState({ screen: 'episode' });
  void openEpisode(current, { tick });
}

function registerPreviewFlags(): () => void {
  return registerFlagCommands({
    canFlag: () => canFlag() && player.state().isReady,
    ticks: () => [player.tick(), player.tick()],
    own: () => currentReview()?.own,
    keep: say,
    guess: async () => useWatching.getState().opened?.guess ?? null,
    pause: () => player.pause(),
  });
}
