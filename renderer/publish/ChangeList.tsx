import type { Publication } from '../../shared/review/oopsie/publication.ts';
import { REVIEW } from '../../shared/review/oopsie/words.ts';
import styles from './PublishDialog.module.css';

const MOST_CHARACTERS = 160;
const WHOLE = 'all that was said, exactly, for Regrasp to read back';

/** Attributes by their group, as they stand in the file: what is there, and what it becomes. */
export function ChangeList({ changes }: { changes: Publication['changes'] }) {
  const groups = new Map<string, Publication['changes']>();
  for (const change of changes) groups.set(change.group, [...(groups.get(change.group) ?? []), change]);
  return (
    <div className={styles.changes}>
      {[...groups].map(([group, each]) => (
        <section key={group} aria-label={group}>
          <h3 className={styles.group}>{group === '/' ? 'the whole file' : group}</h3>
          <dl className={styles.attributes}>
            {each.map(({ attribute, before, after }) => (
              <div key={attribute} className={styles.attribute}>
                <dt>{attribute === '' ? 'all of it' : attribute}</dt>
                <dd>
                  {before === null || attribute === REVIEW ? null : <del>{brief(before)}</del>}
                  {after === null ? <em>taken out</em> : <ins>{attribute === REVIEW ? WHOLE : brief(after)}</ins>}
                </dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </div>
  );
}

function brief(text: string): string {
  if (text === '') return '(empty)';
  return text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS - 1)}…` : text;
}
