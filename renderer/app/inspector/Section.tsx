import styles from './Inspector.module.css';

export function Section({ title, count, children }: { title: string; count?: number; children: React.ReactNode }) {
  return (
    <section className={styles.section}>
      <h2 className={styles.heading}>
        {title}
        {count === undefined ? null : <span className={styles.headingCount}>{count}</span>}
      </h2>
      {children}
    </section>
  );
}
