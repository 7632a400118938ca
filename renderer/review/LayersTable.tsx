import { useId } from 'react';
import type { Layer } from '../../shared/review/review.ts';
import type { OpenEpisode } from '../app/session.ts';
import { ScrollArea } from '../design/index.ts';
import styles from './LayersTable.module.css';
import { layerRows } from './layer-rows.ts';
import panel from './ReviewPanel.module.css';

/** One's own review and those of others side by side; what two people see differently is marked. */
export function LayersTable({ own, others, open }: { own: Layer; others: readonly Layer[]; open: OpenEpisode }) {
  const heading = useId();
  const layers = [own, ...others];
  const rows = layerRows(layers, open.player.times);
  if (others.length === 0 || rows.length === 0) return null;
  const differing = rows.filter(({ differs }) => differs).length;
  return (
    <section className={panel.part} aria-labelledby={heading}>
      <header className={panel.row}>
        <h2 id={heading} className={panel.heading}>
          Side by side
        </h2>
        <span className={panel.muted}>
          {differing === 0 ? 'No two differ' : differing === 1 ? 'One difference' : `${differing} differences`}
        </span>
      </header>
      <ScrollArea label="Reviews side by side" className={styles.scroll}>
        <table className={styles.table}>
          <thead>
            <tr>
              <td />
              {layers.map(({ annotator }, index) => (
                <th key={annotator} scope="col">
                  {index === 0 ? 'You' : annotator}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(({ name, cells, differs }) => (
              <tr key={name} data-differs={differs || undefined}>
                <th scope="row">
                  {differs ? <span title="Not the same">≠ </span> : null}
                  {name}
                </th>
                {cells.map((cell, index) => (
                  <td key={layers[index]?.annotator} data-selectable>
                    {cell.length === 0 ? <span className={panel.muted}>–</span> : cell.join('\n')}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollArea>
    </section>
  );
}
