import type { FailureState } from '../../shared/review/failure-state.ts';
import { useSignals } from '../signals/signals-state.ts';
import styles from './FailureStateFacts.module.css';

/** The robot at the instant it failed, as it is kept with the failure. Contact is fetched where it was looked for. */
export function FailureStateFacts({ state }: { state: FailureState | undefined }) {
  useSignals();
  if (!state) return null;
  const { series, poses, contact, leftOut } = state;
  if (series.length + poses.length === 0 && !contact) return null;
  return (
    <details className={styles.state}>
      <summary>
        State at the event <span className={styles.muted}>{summaryOf(state)}</span>
      </summary>
      <table className={styles.table}>
        <tbody>
          {contact?.map(({ side, mixed, touches }) => (
            <tr key={side}>
              <th scope="row">Contact, {side}</th>
              <td>{touches === null ? 'not readable' : `${touches ? 'touches' : 'free'} (${mixed?.toFixed(2)})`}</td>
            </tr>
          ))}
          {poses.map(({ id, name, pose, ageNs }) => (
            <tr key={id}>
              <th scope="row">{name}</th>
              <td>
                {pose ? numbers(pose, 3) : 'not seen'} <Age ns={ageNs} />
              </td>
            </tr>
          ))}
          {series.map(({ id, name, role, unit, values, ageNs }) => (
            <tr key={id}>
              <th scope="row">
                {role === 'action' ? `Last action: ${name}` : name}
                {unit === '' ? null : <span className={styles.muted}> {unit}</span>}
              </th>
              <td>
                {values.every((value) => value === null) ? 'none' : numbers(values, 4)} <Age ns={ageNs} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {leftOut.length > 0 ? <p className={styles.muted}>Too wide to be kept: {leftOut.join(', ')}.</p> : null}
    </details>
  );
}

function Age({ ns }: { ns: number | null }) {
  if (ns === null || ns === 0) return null;
  return (
    <span className={styles.muted}>
      {ns > 0 ? '+' : '−'}
      {Math.abs(Math.round(ns / 1e6))} ms
    </span>
  );
}

function numbers(values: readonly (number | null)[], digits: number): string {
  return values.map((value) => (value === null ? '–' : value.toFixed(digits))).join('  ');
}

function summaryOf({ series, poses, contact }: FailureState): string {
  const touching = contact?.filter(({ touches }) => touches).map(({ side }) => side) ?? [];
  return [
    poses.length > 0 ? `${poses.filter(({ pose }) => pose).length} of ${poses.length} poses` : '',
    series.length > 0 ? `${series.length} series` : '',
    contact === null ? '' : touching.length === 0 ? 'no contact' : `contact ${touching.join(' and ')}`,
  ]
    .filter((part) => part !== '')
    .join(', ');
}
