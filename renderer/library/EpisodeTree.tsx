import { useVirtualizer } from '@tanstack/react-virtual';
import { ChevronRight } from 'lucide-react';
import { type KeyboardEvent, type MouseEvent, type RefObject, useEffect, useRef, useState } from 'react';
import { formatAddress } from '../../shared/episode/address.ts';
import { formatTime } from '../../shared/time/nanoseconds.ts';
import { copyText } from '../app/copy-text.ts';
import { formatBytes, formatCount } from '../app/format.ts';
import { outcomeTone, outcomeWord } from '../app/outcome.ts';
import { useSession } from '../app/session.ts';
import { ContextMenu, type MenuEntry, Tooltip } from '../design/index.ts';
import styles from './Library.module.css';
import { StatusMark } from './StatusMark.tsx';
import { allOf, extended, NOTHING_CHOSEN, type TreeSelection, toggled } from './selection.ts';
import { type EpisodeRow, type FolderRow, type LibraryRow, moveInTree } from './tree.ts';

const FOLDER_PX = 26;
const EPISODE_PX = 40;

export interface EpisodeTreeProps {
  rows: readonly LibraryRow[];
  /** Not all there are: once they are again, the open one is to be seen among them. */
  isFiltered: boolean;
  treeRef: RefObject<HTMLDivElement | null>;
  /** Episodes chosen together, to say something of all of them. */
  selection: TreeSelection;
  onSelect(selection: TreeSelection): void;
  onOpen(id: string): void;
  onFold(id: string, isOpen: boolean): void;
  /** A letter was typed in the tree: it belongs to the filter. */
  onType(): void;
}

