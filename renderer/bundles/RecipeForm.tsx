import { X } from 'lucide-react';
import { useMemo } from 'react';
import { UNIT_KINDS } from '../../shared/bundles/recipe.ts';
import { formatCount } from '../app/format.ts';
import { useSession } from '../app/session.ts';
import { Button, ScrollArea, Select } from '../design/index.ts';
import { type Draft, listOfText, numberOf, propertiesOfText, textOfProperties } from './draft.ts';
import styles from './ExportDialog.module.css';
import { changeDraft } from './export-actions.ts';
import { Choices, ReadField, Section } from './fields.tsx';
import { OutputFields } from './OutputFields.tsx';
import { KIND_WORDS, OUTCOME_WORDS } from './words.ts';

const REVIEWS = [
  { value: 'any', label: 'Reviewed or not' },
  { value: 'reviewed', label: 'Reviewed' },
  { value: 'submitted', label: 'Submitted' },
];
const VERDICTS = [
  { value: 'keep' as const, label: 'Kept' },
  { value: 'cut' as const, label: 'Cut' },
];
const UNDECIDED = [
  { value: 'refuse', label: 'Undecided findings stop the export' },
  { value: 'exclude', label: 'Undecided findings count as cut' },
  { value: 'include', label: 'Undecided findings count as kept' },
];
const TOUCHED = [
  { value: 'leave out', label: 'A unit with a cut in it is left out' },
  { value: 'refuse', label: 'A unit with a cut in it stops the export' },
];

export interface FormProps {
  draft: Draft;
  faults: ReadonlyMap<string, string>;
}

/** What people choose of a recipe. */
export function RecipeForm({ draft, faults }: FormProps) {
  return (
    <ScrollArea label="Recipe" className={styles.form}>
      <RecordingFields draft={draft} faults={faults} />
      <UnitFields draft={draft} faults={faults} />
      <OutputFields draft={draft} faults={faults} />
    </ScrollArea>
  );
}

