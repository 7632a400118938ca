import { ArrowDownUp, Search, TriangleAlert, X } from 'lucide-react';
import { useCallback, useDeferredValue, useEffect, useMemo, useRef, useState } from 'react';
import { setShownOrder } from '../app/episode-order.ts';
import { openEpisode } from '../app/episodes.ts';
import { formatCount } from '../app/format.ts';
import { useSession } from '../app/session.ts';
import { useView } from '../app/view-state.ts';
import { offersOfMenu, useOffers } from '../commands/offers.ts';
import { commandsMayHaveChanged } from '../commands/registry.ts';
import { Button, EmptyState, IconButton, Menu, type MenuEntry, Spinner, TextField } from '../design/index.ts';
import { EpisodeTree } from './EpisodeTree.tsx';
import { FilterBar, FilterMenu } from './FilterBar.tsx';
import type { Choice } from './facets.ts';
import { useKeptFilters } from './kept-filters.ts';
import styles from './Library.module.css';
import { RootChooser } from './RootChooser.tsx';
import { SelectionBar } from './SelectionBar.tsx';
import { allOf, NOTHING_CHOSEN, stillThere, type TreeSelection } from './selection.ts';
import { filterEntries, folderIds, hasProblems, rowsOf, type SortOrder, sortEntries } from './tree.ts';

const SORTS: readonly [SortOrder, string][] = [
  ['name', 'By name, newest date first'],
  ['newest', 'Newest first'],
  ['longest', 'Longest first'],
  ['problems', 'Problems first'],
];

