import { useSession } from '../app/session.ts';
import { useView } from '../app/view-state.ts';
import { type CommandHandler, registerCommands } from '../commands/registry.ts';
import { announce } from '../design/live-region.ts';
import { canReview, useReviewState } from '../review/review-actions.ts';
import { askBulk } from './bulk-actions.ts';
import { eventInHand } from './current-queue.ts';
import { beginAdding, nudge, splitSelected, takeOtherEdge } from './edge-actions.ts';
import { formatFilter, readFilter } from './filter.ts';
import {
  beginVerdictNote,
  decideSelected,
  detect,
  mergeSelected,
  removeSelected,
  showNextUndecided,
  stepInQueue,
} from './findings-actions.ts';
import { QUEUE_SCOPES } from './scope.ts';

const SCOPE_WORDS = { episode: 'this episode', date: 'its date', task: 'its task' } as const;

/** Answers the way to take them back. */
export function registerFindingCommands(): () => void {
  const hasEpisode = () => useSession.getState().open !== null;
  // From the moment a recording is open; what the list said of it stands until its review is read.
  const canDecide = () => useReviewState.getState().recording !== null && eventInHand() !== undefined;
  // What is moved is in sight: a key that is pressed elsewhere by mistake moves nothing.
  const canMove = () => canDecide() && isInSight();
  const moves = (by: Parameters<typeof nudge>[0]): CommandHandler => ({
    run: (_argument, event) => nudge(by, event?.timeStamp),
    isEnabled: canMove,
  });
  return registerCommands({
    'review.findings': { run: () => useView.setState({ isInspectorShown: true, inspectorTab: 'findings' }) },
    'review.nextUndecided': { run: (_argument, event) => showNextUndecided(event?.timeStamp), isEnabled: hasEpisode },
    'review.previousInQueue': { run: (_argument, event) => stepInQueue(-1, event?.timeStamp), isEnabled: hasEpisode },
    'review.nextInQueue': { run: (_argument, event) => stepInQueue(1, event?.timeStamp), isEnabled: hasEpisode },
    'review.keep': { run: () => void decideSelected('keep'), isEnabled: canDecide },
    'review.cut': { run: () => void decideSelected('cut'), isEnabled: canDecide },
    'review.merge': { run: () => void mergeSelected(), isEnabled: canDecide },
    'review.undecide': {
      run: () => void decideSelected(null),
      isEnabled: () => canDecide() && (eventInHand()?.own.length ?? 0) > 0,
    },
    'review.keepAll': { run: () => askBulk('keep'), isEnabled: hasEpisode },
    'review.cutAll': { run: () => askBulk('cut'), isEnabled: hasEpisode },
    'review.noteVerdict': { run: beginVerdictNote, isEnabled: canDecide },
    'review.onlyClass': { run: toggleClassFilter, isEnabled: hasEpisode },
    'review.queueScope': { run: nextScope, isEnabled: hasEpisode },
    'review.edgeEarlier': moves(-1),
    'review.edgeLater': moves(1),
    'review.edgeTenEarlier': moves(-10),
    'review.edgeTenLater': moves(10),
    'review.edgeSecondEarlier': moves('second earlier'),
    'review.edgeSecondLater': moves('second later'),
    'review.otherEdge': { run: (_argument, event) => takeOtherEdge(event?.timeStamp), isEnabled: canMove },
    'review.split': { run: () => void splitSelected(), isEnabled: canMove },
    'review.addFinding': { run: beginAdding, isEnabled: canReview },
    'review.removeFinding': {
      run: () => void removeSelected(),
      isEnabled: () => canDecide() && isMadeHere(),
    },
    'review.detect': { run: () => void detect(), isEnabled: hasEpisode },
  });
}

function isInSight(): boolean {
  const { isInspectorShown, inspectorTab } = useView.getState();
  return isInspectorShown && inspectorTab === 'findings';
}

function isMadeHere(): boolean {
  const event = eventInHand();
  return event?.hand != null && event.maker === useSession.getState().review?.annotator;
}

function nextScope(): void {
  const { findingsScope } = useView.getState();
  const next = QUEUE_SCOPES[(QUEUE_SCOPES.indexOf(findingsScope) + 1) % QUEUE_SCOPES.length] ?? 'episode';
  useView.setState({ isInspectorShown: true, inspectorTab: 'findings', findingsScope: next });
  announce(`Findings of ${SCOPE_WORDS[next]}`);
}

function toggleClassFilter(): void {
  const filter = readFilter(useView.getState().findingsFilter);
  const of = eventInHand()?.class;
  const next = filter.class.length > 0 || of === undefined ? [] : [of];
  useView.setState({ findingsFilter: formatFilter({ ...filter, class: next }) });
}