function RecordingFields({ draft, faults }: FormProps) {
  const { episodes } = draft;
  const tasks = useTasks();
  const change = (part: Partial<Draft['episodes']>) => {
    // A condition that is not asked for is not in the recipe.
    const next = Object.entries({ ...episodes, ...part }).filter(
      ([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0),
    );
    changeDraft({ episodes: Object.fromEntries(next) as Draft['episodes'] });
  };
  return (
    <Section title="Recordings">
      {episodes.paths ? (
        <div className={styles.named}>
          <span title={episodes.paths.join('\n')}>
            Only {episodes.paths.length === 1 ? episodes.paths[0] : formatCount(episodes.paths.length, 'recording')}
          </span>
          <Button size="s" icon={<X size={13} aria-hidden />} onClick={() => change({ paths: undefined })}>
            All recordings
          </Button>
        </div>
      ) : null}
      {tasks.length > 1 ? (
        <Choices
          label="Tasks"
          caption="Tasks, none chosen for all"
          options={tasks.map((task) => ({ value: task, label: task }))}
          chosen={episodes.tasks ?? []}
          onChange={(chosen) => change({ tasks: chosen })}
        />
      ) : null}
      <Choices
        label="Outcomes"
        caption="Outcomes, none chosen for any"
        options={OUTCOME_WORDS}
        chosen={episodes.outcomes ?? []}
        onChange={(outcomes) => change({ outcomes })}
      />
      <Select
        label="Review"
        value={episodes.reviewStatus ?? 'any'}
        options={REVIEWS}
        onChange={(value) =>
          change({ reviewStatus: value === 'any' ? undefined : (value as 'reviewed' | 'submitted') })
        }
      />
      <div className={styles.pair}>
        <ReadField
          label="From (date)"
          value={episodes.dateFrom}
          {...DATE}
          fault={faults.get('episodes.dateFrom')}
          onChange={(dateFrom) => change({ dateFrom })}
        />
        <ReadField
          label="To (date)"
          value={episodes.dateTo}
          {...DATE}
          fault={faults.get('episodes.dateTo')}
          onChange={(dateTo) => change({ dateTo })}
        />
      </div>
      <div className={styles.pair}>
        <ReadField
          label="Failure codes"
          value={episodes.codes ?? []}
          {...LIST}
          onChange={(codes) => change({ codes })}
        />
        <ReadField
          label="Seen at least, %"
          value={episodes.seenShareAtLeast}
          write={(share) => (share === undefined || Number.isNaN(share) ? '' : String(Math.round(share * 1e4) / 100))}
          read={(text) => (text.trim() === '' ? undefined : numberOf(text) / 100)}
          inputMode="decimal"
          fault={faults.get('episodes.seenShareAtLeast')}
          onChange={(seenShareAtLeast) => change({ seenShareAtLeast })}
        />
      </div>
      <Choices
        label="Verdicts"
        caption="Verdicts given, none chosen for any"
        options={VERDICTS}
        chosen={episodes.verdicts ?? []}
        onChange={(verdicts) => change({ verdicts })}
      />
      <ReadField
        label="Properties"
        value={episodes.properties}
        write={textOfProperties}
        read={propertiesOfText}
        hint="As in: lighting: dim, bright; site: north"
        fault={faults.get('episodes.properties')}
        onChange={(properties) => change({ properties })}
      />
      <ReadField
        label="Whose word counts, first where several spoke"
        value={draft.annotators}
        {...LIST}
        onChange={(annotators) => changeDraft({ annotators })}
      />
    </Section>
  );
}

const DATE = {
  write: (date: string | undefined) => date ?? '',
  read: (text: string): string | undefined => (text.trim() === '' ? undefined : text.trim()),
};
export const LIST = { write: (list: string[]) => list.join(', '), read: listOfText };

function UnitFields({ draft, faults }: FormProps) {
  const { units, exclude } = draft;
  return (
    <>
      <Section title="Units">
        <Choices
          label="Kinds of units"
          options={UNIT_KINDS.map((value) => ({ value, label: KIND_WORDS[value] }))}
          chosen={units.kinds}
          fault={faults.get('units.kinds')}
          onChange={(kinds) => changeDraft({ units: { ...units, kinds } })}
        />
        {units.kinds.includes('segment') ? (
          <ReadField
            label="Segments of at least, seconds"
            value={units.segmentAtLeastSeconds}
            write={(seconds) => (Number.isNaN(seconds) ? '' : String(seconds))}
            read={numberOf}
            inputMode="decimal"
            fault={faults.get('units.segmentAtLeastSeconds')}
            onChange={(segmentAtLeastSeconds) => changeDraft({ units: { ...units, segmentAtLeastSeconds } })}
          />
        ) : null}
      </Section>
      <Section title="Cuts">
        <Select
          label="Undecided findings"
          value={exclude.undecided}
          options={UNDECIDED}
          onChange={(value) => changeDraft({ exclude: { ...exclude, undecided: value as typeof exclude.undecided } })}
        />
        <Select
          label="Units with a cut"
          value={exclude.touched}
          options={TOUCHED}
          onChange={(value) => changeDraft({ exclude: { ...exclude, touched: value as typeof exclude.touched } })}
        />
        <ReadField
          label="Classes that are cut unless kept"
          value={exclude.classes}
          {...LIST}
          onChange={(classes) => changeDraft({ exclude: { ...exclude, classes } })}
        />
      </Section>
    </>
  );
}

function useTasks(): string[] {
  const entries = useSession((session) => session.entries);
  const root = useSession((session) => session.root);
  return useMemo(() => {
    const tasks = new Set<string>();
    for (const entry of entries.values()) if (entry.root === root && entry.task !== '') tasks.add(entry.task);
    return [...tasks].sort();
  }, [entries, root]);
}
