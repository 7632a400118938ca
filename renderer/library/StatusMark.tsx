import { CircleCheck, CircleDashed, OctagonX, TriangleAlert } from 'lucide-react';
import type { LibraryEntry } from '../../shared/api/library.ts';
import styles from './Library.module.css';

const MARKS = { pending: CircleDashed, good: CircleCheck, warning: TriangleAlert, error: OctagonX } as const;

/** State as shape and colour together; `label` is spoken. */
export function StatusMark({ status, label }: { status: LibraryEntry['status']; label: string }) {
  const Mark = MARKS[status];
  return (
    <span role="img" aria-label={label} className={styles.mark} data-status={status}>
      <Mark size={13} aria-hidden />
    </span>
  );
}
