import { type Episode, masterClockOf, type RecordedAnnotation } from '../../../shared/episode/episode.ts';
import { formatTime } from '../../../shared/time/nanoseconds.ts';
import { latestAtOrBefore } from '../../../shared/time/sampling.ts';
import { Badge } from '../../design/index.ts';
import { describeMark, MARK_KINDS } from '../../timeline/recorded-marks.ts';
import { formatDate, inWords } from '../format.ts';
import { outcomeTone, outcomeWord } from '../outcome.ts';
import { useSession } from '../session.ts';
import { Facts } from './Facts.tsx';
import styles from './Inspector.module.css';
import { Section } from './Section.tsx';

/** A list longer than this is stepped through by key rather than read. */
const MOST_MARKS = 200;

/** What the task was and how it went, by the files' own account, and the plain facts beside. */
export function Told({ episode }: { episode: Episode }) {
  const { instruction, outcome, properties } = episode;
  const facts = Object.entries(properties).map(([name, value]) => [inWords(name), String(value)] as const);
  if (instruction === null && outcome === null && facts.length === 0) return null;
  return (
    <Section title="What the recording says">
      {outcome === null ? null : (
        <div className={styles.row}>
          <Badge tone={outcomeTone(outcome)}>{outcomeWord(outcome)}</Badge>
        </div>
      )}
      {instruction === null ? null : (
        <p className={styles.instruction} data-selectable>
          {instruction}
        </p>
      )}
      {facts.length > 0 ? <Facts facts={facts} /> : null}
    </Section>
  );
}

/** What the files mark, in order of time; a press goes there. */
export function Marks({ episode }: { episode: Episode }) {
  const player = useSession((session) => (session.open?.episode.id === episode.id ? session.open.player : undefined));
  if (episode.marks.length === 0) return null;
  const inOrder = [...episode.marks].sort((a, b) => a.startNs - b.startNs);
  const startNs = masterClockOf(episode).firstNs ?? 0;
  const rest = inOrder.length - MOST_MARKS;
  return (
    <Section title="Marks" count={inOrder.length}>
      <ul className={styles.marks}>
        {inOrder.slice(0, MOST_MARKS).map((mark) => (
          <li key={`${mark.by} ${mark.id}`}>
            <button
              type="button"
              className={styles.mark}
              disabled={!player}
              onClick={(event) => {
                if (player) player.seek(Math.max(0, latestAtOrBefore(player.times, mark.startNs)), event.timeStamp);
              }}
            >
              <span className={styles.markTime}>{formatTime(Math.max(0, mark.startNs - startNs))}</span>
              <span className={styles.markText}>
                <span className={styles.markKind} data-tone={MARK_KINDS[mark.kind].tone}>
                  {describeMark(mark)}
                </span>
                <span className={styles.under}> by {mark.by}</span>
              </span>
            </button>
          </li>
        ))}
      </ul>
      {rest > 0 ? <p className={styles.under}>And {rest} more: step through them with the keys , and .</p> : null}
    </Section>
  );
}

/** What annotators wrote into the recording's own files, as it stands there. */
export function Annotations({ episode }: { episode: Episode }) {
  if (episode.annotations.length === 0 && !episode.keepsBack) return null;
  return (
    <Section title="Recorded annotations" {...(episode.keepsBack ? {} : { count: episode.annotations.length })}>
      {episode.keepsBack ? (
        <p className={styles.under}>
          This project is blind: what others wrote into the recording of how it went is shown once your review of it is
          submitted.
        </p>
      ) : null}
      {episode.annotations.map((annotation) => (
        <Annotation key={`${annotation.annotator} ${annotation.source} ${annotation.at}`} annotation={annotation} />
      ))}
    </Section>
  );
}

function Annotation({ annotation }: { annotation: RecordedAnnotation }) {
  const { annotator, source, at, success, outcome, categories, severity, description, notes, taxonomy, unknown } =
    annotation;
  const flagged = new Set(unknown);
  const word = (slug: string) =>
    flagged.has(slug) ? (
      <Badge key={slug} tone="warning">
        {slug}: not in the taxonomy
      </Badge>
    ) : (
      <Badge key={slug}>{slug}</Badge>
    );
  const inPlace = new Set([...(categories ?? []), severity, outcome]);
  const elsewhere = unknown.filter((slug) => !inPlace.has(slug));
  return (
    <div className={styles.stream}>
      <div className={styles.streamHead}>
        <h3 className={styles.streamName}>{annotator}</h3>
        {outcome === null ? null : flagged.has(outcome) ? (
          word(outcome)
        ) : (
          <Badge tone={outcomeTone(outcome)}>{outcomeWord(outcome)}</Badge>
        )}
      </div>
      <dl className={styles.facts}>
        <Line name="Success">{success === null ? 'not annotated' : String(success)}</Line>
        <Line name="Categories">
          {categories === null ? 'not annotated' : categories.length === 0 ? 'left empty' : categories.map(word)}
        </Line>
        <Line name="Severity">
          {severity === null ? 'not annotated' : severity === '' ? 'left empty' : word(severity)}
        </Line>
        {elsewhere.length > 0 ? <Line name="Unknown">{elsewhere.map(word)}</Line> : null}
        {description === '' ? null : <Line name="Description">{description}</Line>}
        {notes === '' ? null : <Line name="Notes">{notes}</Line>}
        <Line name="Written">{[source, at === null ? '' : formatDate(at), taxonomy].filter(Boolean).join(' · ')}</Line>
      </dl>
    </div>
  );
}

function Line({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <div className={styles.fact}>
      <dt>{name}</dt>
      <dd className={styles.words} data-selectable>
        {children}
      </dd>
    </div>
  );
}
