import { useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { Marks } from '../../../shared/review/marker-faults.ts';
import { useMarkInHand, useMarks, useMarksShown } from '../../marks/marks-state.ts';
import type { Lane } from '../lanes.ts';
import { xOfTick } from '../pointer.ts';
import { useTimeline } from '../selection.ts';
import type { TimelineSurface } from '../surface.ts';
import { DraggedLabel } from './DraggedLabel.tsx';
import { drawLinks, linksOf } from './links.ts';
import styles from './Marks.module.css';
import { LANE_PADDING_PX, type PlacedSegment } from './mark-lanes.ts';
import { placeSegments } from './placing.ts';
import { SegmentElement } from './SegmentElement.tsx';
import { type Segment, segmentsOf } from './segments.ts';
import { useKeptFocus } from './use-kept-focus.ts';

/**
 * What people marked, as elements over their lanes: a screen reader and the Tab key find each segment, in order of time, and
 * its edges. Where they stand is set past React; what the pointer does is told by hit.ts, so that all of this lets it
 * through.
 */
export function MarksLayer({ surface, lanes }: { surface: TimelineSurface; lanes: readonly Lane[] }) {
  const root = useRef<HTMLDivElement>(null);
  const links = useRef<SVGPathElement>(null);
  const shown = useOwnSegments(surface);
  const inHand = useMarkInHand();
  const part = useMarks((marks) => marks.part);
  /** The segment whose edges Tab goes through. */
  const [entered, setEntered] = useState<string | null>(null);
  const placed = useMemo(() => placedLanes(lanes), [lanes]);
  const isInHand = ({ by, map, id }: PlacedSegment) => by === null && inHand?.map === map && inHand.id === id;
  const linked = linksOf(placed, shown, inHand);

  const inHandKey = inHand && `${inHand.map}/${inHand.id}`;
  useLayoutEffect(() => {
    // Also one that was taken in hand elsewhere: by a key, in a list.
    if (inHandKey !== null) root.current?.querySelector('[data-in-hand]')?.scrollIntoView({ block: 'nearest' });
  }, [inHandKey]);
  useKeptFocus(root, surface.elements.playhead);
  useLayoutEffect(() => {
    const place = () => {
      if (!root.current) return;
      const { widthPx } = surface;
      const { startNs, endNs } = useTimeline.getState().window;
      const axis = { xOf: (tick: number) => xOfTick(surface, tick), widthPx, key: `${startNs} ${endNs} ${widthPx}` };
      placeSegments(root.current, axis);
      links.current?.setAttribute('d', drawLinks(linked, axis));
    };
    place();
    return surface.onPainted(place);
  });

  return (
    <div ref={root} className={styles.layer}>
      <svg className={styles.links} aria-hidden>
        <title>Recoveries of the failure in hand</title>
        <path ref={links} />
      </svg>
      {placed.map(({ lane, topPx, rowPx, segments }) => (
        // biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms
        <div
          key={lane.id}
          role="group"
          aria-label={segments[0]?.by === null ? lane.label : `${lane.label}, read-only`}
          aria-description="Tab walks through them, Enter goes to the edges of one, Escape leaves"
          className={styles.lane}
          style={{ top: topPx, height: lane.heightPx }}
        >
          {segments.map((segment) => (
            <SegmentElement
              key={segment.key}
              {...fieldsOf(shown.get(segment.key) ?? segment)}
              segmentKey={segment.key}
              topPx={LANE_PADDING_PX + segment.row * rowPx}
              heightPx={rowPx - 2}
              until={segment.until}
              part={isInHand(segment) ? part : null}
              isEntered={entered === segment.key}
              enter={setEntered}
              surface={surface}
            />
          ))}
        </div>
      ))}
      <DraggedLabel surface={surface} lanes={placed} />
    </div>
  );
}

function fieldsOf({ key: _, ...fields }: Segment): Omit<Segment, 'key'> {
  return fields;
}

const NO_MARKS: Marks = { failures: {}, recoveries: {}, taskMarks: {} };

/** This person's segments as they are shown now, also while one is on the move; their rows are those of the lanes. */
function useOwnSegments({ model }: TimelineSurface) {
  const marks = useMarksShown() ?? NO_MARKS;
  return useMemo(
    () => new Map(segmentsOf(marks, model.times).map((segment) => [segment.key, segment])),
    [marks, model.times],
  );
}

export interface PlacedLane {
  readonly lane: Lane;
  /** From the top of all lanes. */
  readonly topPx: number;
  readonly rowPx: number;
  /** In order of time: as Tab goes. */
  readonly segments: readonly PlacedSegment[];
}

function placedLanes(lanes: readonly Lane[]): PlacedLane[] {
  let bottom = 0;
  return lanes.flatMap((lane) => {
    const topPx = bottom;
    bottom += lane.heightPx;
    if (lane.content.kind !== 'segments') return [];
    const { rowPx } = lane.content;
    const segments = [...lane.content.segments].sort((a, b) => a.first - b.first || a.last - b.last);
    return [{ lane, topPx, rowPx, segments }];
  });
}
