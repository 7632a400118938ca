import { Command as Cmdk, defaultFilter } from 'cmdk';
import { Check, Film, Search } from 'lucide-react';
import { useMemo, useState } from 'react';
import { COMMANDS, type Command, type CommandGroup } from '../../shared/commands/table.ts';
import { formatTime } from '../../shared/time/nanoseconds.ts';
import { useSession } from '../app/session.ts';
import { Dialog, Keys } from '../design/index.ts';
import { keyLabelOf } from './keys.ts';
import { allOffers, type Offer } from './offers.ts';
import styles from './Palette.module.css';
import { isCommandEnabled, runCommand } from './registry.ts';

const GROUPS: readonly CommandGroup[] = ['Playback', 'Review', 'View', 'File', 'Edit', 'Help'];
const MOST_EPISODES = 20;

export interface PaletteProps {
  open: boolean;
  onOpenChange(open: boolean): void;
  onEpisode(id: string): void;
}

/** Everything that can be done, by name: commands, and what is offered of what is open; what cannot be done now is greyed. Typing also finds episodes. */
export function Palette({ open, onOpenChange, onEpisode }: PaletteProps) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title="Command palette" bare>
      <PaletteBody close={() => onOpenChange(false)} onEpisode={onEpisode} />
    </Dialog>
  );
}

function PaletteBody({ close, onEpisode }: { close(): void; onEpisode(id: string): void }) {
  const [query, setQuery] = useState('');
  const entries = useSession((session) => session.entries);
  const root = useSession((session) => session.root);
  // As things were when the palette was opened: they cannot change under it but by a choice in it.
  const offers = useMemo(allOffers, []);
  const choices = useMemo(() => rank(query, offers), [query, offers]);
  const episodes = useMemo(() => {
    const words = query.trim().toLowerCase().split(/\s+/).filter(Boolean);
    if (words.length === 0) return [];
    const found = [];
    for (const entry of entries.values()) {
      if (entry.root === root && words.every((word) => entry.path.toLowerCase().includes(word))) found.push(entry);
      if (found.length === MOST_EPISODES) break;
    }
    return found;
  }, [entries, root, query]);

  // The dialog closes first and gives the focus back, so that a command which opens a dialog of its own keeps it.
  const later = (action: () => void) => {
    close();
    window.setTimeout(action, 0);
  };
  return (
    <Cmdk
      label="Command palette"
      shouldFilter={false}
      loop
      vimBindings={false}
      onKeyDown={(event) => {
        if ((event.ctrlKey || event.metaKey) && event.code === 'KeyK') {
          event.preventDefault();
          close();
        }
      }}
    >
      <div className={styles.search}>
        <Search size={15} aria-hidden />
        <Cmdk.Input value={query} onValueChange={setQuery} placeholder="Type a command or an episode" autoFocus />
      </div>
      <Cmdk.List className={styles.list} label="Commands and episodes">
        <Cmdk.Empty className={styles.none}>Nothing by that name.</Cmdk.Empty>
        {query.trim() === ''
          ? GROUPS.map((group) => (
              <Cmdk.Group key={group} heading={group}>
                {choices
                  .filter((choice) => choice.group === group)
                  .map((choice) => (
                    <ChoiceItem key={choice.id} choice={choice} later={later} />
                  ))}
              </Cmdk.Group>
            ))
          : choices.map((choice) => <ChoiceItem key={choice.id} choice={choice} later={later} showsGroup />)}
        {episodes.length > 0 ? (
          <Cmdk.Group heading="Episodes">
            {episodes.map((entry) => (
              <Cmdk.Item key={entry.id} value={`episode ${entry.id}`} onSelect={() => later(() => onEpisode(entry.id))}>
                <Film size={14} aria-hidden />
                <span className={styles.title}>
                  {entry.name}{' '}
                  <span className={styles.detail}>{[entry.task, entry.date].filter(Boolean).join(' · ')}</span>
                </span>
                <span className={styles.detail}>{entry.durationNs === null ? '' : formatTime(entry.durationNs)}</span>
              </Cmdk.Item>
            ))}
          </Cmdk.Group>
        ) : null}
      </Cmdk.List>
    </Cmdk>
  );
}

type Choice = Command | Offer;

function ChoiceItem({
  choice,
  later,
  showsGroup,
}: {
  choice: Choice;
  later(action: () => void): void;
  showsGroup?: boolean;
}) {
  const isOffer = 'run' in choice;
  const keyLabel = isOffer ? '' : keyLabelOf(choice.id);
  const run = isOffer
    ? choice.run
    : () => void runCommand(choice.id, undefined, { timeStamp: performance.now(), repeat: false });
  const detail = isOffer && choice.detail ? choice.detail : showsGroup ? choice.group : '';
  return (
    <Cmdk.Item
      value={isOffer ? `offer ${choice.id}` : choice.id}
      disabled={isOffer ? choice.isEnabled === false : !isCommandEnabled(choice.id)}
      onSelect={() => later(run)}
    >
      <span className={styles.title}>{choice.title}</span>
      {isOffer && choice.isChecked ? <Check size={13} aria-label="chosen" /> : null}
      {detail === '' ? null : <span className={styles.detail}>{detail}</span>}
      {keyLabel ? <Keys label={keyLabel} /> : null}
    </Cmdk.Item>
  );
}

/** What matches, best first. The palette and "cancel" themselves are not listed. */
function rank(query: string, offers: readonly Offer[]): Choice[] {
  const commands = COMMANDS.filter((command) => command.id !== 'view.palette' && command.id !== 'app.cancel');
  const listed: Choice[] = [...commands, ...offers];
  if (query.trim() === '') return listed;
  const scored = listed
    .map((choice) => ({
      choice,
      score: defaultFilter(typed(choice.title), typed(query), [choice.group, ...wordsOf(choice)]),
    }))
    .sort((a, b) => b.score - a.score);
  // Letters scattered over a long title match too: beside a real match they are noise.
  const least = Math.max(0.001, (scored[0]?.score ?? 0) * 0.1);
  return scored.filter(({ score }) => score >= least).map(({ choice }) => choice);
}

/** As people type it: keyboards have no "×". */
function typed(text: string): string {
  return text.replaceAll('×', 'x');
}

function wordsOf(choice: Choice): string[] {
  if ('run' in choice) return choice.detail ? [choice.detail] : [];
  return [choice.id];
}