/** One tab stop; the active row is told by aria-activedescendant, so that rows off screen need not exist. */
export function EpisodeTree({
  rows,
  isFiltered,
  treeRef,
  selection,
  onSelect,
  onOpen,
  onFold,
  onType,
}: EpisodeTreeProps) {
  const openId = useSession(
    (session) => session.opening ?? session.open?.episode.id ?? session.openFault?.episode ?? null,
  );
  const [activeId, setActiveId] = useState<string | null>(openId);
  const [menuRow, setMenuRow] = useState<EpisodeRow | null>(null);
  const indexOf = (id: string | null) => rows.findIndex((row) => row.id === id);
  const activeIndex = indexOf(activeId);
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => treeRef.current,
    estimateSize: (index) => (rows[index]?.kind === 'episode' ? EPISODE_PX : FOLDER_PX),
    getItemKey: (index) => rows[index]?.id ?? index,
    overscan: 8,
  });
  // Heights depend on the kind of row only, which moves when rows are filtered or folded.
  // biome-ignore lint/correctness/useExhaustiveDependencies: rows is what makes it necessary
  useEffect(() => virtualizer.measure(), [rows, virtualizer]);

  const openIndex = indexOf(openId);
  const lastOpen = useRef<string | null>(null);
  useEffect(() => {
    if (openId === lastOpen.current || openIndex < 0) return;
    lastOpen.current = openId;
    setActiveId(openId);
    virtualizer.scrollToIndex(openIndex, { align: 'auto' });
  }, [openId, openIndex, virtualizer]);
  const wasFiltered = useRef(isFiltered);
  useEffect(() => {
    const isWholeAgain = wasFiltered.current && !isFiltered;
    wasFiltered.current = isFiltered;
    if (isWholeAgain && openIndex >= 0) virtualizer.scrollToIndex(openIndex, { align: 'center' });
  }, [isFiltered, openIndex, virtualizer]);

  /** Choosing: Shift with an arrow from the anchor on, Ctrl+Enter one, Ctrl+A all, Escape none. Answers whether it was one. */
  const choose = (event: KeyboardEvent): boolean => {
    const isMod = event.ctrlKey || event.metaKey;
    if (event.altKey) return false;
    if (isMod && !event.shiftKey && event.code === 'KeyA') onSelect(allOf(rows));
    else if (isMod && event.key === 'Enter' && activeId !== null) onSelect(toggled(selection, rows, activeId));
    else if (!isMod && event.key === 'Escape' && selection.ids.size > 0) onSelect(NOTHING_CHOSEN);
    else if (!isMod && event.shiftKey && /^(Arrow(Up|Down)|Home|End)$/.test(event.key)) {
      const move = moveInTree(rows, activeId, event.key);
      if (!move) return false;
      onSelect(extended(selection, rows, activeId, move.active));
      setActiveId(move.active);
      virtualizer.scrollToIndex(indexOf(move.active), { align: 'auto' });
    } else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  };

  /** A press with Ctrl or Shift chooses; answers whether it did. */
  const chooseByPress = (event: MouseEvent, id: string): boolean => {
    if (event.shiftKey) onSelect(extended(selection, rows, activeId, id));
    else if (event.ctrlKey || event.metaKey) {
      // The one that is open is the first of them, as in every list.
      const isFirst = selection.ids.size === 0 && openIndex >= 0 && openId !== null && id !== openId;
      const first = isFirst && rows[openIndex]?.kind === 'episode' ? toggled(selection, rows, openId) : selection;
      onSelect(toggled(first, rows, id));
    } else {
      if (selection.ids.size > 0) onSelect(NOTHING_CHOSEN);
      return false;
    }
    setActiveId(id);
    return true;
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (choose(event)) return;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const row = rows[activeIndex];
    const move = moveInTree(rows, activeId, event.key);
    if (move) {
      setActiveId(move.active);
      if (move.fold) onFold(move.fold.id, move.fold.isOpen);
      else virtualizer.scrollToIndex(indexOf(move.active), { align: 'auto' });
    } else if (event.key === 'Enter') {
      if (row?.kind === 'episode') onOpen(row.id);
      else if (row) onFold(row.id, !row.isOpen);
    } else if (event.key.length === 1 && event.key !== ' ' && event.key !== '?') {
      // Not prevented: the letter lands in the field that has the focus by then.
      onType();
      event.stopPropagation();
      return;
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  };

  /** The menu of the row under the pointer or, by the menu key, of the active one. */
  const chooseMenu = (event: MouseEvent<HTMLElement>) => {
    const item = (event.target as Element).closest('[role="treeitem"]');
    const row = rows.find(({ id }) => (item ? domId(id) === item.id : id === activeId));
    if (row?.kind === 'episode') setMenuRow(row);
    else event.preventDefault();
  };

  return (
    <ContextMenu entries={menuRow ? rowMenu(menuRow, onOpen) : []} onContextMenu={chooseMenu}>
      <div
        ref={treeRef}
        role="tree"
        aria-label="Episodes"
        aria-multiselectable
        tabIndex={0}
        className={styles.tree}
        aria-activedescendant={activeIndex >= 0 ? domId(activeId ?? '') : undefined}
        onKeyDown={onKeyDown}
        onFocus={() => {
          if (activeIndex < 0) setActiveId(rows[0]?.id ?? null);
        }}
      >
        <div role="presentation" style={{ height: virtualizer.getTotalSize(), position: 'relative' }}>
          {virtualizer.getVirtualItems().map((item) => {
            const row = rows[item.index];
            if (!row) return null;
            const isActive = row.id === activeId;
            const common = {
              id: domId(row.id),
              'aria-level': row.level,
              'aria-posinset': row.position,
              'aria-setsize': row.siblings,
              'data-active': isActive || undefined,
              style: {
                height: item.size,
                transform: `translateY(${item.start}px)`,
                ['--level' as string]: row.level,
              },
            };
            return row.kind === 'episode' ? (
              // biome-ignore lint/a11y/useKeyWithClickEvents: the tree hears the keys
              <div
                key={row.id}
                {...common}
                role="treeitem"
                tabIndex={-1}
                aria-selected={selection.ids.size > 0 ? selection.ids.has(row.id) : row.id === openId}
                aria-current={row.id === openId || undefined}
                className={styles.episode}
                onClick={(event) => {
                  if (chooseByPress(event, row.id)) return;
                  setActiveId(row.id);
                  onOpen(row.id);
                }}
              >
                <Episode row={row} />
              </div>
            ) : (
              // biome-ignore lint/a11y/useKeyWithClickEvents: the tree hears the keys
              <div
                key={row.id}
                {...common}
                role="treeitem"
                tabIndex={-1}
                aria-expanded={row.isOpen}
                aria-selected={false}
                data-kind={row.kind}
                className={styles.folder}
                onClick={(event) => {
                  if (chooseByPress(event, row.id)) return;
                  setActiveId(row.id);
                  onFold(row.id, !row.isOpen);
                }}
              >
                <Folder row={row} />
              </div>
            );
          })}
        </div>
      </div>
    </ContextMenu>
  );
}

function rowMenu({ entry }: EpisodeRow, onOpen: (id: string) => void): MenuEntry[] {
  return [
    { label: 'Open', onSelect: () => onOpen(entry.id) },
    'separator',
    {
      label: 'Copy address',
      onSelect: () =>
        void copyText(`#${formatAddress({ episode: entry.path, at: null, layout: null })}`, 'The address is copied.'),
    },
    { label: 'Copy path', onSelect: () => void copyText(entry.path, 'The path is copied.') },
  ];
}

