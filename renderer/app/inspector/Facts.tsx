import { Fragment } from 'react';
import styles from './Inspector.module.css';

/** Names and values, a line each; values can be selected and break, at the slashes of a path first. */
export function Facts({ facts, mono }: { facts: readonly (readonly [string, string])[]; mono?: boolean }) {
  return (
    <dl className={styles.facts}>
      {facts.map(([name, value]) => (
        <div key={name} className={styles.fact}>
          <dt>{name}</dt>
          <dd className={mono ? 'mono' : undefined} data-selectable>
            {value === '' ? '–' : breakable(value)}
          </dd>
        </div>
      ))}
    </dl>
  );
}

function breakable(value: string) {
  return value.split(/(?<=[/×])/).map((part, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: parts of one text never move
    <Fragment key={index}>
      {index > 0 ? <wbr /> : null}
      {part}
    </Fragment>
  ));
}
