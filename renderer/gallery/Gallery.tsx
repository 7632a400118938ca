import { useVirtualizer } from '@tanstack/react-virtual';
import { CircleQuestionMark as CircleHelp, FileWarning, Flag, Images, Pause, Play, ScanSearch } from 'lucide-react';
import { type KeyboardEvent, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { RecordingOutputs } from '../../shared/api/outputs.ts';
import { openEpisode } from '../app/episodes.ts';
import { useSession } from '../app/session.ts';
import { useView } from '../app/view-state.ts';
import { registerCommands, runCommand } from '../commands/registry.ts';
import { Button, EmptyState, IconButton, Spinner } from '../design/index.ts';
import { MakeOutputs } from '../previews/MakeOutputs.tsx';
import { followOutputs, reloadOutputs, useOutputs } from '../previews/outputs-state.ts';
import { showPreviewOf } from '../previews/preview-state.ts';
import { ScopeBar } from '../previews/ScopeBar.tsx';
import { Card } from './Card.tsx';
import styles from './Gallery.module.css';
import {
  CARD_PX,
  filterCards,
  type GalleryFilter,
  hasFindings,
  hasFlags,
  hasUndecided,
  layOut,
  moveInGrid,
} from './grid.ts';

const NO_FILTER: GalleryFilter = { found: false, undecided: false, flagged: false };
const FILTERS = [
  { name: 'found', word: 'With findings', Icon: ScanSearch, holds: hasFindings },
  { name: 'undecided', word: 'Undecided', Icon: CircleHelp, holds: hasUndecided },
  { name: 'flagged', word: 'Flagged', Icon: Flag, holds: hasFlags },
] as const;
const MOTION = '(prefers-reduced-motion: reduce)';

/** A date at a glance: the GIF of every recording with what was found, said and flagged. */
export function Gallery() {
  const { state, recordings } = useOutputs();
  const hasRoot = useSession((session) => session.root !== null);
  const [filter, setFilter] = useState<GalleryFilter>(NO_FILTER);
  const shown = useMemo(() => filterCards(recordings, filter), [recordings, filter]);
  useEffect(() => followOutputs(), []);
  if (!hasRoot)
    return (
      <EmptyState icon={<Images size={26} />} title="No dataset is open">
        Open one to see its dates at a glance.
      </EmptyState>
    );
  return (
    <section className={styles.screen} aria-label="Gallery">
      <ScopeBar title="Gallery">
        {FILTERS.map(({ name, word, Icon, holds }) => (
          <Button
            key={name}
            size="s"
            icon={<Icon size={13} aria-hidden className={styles.filterSign} />}
            aria-pressed={filter[name]}
            onClick={() => setFilter({ ...filter, [name]: !filter[name] })}
          >
            {word} {recordings.filter(holds).length}
          </Button>
        ))}
        <span className={styles.counts} data-testid="gallery-counts">
          {shown.length === recordings.length ? '' : `${shown.length} of `}
          {recordings.length} {recordings.length === 1 ? 'recording' : 'recordings'}
        </span>
        <span className={styles.slack} />
        <MakeOutputs kind="gallery" />
        <MotionButton />
      </ScopeBar>
      {shown.length > 0 ? (
        <Cards recordings={shown} />
      ) : typeof state === 'object' ? (
        <EmptyState
          icon={<FileWarning size={26} />}
          title="The gallery cannot be listed"
          actions={<Button onClick={reloadOutputs}>Try again</Button>}
        >
          {state.fault}
        </EmptyState>
      ) : recordings.length > 0 ? (
        <EmptyState
          icon={<Images size={26} />}
          title="Nothing of this date matches"
          actions={<Button onClick={() => setFilter(NO_FILTER)}>Show all</Button>}
        />
      ) : state === 'loading' ? (
        <div className={styles.waiting}>
          <Spinner label="Looking for pictures" size={18} />
        </div>
      ) : (
        <EmptyState icon={<Images size={26} />} title="No recordings here">
          Choose another date above.
        </EmptyState>
      )}
    </section>
  );
}

function MotionButton() {
  const isMoving = useView((view) => view.isGalleryMoving);
  const isReduced = useReducedMotion();
  if (isReduced) return null;
  return (
    <IconButton
      size="s"
      label={isMoving ? 'Let the pictures stand still' : 'Let the pictures move'}
      icon={isMoving ? <Pause size={13} /> : <Play size={13} />}
      onClick={() => runCommand('view.galleryMotion')}
    />
  );
}

/** One tab stop; arrows go over the cards, Enter opens one. Only rows in sight exist. */
function Cards({ recordings }: { recordings: readonly RecordingOutputs[] }) {
  const scroller = useRef<HTMLDivElement>(null);
  const [widthPx, setWidthPx] = useState(0);
  const openId = useSession((session) => session.open?.episode.id ?? null);
  const [active, setActive] = useState<string | null>(openId);
  const isMoving = useView((view) => view.isGalleryMoving);
  const isReduced = useReducedMotion();
  const layout = layOut(widthPx);
  const { columns, rowHeightPx } = layout;
  const rows = Math.ceil(recordings.length / columns);
  const at = Math.max(
    0,
    recordings.findIndex(({ episode }) => episode === active),
  );
  const virtualizer = useVirtualizer({
    count: rows,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeightPx,
    overscan: 1,
    paddingStart: CARD_PX.gap,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: the height of a row is what makes it necessary
  useEffect(() => virtualizer.measure(), [rowHeightPx, virtualizer]);
  useEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const observer = new ResizeObserver(([entry]) => setWidthPx(entry?.contentRect.width ?? 0));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  // The keys of the grid are meant when the gallery comes up.
  useEffect(() => scroller.current?.focus({ preventScroll: true }), []);

  const recording = recordings[at];
  const goTo = useCallback(
    (to: number) => {
      setActive(recordings[to]?.episode ?? null);
      virtualizer.scrollToIndex(Math.floor(to / columns), { align: 'auto' });
    },
    [recordings, columns, virtualizer],
  );
  useEffect(() => {
    const steps = (by: 1 | -1) => ({
      run: () => goTo(at + by),
      isEnabled: () => recordings[at + by] !== undefined,
    });
    const ofCard = (run: (episode: string) => void) => ({
      run: () => {
        if (recording) run(recording.episode);
      },
      isEnabled: () => recording !== undefined,
    });
    return registerCommands({
      'view.nextEpisode': steps(1),
      'view.previousEpisode': steps(-1),
      'view.previews': ofCard(showPreviewOf),
      'view.storedPixels': ofCard(open),
      'app.cancel': { run: () => useView.setState({ screen: 'episode' }) },
    });
  }, [recordings, recording, at, goTo]);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const pageRows = Math.floor((scroller.current?.clientHeight ?? 0) / rowHeightPx);
    const to = moveInGrid(event.key, at, recordings.length, columns, pageRows);
    if (to !== undefined) goTo(to);
    else if (event.key === 'Enter' && recording) open(recording.episode);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    // biome-ignore lint/a11y/useSemanticElements: cards that come and go with the scroll are no table
    <div
      ref={scroller}
      role="grid"
      aria-label="Recordings"
      aria-rowcount={rows}
      aria-colcount={columns}
      tabIndex={0}
      className={styles.grid}
      aria-activedescendant={recording ? cardId(recording.episode) : undefined}
      onKeyDown={onKeyDown}
    >
      <div role="presentation" style={{ height: virtualizer.getTotalSize(), position: 'relative' }}>
        {widthPx === 0
          ? null
          : virtualizer.getVirtualItems().map(({ index, start }) => (
              // biome-ignore lint/a11y/useFocusableInteractive lint/a11y/useSemanticElements: the grid has the focus and names the active cell
              <div
                key={index}
                role="row"
                aria-rowindex={index + 1}
                className={styles.row}
                style={{ transform: `translateY(${start}px)`, height: rowHeightPx - CARD_PX.gap }}
              >
                {recordings.slice(index * columns, (index + 1) * columns).map((each, column) => (
                  <Card
                    key={each.episode}
                    id={cardId(each.episode)}
                    column={column + 1}
                    recording={each}
                    widthPx={layout.cardWidthPx}
                    isActive={each.episode === recording?.episode}
                    motion={isReduced ? 'never' : isMoving ? 'always' : 'active'}
                    onChoose={() => setActive(each.episode)}
                    onOpen={() => open(each.episode)}
                  />
                ))}
              </div>
            ))}
      </div>
    </div>
  );
}

function open(episode: string): void {
  useView.setState({ screen: 'episode' });
  void openEpisode(episode);
}

function cardId(episode: string): string {
  return `card-${episode}`;
}

function useReducedMotion(): boolean {
  const [isReduced, setReduced] = useState(() => matchMedia(MOTION).matches);
  useEffect(() => {
    const media = matchMedia(MOTION);
    const follow = () => setReduced(media.matches);
    media.addEventListener('change', follow);
    return () => media.removeEventListener('change', follow);
  }, []);
  return isReduced;
}
