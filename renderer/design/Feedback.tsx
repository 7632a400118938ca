import type { ReactNode } from 'react';
import styles from './Feedback.module.css';

/** A chord as small key caps: "Ctrl+Shift+Z". */
export function Keys({ label }: { label: string }) {
  return <kbd className={styles.keys}>{label}</kbd>;
}

export function Badge({
  tone = 'neutral',
  children,
}: {
  tone?: 'neutral' | 'accent' | 'good' | 'warning' | 'bad';
  children: ReactNode;
}) {
  return (
    <span className={styles.badge} data-tone={tone}>
      {children}
    </span>
  );
}

/** Turns while something is on its way. `label` is spoken. */
export function Spinner({ label = 'Loading', size = 14 }: { label?: string; size?: number }) {
  return <span role="img" aria-label={label} className={styles.spinner} style={{ width: size, height: size }} />;
}

/** What a place says while it has nothing to show: what it is, and the next thing to do. */
export function EmptyState({
  icon,
  title,
  children,
  actions,
}: {
  icon?: ReactNode;
  title: string;
  children?: ReactNode;
  actions?: ReactNode;
}) {
  return (
    <div className={styles.empty}>
      {icon ? <div className={styles.emptyIcon}>{icon}</div> : null}
      <h2 className={styles.emptyTitle}>{title}</h2>
      {children ? <div className={styles.emptyText}>{children}</div> : null}
      {actions ? <div className={styles.emptyActions}>{actions}</div> : null}
    </div>
  );
}

/** Read by screen readers, not seen. */
export function VisuallyHidden({ children, id }: { children: ReactNode; id?: string }) {
  return (
    <span id={id} className={styles.spoken}>
      {children}
    </span>
  );
}

/** An area that scrolls by itself and can be reached by keyboard. */
export function ScrollArea({ label, children, className }: { label: string; children: ReactNode; className?: string }) {
  return (
    <section
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: an area that scrolls has to be reachable by keyboard
      tabIndex={0}
      className={className ? `${styles.scroll} ${className}` : styles.scroll}
    >
      {children}
    </section>
  );
}