/** The episodes of the dataset on screen: filter, sort, fold, open. */
export function Library() {
  const root = useSession((session) => session.roots.find((candidate) => candidate.id === session.root));
  const entries = useSession((session) => session.entries);
  const openId = useSession((session) => session.opening ?? session.open?.episode.id ?? null);
  const [text, setText] = useState('');
  const { choices, onlyProblems, sort, change } = useKeptFilters(root?.id ?? null);
  const [folded, setFolded] = useState<ReadonlySet<string>>(new Set());
  const [chosen, setChosen] = useState<TreeSelection>(NOTHING_CHOSEN);
  const filterRef = useRef<HTMLInputElement>(null);
  const treeRef = useRef<HTMLDivElement>(null);
  // The letters stand in the field at once, whatever the list needs to follow.
  const searched = useDeferredValue(text);

  const ofRoot = useMemo(
    () => (root ? sortEntries(entries.values(), { root: root.id, prefix: root.prefix, sort }) : []),
    [entries, root?.id, root?.prefix, sort, root],
  );
  const found = useMemo(
    () => filterEntries(ofRoot, { text: searched, choices, onlyProblems }),
    [ofRoot, searched, choices, onlyProblems],
  );
  const rows = useMemo(
    () => rowsOf(found, { text: searched, choices, onlyProblems, sort, folded }),
    [found, searched, choices, onlyProblems, sort, folded],
  );
  // What is filtered away cannot be meant; folded away it still can.
  const selection = useMemo(() => {
    const there = new Set(found.map(({ id }) => id));
    return stillThere(chosen, (id) => there.has(id));
  }, [chosen, found]);
  const shown = useMemo(() => rows.flatMap((row) => (row.kind === 'episode' ? [row.id] : [])), [rows]);
  useEffect(() => {
    setShownOrder(shown);
    commandsMayHaveChanged();
  }, [shown]);

  // What gets opened from elsewhere (an address, a key) must be seen: its folders unfold.
  useEffect(() => {
    const entry = openId === null ? undefined : useSession.getState().entries.get(openId);
    if (!entry) return;
    const ids = folderIds(entry);
    setFolded((before) =>
      ids.some((id) => before.has(id)) ? new Set([...before].filter((id) => !ids.includes(id))) : before,
    );
  }, [openId]);

  const fold = useCallback((id: string, isOpen: boolean) => {
    setFolded((before) => {
      const after = new Set(before);
      if (isOpen) after.delete(id);
      else after.add(id);
      return after;
    });
  }, []);
  const open = useCallback((id: string) => {
    // Playback keys are meant next: the focus leaves the tree, where letters would filter.
    document.getElementById('workspace-main')?.focus({ preventScroll: true });
    useView.setState({ screen: 'episode' });
    void openEpisode(id);
  }, []);

  const orders: MenuEntry[] = [
    { heading: 'Order' },
    ...SORTS.map(([value, label]) => ({
      label,
      checked: sort === value,
      onSelect: () => change({ sort: value }),
    })),
  ];
  useOffers(() => {
    if (!root) return [];
    const offer = (title: string, run: () => void) => ({ id: `library/${title}`, title, group: 'View' as const, run });
    return [
      offer('Filter the episodes by words…', () => filterRef.current?.focus()),
      offer('Choose all episodes that are shown', () => {
        setChosen(allOf(rows));
        treeRef.current?.focus();
      }),
      offer(onlyProblems ? 'Show all episodes' : 'Show only episodes with problems', () =>
        change({ onlyProblems: !onlyProblems }),
      ),
      offer('Show the episodes without any filter', () => {
        setText('');
        change({ onlyProblems: false, choices: [] });
      }),
      ...offersOfMenu({ id: 'library', group: 'View', detail: 'episodes' }, orders),
    ];
  });

  if (!root) {
    return (
      <>
        <RootChooser />
        <p className={styles.quiet}>Episodes of the dataset you open stand here.</p>
      </>
    );
  }
  const problems = ofRoot.filter(hasProblems).length;
  const pending = ofRoot.filter((entry) => entry.status === 'pending').length;
  const isFiltered = text.trim() !== '' || onlyProblems || choices.length > 0;
  const setChoices = (next: Choice[]) => change({ choices: next });
  return (
    <>
      <RootChooser />
      <div className={styles.tools}>
        <TextField
          ref={filterRef}
          label="Filter episodes"
          hideLabel
          placeholder="Filter"
          className={styles.filter}
          icon={<Search size={13} aria-hidden />}
          value={text}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === 'Escape' && text !== '') setText('');
            else if (event.key === 'ArrowDown' || event.key === 'Enter' || event.key === 'Escape')
              treeRef.current?.focus();
            else return;
            event.preventDefault();
            event.stopPropagation();
          }}
          trailing={
            text === '' ? null : (
              <IconButton label="Clear the filter" size="s" icon={<X size={13} />} onClick={() => setText('')} />
            )
          }
        />
        <IconButton
          label={onlyProblems ? 'Show all episodes' : 'Show only episodes with problems'}
          icon={<TriangleAlert size={14} />}
          aria-pressed={onlyProblems}
          onClick={() => change({ onlyProblems: !onlyProblems })}
        />
        <FilterMenu entries={ofRoot} choices={choices} onChange={setChoices} />
        <Menu align="end" entries={orders}>
          <Button
            tone="ghost"
            className={styles.sort}
            aria-label="Order of the episodes"
            icon={<ArrowDownUp size={14} />}
          />
        </Menu>
      </div>
      <FilterBar choices={choices} onChange={setChoices} />
      <div className={styles.list}>
        {rows.length > 0 ? (
          <EpisodeTree
            rows={rows}
            isFiltered={searched.trim() !== '' || onlyProblems || choices.length > 0}
            treeRef={treeRef}
            selection={selection}
            onSelect={setChosen}
            onOpen={open}
            onFold={fold}
            onType={() => filterRef.current?.focus()}
          />
        ) : isFiltered && ofRoot.length > 0 ? (
          <EmptyState
            title="Nothing matches"
            actions={
              <Button
                size="s"
                onClick={() => {
                  setText('');
                  change({ onlyProblems: false, choices: [] });
                }}
              >
                Show all
              </Button>
            }
          />
        ) : root.scanning ? (
          <Shimmer />
        ) : (
          <p className={styles.quiet}>No episodes found.</p>
        )}
      </div>
      {selection.ids.size > 0 ? (
        <SelectionBar
          root={root.id}
          episodes={found.filter(({ id }) => selection.ids.has(id)).map(({ id }) => id)}
          onClear={() => {
            setChosen(NOTHING_CHOSEN);
            treeRef.current?.focus();
          }}
        />
      ) : null}
      {root.scanning || pending > 0 ? (
        <progress
          className={styles.progress}
          aria-label="Reading episodes"
          {...(root.scanning ? {} : { value: ofRoot.length - pending, max: ofRoot.length })}
        />
      ) : null}
      <footer className={styles.footer}>
        <span>
          {isFiltered ? `${found.length.toLocaleString('en-US')} of ` : ''}
          {formatCount(ofRoot.length, 'episode')}
          {pending > 0 ? ` · ${pending.toLocaleString('en-US')} to read` : ''}
        </span>
        {root.scanning || pending > 0 ? <Spinner label="Reading episodes" size={10} /> : null}
        {problems > 0 ? <span>{problems} with problems</span> : null}
      </footer>
    </>
  );
}

/** Stands in for rows that are on their way. */
function Shimmer() {
  return (
    <div className={styles.shimmer} role="img" aria-label="Looking for episodes">
      {['60%', '42%', '74%', '66%', '70%'].map((width) => (
        <span key={width} style={{ width }} />
      ))}
    </div>
  );
}
