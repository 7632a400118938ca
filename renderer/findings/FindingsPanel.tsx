import { Check, GitMerge, Radar, Scissors, Undo2 } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { STAGE_JOB } from '../../shared/api/jobs.ts';
import { formatTime } from '../../shared/time/nanoseconds.ts';
import { type OpenEpisode, useSession } from '../app/session.ts';
import { useKeyLabel } from '../commands/CommandButton.tsx';
import { Badge, Button, EmptyState, Keys, Spinner } from '../design/index.ts';
import styles from './FindingsPanel.module.css';
import { decideSelected, detect, mergeSelected, showEvent, showNextUndecided } from './findings-actions.ts';
import { useFindings } from './findings-state.ts';
import { classWord, type QueueEvent } from './queue.ts';
import { useQueue } from './use-queue.ts';

/** What detectors propose of the open episode, worst first, and what people decide of it. */
export function FindingsPanel({ open }: { open: OpenEpisode }) {
  const { state, detected } = useFindings();
  const queue = useQueue();
  const nextKey = useKeyLabel('review.nextUndecided');

  if (typeof state === 'object') return <EmptyState title="The findings cannot be read">{state.fault}</EmptyState>;
  if (state === 'loading' || (detected && !queue)) return <EmptyState title="Reading the findings" />;
  if (!detected || !queue) {
    return (
      <EmptyState title="Nothing was looked for yet" actions={<Detect label="Detect" />}>
        Detectors propose flicker, teleports, freezes and gaps of this recording; you decide what each is worth.
      </EmptyState>
    );
  }
  return (
    <div className={styles.panel} data-scope="queue">
      <header className={styles.head}>
        <span className={styles.counts} data-testid="queue-counts">
          {queue.undecided} of {queue.events.length} undecided
        </span>
        <Button size="s" disabled={queue.undecided === 0} onClick={(event) => showNextUndecided(event.timeStamp)}>
          Next <Keys label={nextKey} />
        </Button>
        <Detect label="Again" />
      </header>
      {queue.events.length === 0 ? <p className={styles.none}>Nothing was found.</p> : null}
      <ul className={styles.events} aria-label="Findings">
        {queue.events.map((event) => (
          <Event key={event.id} event={event} open={open} />
        ))}
      </ul>
      {queue.unmatched.length > 0 ? (
        <section className={styles.unmatched}>
          <h2>Verdicts without an event</h2>
          <ul>
            {queue.unmatched.map(({ id, annotator, verdict, reason }) => (
              <li key={`${annotator} ${id}`}>
                {verdict.value} of {classWord(verdict.of.class).toLowerCase()} at ticks {verdict.of.ticks.join('–')} by{' '}
                {annotator}: {reason === 'gone' ? 'no such event is found now.' : 'several verdicts fall on one event.'}
              </li>
            ))}
          </ul>
        </section>
      ) : null}
    </div>
  );
}

function Detect({ label }: { label: string }) {
  const isRunning = useSession(({ jobs }) =>
    jobs.some(({ kind, state }) => kind === STAGE_JOB && (state === 'running' || state === 'queued')),
  );
  return (
    <Button
      size="s"
      disabled={isRunning}
      icon={isRunning ? <Spinner label="Looking for findings" size={13} /> : <Radar size={13} />}
      onClick={() => void detect()}
    >
      {label}
    </Button>
  );
}

const VERDICT_WORDS = { keep: 'Keep', cut: 'Cut', merge: 'Merge' } as const;

function Event({ event, open }: { event: QueueEvent; open: OpenEpisode }) {
  const isSelected = useFindings(({ selected }) => selected === event.id);
  const isFocused = useFindings(({ focusOn }) => focusOn === event.id);
  const row = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (isSelected) row.current?.scrollIntoView({ block: 'nearest' });
  }, [isSelected]);
  useEffect(() => {
    if (!isFocused) return;
    row.current?.focus({ preventScroll: true });
    useFindings.setState({ focusOn: null });
  }, [isFocused]);
  const [first, last] = event.ticks;
  const { times } = open.player;
  const length = (times[last] ?? 0) - (times[first] ?? 0);
  const value = event.decision?.verdict.value;
  return (
    <li ref={row} tabIndex={-1} className={styles.event} data-selected={isSelected} data-verdict={value ?? 'none'}>
      <button
        type="button"
        className={styles.about}
        aria-pressed={isSelected}
        onClick={(press) => showEvent(event, press.timeStamp)}
      >
        <span className={styles.title}>
          {event.side ? (
            <span className={styles.side} data-side={event.side}>
              {event.side === 'left' ? 'L' : 'R'}
            </span>
          ) : null}
          {classWord(event.class)}
          {value ? <Badge tone={value === 'cut' ? 'bad' : 'good'}>{VERDICT_WORDS[value]}</Badge> : null}
        </span>
        <span className={styles.place}>
          {formatTime(times[first] ?? 0)}, tick {first === last ? first : `${first}–${last}`}
          {length > 0 ? `, ${(length / 1e9).toFixed(2)} s` : ''}
        </span>
        <span className={styles.text}>{event.text}</span>
        {event.decision?.movedFrom ? (
          <span className={styles.moved}>
            Decided when it was at ticks {event.decision.movedFrom.ticks.join('–')}: look again.
          </span>
        ) : null}
      </button>
      {isSelected ? <Verdicts event={event} /> : null}
    </li>
  );
}

/** What spoke for it beside the limits, and the verdict. */
function Verdicts({ event }: { event: QueueEvent }) {
  const [keep, cut, merge] = [useKeyLabel('review.keep'), useKeyLabel('review.cut'), useKeyLabel('review.merge')];
  const { signals = {}, thresholds = {} } = event.finding ?? {};
  const facts = Object.entries(signals).filter(([, value]) => value !== null);
  return (
    <div className={styles.chosen}>
      {facts.length > 0 ? (
        <dl className={styles.signals}>
          {facts.map(([name, value]) => (
            <div key={name} data-beyond={name in thresholds && (value as number) >= (thresholds[name] as number)}>
              <dt>{name.replaceAll('_', ' ')}</dt>
              <dd>
                {shortNumber(value as number)}
                {name in thresholds ? <span> limit {shortNumber(thresholds[name] as number)}</span> : null}
              </dd>
            </div>
          ))}
        </dl>
      ) : null}
      <div className={styles.verdicts}>
        <Button size="s" icon={<Check size={13} />} onClick={() => void decideSelected('keep', event)}>
          Keep <Keys label={keep} />
        </Button>
        <Button size="s" icon={<Scissors size={13} />} onClick={() => void decideSelected('cut', event)}>
          Cut <Keys label={cut} />
        </Button>
        <Button size="s" icon={<GitMerge size={13} />} onClick={() => void mergeSelected(event)}>
          Merge <Keys label={merge} />
        </Button>
        {event.decision ? (
          <Button size="s" tone="ghost" icon={<Undo2 size={13} />} onClick={() => void decideSelected(null, event)}>
            Undecide
          </Button>
        ) : null}
      </div>
    </div>
  );
}

function shortNumber(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toPrecision(3);
}
