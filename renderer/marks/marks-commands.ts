import { useSession } from '../app/session.ts';
import { useView } from '../app/view-state.ts';
import { type CommandHandler, registerCommands } from '../commands/registry.ts';
import { eventInHand } from '../findings/current-queue.ts';
import { canReview } from '../review/review-actions.ts';
import {
  askWhatItIs,
  beginTaskMark,
  deleteMark,
  joinMark,
  markFailureHere,
  markFindingAsFailure,
  markHandOffHere,
  markRecoveryHere,
  nudge,
  putPartHere,
  setEnd,
  splitMark,
} from './mark-actions.ts';
import { showNextUnfinished, showPanel, stepThroughMarks, takeNextPart, toggleMarkLoop } from './mark-navigation.ts';
import { dropMark, markInHand, marksShown, useMarks } from './marks-state.ts';

/** Answers the way to take them back. */
export function registerMarkCommands(): () => void {
  const canMark = () => isEpisodeShown() && canReview();
  const isInHand = () => canMark() && markInHand() !== null;
  /** The keys that marks and findings share are those of whichever was taken in hand last. */
  const holdsKeys = () => useMarks.getState().holdsKeys && isInHand();
  const ofMark = (run: CommandHandler['run']): CommandHandler => ({ run, takesOver: holdsKeys });
  const moves = (by: Parameters<typeof nudge>[0]) => ofMark((_argument, event) => nudge(by, event?.timeStamp));
  const steps = (by: 1 | -1): CommandHandler => ({
    run: (_argument, event) => stepThroughMarks(by, event?.timeStamp),
    isEnabled: () => isEpisodeShown() && hasMarks(),
  });
  return registerCommands({
    'marks.panel': { run: showPanel },
    'marks.failure': { run: () => void markFailureHere(), isEnabled: canMark },
    'marks.code': { run: () => askWhatItIs(), isEnabled: () => isInHand() && markInHand()?.map !== 'taskMarks' },
    'marks.handOff': { run: () => void markHandOffHere(), isEnabled: canMark },
    'marks.recovery': { run: () => void markRecoveryHere(), isEnabled: canMark },
    'marks.task': { run: beginTaskMark, isEnabled: canMark },
    'marks.ofFinding': {
      run: () => void markFindingAsFailure(),
      isEnabled: () => canMark() && eventInHand() !== undefined,
    },
    'marks.here': { run: (_argument, event) => void putPartHere(event?.timeStamp), isEnabled: isInHand },
    'marks.previous': steps(-1),
    'marks.next': steps(1),
    'marks.nextUnfinished': {
      run: (_argument, event) => showNextUnfinished(event?.timeStamp),
      isEnabled: canMark,
    },
    'marks.join': { run: () => void joinMark(), isEnabled: isInHand },
    'marks.delete': { run: () => void deleteMark(), isEnabled: isInHand },
    'marks.drop': { run: dropMark, isEnabled: isInHand },
    // Nothing is on the move: what has the keys lets go of them.
    'app.cancel': { run: dropMark, isEnabled: isInHand },
    'play.in': ofMark(() => void setEnd('start')),
    'play.out': ofMark(() => void setEnd('end')),
    'play.loop': {
      ...ofMark(toggleMarkLoop),
      isChecked: () => useSession.getState().open?.player.state().loop !== null,
    },
    'review.edgeEarlier': moves(-1),
    'review.edgeLater': moves(1),
    'review.edgeTenEarlier': moves(-10),
    'review.edgeTenLater': moves(10),
    'review.edgeSecondEarlier': moves('second earlier'),
    'review.edgeSecondLater': moves('second later'),
    'review.otherEdge': ofMark((_argument, event) => takeNextPart(event?.timeStamp)),
    'review.split': ofMark(() => void splitMark()),
  });
}

function isEpisodeShown(): boolean {
  return useView.getState().screen === 'episode';
}

function hasMarks(): boolean {
  const marks = marksShown();
  return marks !== null && Object.values(marks).some((map) => Object.keys(map).length > 0);
}
