import styles from './Inspector.module.css';

/** Names and values, a line each; values can be selected and break anywhere. */
export function Facts({ facts, mono }: { facts: readonly (readonly [string, string])[]; mono?: boolean }) {
  return (
    <dl className={styles.facts}>
      {facts.map(([name, value]) => (
        <div key={name} className={styles.fact}>
          <dt>{name}</dt>
          <dd className={mono ? 'mono' : undefined} data-selectable>
            {value === '' ? '–' : value}
          </dd>
        </div>
      ))}
    </dl>
  );
}