function Folder({ row }: { row: FolderRow }) {
  return (
    <>
      <ChevronRight size={13} aria-hidden className={styles.chevron} data-open={row.isOpen || undefined} />
      <span className={styles.folderName}>{row.label}</span>
      {row.withProblems > 0 ? (
        <span className={styles.folderProblems}>
          <StatusMark
            status="warning"
            label={formatCount(row.withProblems, 'episode with problems', 'episodes with problems')}
          />
          <span aria-hidden>{row.withProblems.toLocaleString('en-US')}</span>
        </span>
      ) : null}
      <span className={styles.count}>
        {row.withProblems > 0 ? 'of ' : ''}
        {row.episodes.toLocaleString('en-US')}
      </span>
    </>
  );
}

function Episode({ row: { entry } }: { row: EpisodeRow }) {
  const facts = [
    entry.durationNs === null ? null : formatTime(entry.durationNs),
    entry.ticks === null ? null : formatCount(entry.ticks, 'tick'),
    entry.streams === null ? null : formatCount(entry.streams, 'stream'),
  ].filter((fact) => fact !== null);
  const [problem] = entry.problems;
  return (
    <Tooltip side="right" content={<Details row={entry} />}>
      <div className={styles.episodeBody}>
        <StatusMark status={entry.status} label={STATUS_WORDS[entry.status]} />
        <div className={styles.lines}>
          <div className={styles.episodeName}>{entry.name}</div>
          {entry.status === 'pending' ? (
            <div className={styles.pendingLine}>
              <span />
            </div>
          ) : (
            <div className={styles.facts}>
              {entry.outcome === null ? null : <Outcome outcome={entry.outcome} />}
              {facts.map((fact, index) => (
                <span key={fact} className={styles.fact}>
                  {index > 0 || entry.outcome !== null ? ' · ' : ''}
                  {fact}
                </span>
              ))}
              {entry.status === 'error' && problem ? (
                <span className={styles.fault}>
                  {facts.length > 0 || entry.outcome !== null ? ' · ' : ''}
                  {withoutName(problem.message, entry.path)}
                </span>
              ) : null}
            </div>
          )}
        </div>
      </div>
    </Tooltip>
  );
}

/** As shape, word and colour. */
function Outcome({ outcome }: { outcome: string }) {
  const tone = outcomeTone(outcome);
  return (
    <span className={`${styles.fact} ${styles.outcome}`} data-tone={tone}>
      {OUTCOME_SIGNS[tone]} {outcomeWord(outcome)}
    </span>
  );
}

const OUTCOME_SIGNS = { good: '✓', bad: '✗', warning: '△', neutral: '•' } as const;

/** The name stands above already: only what is wrong with the file. */
function withoutName(message: string, path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (!message.startsWith(name)) return message;
  const rest = message
    .slice(name.length)
    .replace(/^(:|\s*is)\s+/, '')
    .trimStart();
  // A name out of the file keeps its small letter.
  return /^[a-z]+\s/.test(rest) ? rest.charAt(0).toUpperCase() + rest.slice(1) : rest;
}

const STATUS_WORDS = {
  pending: 'Not read yet',
  good: 'No problems',
  warning: 'Has warnings',
  error: 'Has errors',
} as const;

function Details({ row }: { row: EpisodeRow['entry'] }) {
  const formats = useSession((session) => session.formats);
  return (
    <div className={styles.details}>
      <div>{row.path}</div>
      <div className={styles.detailsMuted}>
        {[formats[row.format] ?? row.format, formatBytes(row.sizeBytes), STATUS_WORDS[row.status].toLowerCase()]
          .filter(Boolean)
          .join(' · ')}
      </div>
      {row.instruction === null || row.instruction === row.task ? null : <div>{row.instruction}</div>}
      {Object.entries(row.properties).map(([name, value]) => (
        <div key={name} className={styles.detailsMuted}>
          {name}: {String(value)}
        </div>
      ))}
      {row.problems.map((problem) => (
        <div key={problem.message} className={styles.detailsProblem}>
          <StatusMark status={problem.severity} label={problem.severity} /> {problem.message}
        </div>
      ))}
    </div>
  );
}

/** An element id without spaces or quotes, the same for the same row. */
function domId(id: string): string {
  return `row-${encodeURIComponent(id).replaceAll('%', '_').replaceAll("'", '_27')}`;
}
