import type { Lane, Mark, MovableEdges } from '../timeline/lanes.ts';
import { classWord, type Queue } from './queue.ts';

const HEIGHT_PX = 16;

/** What detectors propose and what became of it, on one lane, with the ends of what is in hand; null where nothing was found. */
export function findingsLane(queue: Queue | null, edges?: MovableEdges): Lane | null {
  if (!queue || queue.events.length === 0) return null;
  const inTime = [...queue.events].sort((a, b) => a.ticks[0] - b.ticks[0]);
  const marks = inTime.map(({ ticks, class: of, side, text, decision }): Mark => {
    const value = decision?.verdict.value;
    const words = [side === null ? '' : side, classWord(of), value ?? 'undecided'].filter(Boolean).join(', ');
    return {
      ticks,
      text: `${words}. ${text}`,
      shape: value === 'cut' ? 'failure' : value === 'keep' ? 'recovery' : 'problem',
      tone: value === 'cut' ? 'bad' : value === 'keep' ? 'good' : 'warning',
      label: classWord(of),
    };
  });
  return {
    id: 'findings',
    label: 'Findings',
    detail: `Proposed by detectors: triangles are undecided (${queue.undecided}), crosses are cut, filled circles are kept.`,
    side: null,
    heightPx: HEIGHT_PX,
    content: { kind: 'marks', marks },
    edges,
  };
}
