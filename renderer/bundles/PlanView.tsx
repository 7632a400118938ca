import { CircleQuestionMark, OctagonX } from 'lucide-react';
import type { ExportPlan } from '../../shared/api/bundles.ts';
import { formatBytes, formatCount } from '../app/format.ts';
import { Button, Spinner } from '../design/index.ts';
import { type Draft, faultsOf } from './draft.ts';
import styles from './ExportDialog.module.css';
import { openMoment, openUndecided } from './export-actions.ts';
import { type PlanTab, useExport } from './export-state.ts';
import { RowList } from './RowList.tsx';
import { UnitRow } from './UnitRow.tsx';
import { KIND_WORDS } from './words.ts';

/** What the recipe in hand takes and leaves out, before anything is written. */
export function PlanView({ draft }: { draft: Draft }) {
  const { plan, planFault, isPlanning, looked, tab } = useExport();
  const isFaulty = faultsOf(draft).size > 0;
  return (
    <section className={styles.plan} aria-label="Plan" aria-busy={isPlanning}>
      <header className={styles.totals}>
        {plan ? <Totals plan={plan} /> : <span>{planFault === null ? planningWords(looked) : 'There is no plan'}</span>}
        <span className={styles.busy}>{isPlanning ? <Spinner label="Planning" /> : null}</span>
      </header>
      {isFaulty ? <p className={styles.bad}>The recipe is not complete: see the fields on the left.</p> : null}
      {planFault === null ? null : (
        <p className={styles.bad} role="alert">
          {planFault}
        </p>
      )}
      {plan ? (
        <>
          <Refused plan={plan} />
          <Tabs plan={plan} tab={tab} />
          <Shown plan={plan} tab={tab} />
        </>
      ) : null}
    </section>
  );
}

function Totals({ plan: { units, totals } }: { plan: ExportPlan }) {
  return (
    <p className={styles.figures} role="status">
      <b>{formatCount(units.length, 'unit')}</b> of {formatCount(totals.recordings, 'recording')} ·{' '}
      {hoursText(totals.seconds)} · {formatCount(totals.ticks, 'tick')} · {formatCount(totals.frames, 'frame')} · about{' '}
      {formatBytes(totals.bytes)}
    </p>
  );
}

function planningWords(looked: { done: number; total: number } | null): string {
  if (looked === null || looked.total < 2) return 'The plan';
  return `Looked at ${looked.done.toLocaleString('en-US')} of ${formatCount(looked.total, 'recording')}`;
}

function hoursText(seconds: number): string {
  if (seconds >= 3600) return `${(seconds / 3600).toFixed(2)} h`;
  return seconds >= 60 ? `${(seconds / 60).toFixed(1)} min` : `${seconds.toFixed(1)} s`;
}

/** Why nothing can be exported as things are, with the way to what is undecided. */
function Refused({ plan: { refusals } }: { plan: ExportPlan }) {
  const undecided = refusals.filter(({ kind }) => kind === 'undecided');
  const [first] = undecided;
  if (refusals.length === 0) return null;
  return (
    <div className={styles.refused} role="alert">
      <OctagonX size={15} aria-hidden />
      <span>
        {undecided.length > 0 ? `${formatCount(undecided.length, 'finding')} nobody decided on.` : refusals[0]?.text}
      </span>
      {first ? (
        <Button
          size="s"
          icon={<CircleQuestionMark size={13} aria-hidden />}
          onClick={() => void openUndecided(first.episode, first.tick)}
        >
          To the queue
        </Button>
      ) : null}
    </div>
  );
}

function Tabs({ plan, tab }: { plan: ExportPlan; tab: PlanTab }) {
  const tabs: [PlanTab, string, number][] = [
    ['units', 'Units', plan.units.length],
    ['refusals', 'Stops it', plan.refusals.length],
    ['leftOut', 'Left out', plan.leftOut.length],
    ['warnings', 'Notes', plan.warnings.length],
  ];
  return (
    // biome-ignore lint/a11y/useSemanticElements: buttons that show parts of the plan, not fields of a form
    <div className={styles.tabs} role="group" aria-label="Parts of the plan">
      {tabs.map(([id, word, count]) => (
        <Button
          key={id}
          size="s"
          aria-pressed={tab === id}
          className={styles.choice}
          onClick={() => useExport.setState({ tab: id })}
        >
          {word} {count.toLocaleString('en-US')}
        </Button>
      ))}
    </div>
  );
}

function Shown({ plan, tab }: { plan: ExportPlan; tab: PlanTab }) {
  if (tab === 'units')
    return (
      <RowList key={tab} label="Units" rows={plan.units} rowPx={48} empty="The recipe takes nothing.">
        {(unit) => <UnitRow unit={unit} />}
      </RowList>
    );
  if (tab === 'refusals')
    return (
      <RowList key={tab} label="What stops the export" rows={plan.refusals} rowPx={44} empty="Nothing stops it.">
        {({ episode, tick, kind, text }) => (
          <Reason
            text={text}
            onOpen={() =>
              void (kind === 'undecided'
                ? openUndecided(episode, tick)
                : openMoment(episode, tick === null ? null : [tick, tick]))
            }
          />
        )}
      </RowList>
    );
  if (tab === 'leftOut')
    return (
      <RowList key={tab} label="What is left out" rows={plan.leftOut} rowPx={44} empty="Nothing is left out.">
        {({ episode, path, kind, ticks, reason }) => (
          <Reason
            text={`${path}${kind && ticks ? `, ${KIND_WORDS[kind].toLowerCase()}, ticks ${ticks[0]}–${ticks[1]}` : ''}: ${reason}`}
            onOpen={() => void openMoment(episode, ticks)}
          />
        )}
      </RowList>
    );
  return (
    <ul className={styles.warnings} aria-label="Notes on the plan">
      {plan.warnings.map((text) => (
        <li key={text}>{text}</li>
      ))}
      {plan.warnings.length === 0 ? <li>There is nothing to say of it.</li> : null}
    </ul>
  );
}

function Reason({ text, onOpen }: { text: string; onOpen(): void }) {
  return (
    <button type="button" className={styles.reason} title={text} onClick={onOpen}>
      {text}
    </button>
  );
}
