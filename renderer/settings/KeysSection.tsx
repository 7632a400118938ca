import { RotateCcw, Search, TriangleAlert, X } from 'lucide-react';
import { useMemo, useState } from 'react';
import { chordOf, wantedChords } from '../../shared/commands/chord.ts';
import { findConflicts, type KeyConflict } from '../../shared/commands/keymap.ts';
import { COMMANDS, type Command } from '../../shared/commands/table.ts';
import { useSession } from '../app/session.ts';
import { patchUserSettings } from '../app/settings.ts';
import { isMac, labelOfChord } from '../commands/keys.ts';
import { Button, IconButton, Keys, TextField } from '../design/index.ts';
import styles from './Settings.module.css';

/** The key of every command: press a new one, take it away, or go back. What two commands want is said at both. */
export function KeysSection() {
  const remaps = useSession((session) => session.userSettings.keys);
  const [query, setQuery] = useState('');
  const [recording, setRecording] = useState<string | null>(null);
  const conflicts = useMemo(() => findConflicts(COMMANDS, remaps), [remaps]);
  const shown = COMMANDS.filter((command) =>
    `${command.title} ${command.group} ${wantedChords(command, remaps).map(labelOfChord).join(' ')}`
      .toLowerCase()
      .includes(query.trim().toLowerCase()),
  );
  const choose = (id: string, chord: string | null) => {
    const { [id]: _before, ...others } = remaps;
    void patchUserSettings({ keys: chord === null ? others : { ...others, [id]: chord } });
    setRecording(null);
  };
  return (
    <div className={styles.keys}>
      <div className={styles.keysTools}>
        <TextField
          label="Find a command or key"
          hideLabel
          placeholder="Find a command or key"
          icon={<Search size={13} aria-hidden />}
          value={query}
          onChange={(event) => setQuery(event.target.value)}
        />
        <Button
          disabled={Object.keys(remaps).length === 0}
          icon={<RotateCcw size={13} aria-hidden />}
          onClick={() => void patchUserSettings({ keys: {} })}
        >
          Reset all
        </Button>
      </div>
      {conflicts.length > 0 ? (
        <p className={styles.conflict} role="status">
          <TriangleAlert size={14} aria-hidden />
          {conflicts.length === 1 ? 'One key is' : `${conflicts.length} keys are`} wanted by more than one command: the
          one you chose it for last has it.
        </p>
      ) : null}
      <ul className={styles.keyList} aria-label="Commands and their keys">
        {shown.map((command) => (
          <KeyRow
            key={command.id}
            command={command}
            chords={wantedChords(command, remaps)}
            isChanged={command.id in remaps}
            conflicts={conflicts.filter((conflict) => conflict.ids.includes(command.id))}
            isRecording={recording === command.id}
            onRecord={(isRecording) => setRecording(isRecording ? command.id : null)}
            onChoose={(chord) => choose(command.id, chord)}
          />
        ))}
      </ul>
    </div>
  );
}

interface KeyRowProps {
  command: Command;
  chords: readonly string[];
  isChanged: boolean;
  conflicts: readonly KeyConflict[];
  isRecording: boolean;
  onRecord(isRecording: boolean): void;
  /** A chord, "" for none, null for the table's own. */
  onChoose(chord: string | null): void;
}

function KeyRow({ command, chords, isChanged, conflicts, isRecording, onRecord, onChoose }: KeyRowProps) {
  const others = conflicts
    .flatMap((conflict) => conflict.ids)
    .filter((id) => id !== command.id)
    .map((id) => COMMANDS.find((candidate) => candidate.id === id)?.title ?? id);
  const keysText = chords.length === 0 ? 'No key' : chords.map(labelOfChord).join(' ');
  return (
    <li className={styles.keyRow}>
      <span className={styles.keyTitle}>
        {command.title}
        {others.length > 0 ? (
          <span className={styles.keyConflict}>
            <TriangleAlert size={12} aria-hidden /> also {others.join(', ')}
          </span>
        ) : null}
      </span>
      <span className={styles.keyGroup}>{command.group}</span>
      <Button
        size="s"
        className={styles.keyButton}
        aria-pressed={isRecording}
        aria-label={`${isRecording ? 'Press a key' : keysText}: change the key of ${command.title}`}
        onClick={() => onRecord(!isRecording)}
        onBlur={() => {
          if (isRecording) onRecord(false);
        }}
        onKeyDown={(event) => {
          if (!isRecording || event.code === 'Tab') return;
          event.preventDefault();
          event.stopPropagation();
          if (event.code === 'Escape') {
            onRecord(false);
            return;
          }
          const chord = chordOf(event, isMac);
          if (chord) onChoose(chord);
        }}
      >
        {isRecording
          ? 'Press a key'
          : chords.length === 0
            ? 'No key'
            : chords.map((chord) => <Keys key={chord} label={labelOfChord(chord)} />)}
      </Button>
      <IconButton
        label={`Take the key of ${command.title} away`}
        size="s"
        disabled={chords.length === 0}
        icon={<X size={13} />}
        onClick={() => onChoose('')}
      />
      <IconButton
        label={`Reset the key of ${command.title}`}
        size="s"
        disabled={!isChanged}
        icon={<RotateCcw size={13} />}
        onClick={() => onChoose(null)}
      />
    </li>
  );
}
