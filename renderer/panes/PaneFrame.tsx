import { Ellipsis, Maximize2, Minimize2, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { offersOfMenu, useOffers } from '../commands/offers.ts';
import { Menu, type MenuEntry } from '../design/index.ts';
import { type PaneSubject, ringOf, useInHand } from './in-hand.ts';
import styles from './PaneFrame.module.css';
import { usePaneState } from './pane-state.ts';

/** Letters from which on a title gives way to its short form in wider panes already. */
const LONG_TITLE = 16;

export interface PaneFrameProps {
  pane: string;
  title: string;
  /** What is read where the whole title finds no room; the badge says the side. */
  shortTitle?: ReactNode;
  /** Before the title: a side's letter. */
  badge?: ReactNode;
  /** Quietly after the title: the unit of what is shown. */
  unit?: string;
  /** At the right of the header. */
  extra?: ReactNode;
  menu: readonly MenuEntry[];
  /** What it shows: ringed while an event of it is in hand. */
  subject?: PaneSubject | undefined;
  /** Its whole body is read: the word of what is in hand stays out of it, and a sign stands in the header. */
  keepsBodyFree?: boolean;
  children: ReactNode;
}

/** Header with name, menu and maximise, and the body below. Double-click on the header maximises and puts back. */
export function PaneFrame({
  pane,
  title,
  shortTitle,
  unit,
  badge,
  extra,
  menu,
  subject,
  keepsBodyFree,
  children,
}: PaneFrameProps) {
  const isMaximized = usePaneState((state) => state.maximizedPane === pane);
  const isActive = usePaneState((state) => state.activePane === pane);
  useOffers(() => {
    const { activePane } = usePaneState.getState();
    const maximise = isMaximized ? `Put ${title} back` : `Maximise ${title}`;
    return [
      { id: `pane/${pane}`, title: maximise, group: 'View', run: () => toggleMaximized(pane) },
      ...(activePane === pane || isMaximized ? offersOfMenu({ id: pane, group: 'View', detail: title }, menu) : []),
    ];
  });
  const ring = useInHand((state) => ringOf(state, subject));
  const word = useInHand(({ inHand }) => (ring === 'now' ? inHand?.word : undefined));
  const activate = () => {
    if (usePaneState.getState().activePane !== pane) usePaneState.setState({ activePane: pane });
  };
  return (
    <section
      className={styles.pane}
      aria-label={title}
      data-active={isActive}
      data-ring={ring ?? undefined}
      onPointerEnter={activate}
      onFocusCapture={activate}
    >
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the button beside it does the same for a keyboard */}
      <header className={styles.header} onDoubleClick={() => toggleMaximized(pane)}>
        {badge}
        {word !== undefined && keepsBodyFree ? (
          <span className={styles.sign} data-testid="ring-label" title={word}>
            <TriangleAlert size={11} role="img" aria-label={word} />
          </span>
        ) : null}
        <span
          className={styles.title}
          title={title}
          data-length={shortTitle === undefined ? undefined : title.length > LONG_TITLE ? 'long' : 'short'}
        >
          {title}
        </span>
        {shortTitle === undefined ? null : (
          <span
            className={`${styles.title} ${styles.brief}`}
            data-length={title.length > LONG_TITLE ? 'long' : 'short'}
            title={title}
            aria-hidden="true"
          >
            {shortTitle}
          </span>
        )}
        {unit === undefined ? null : <span className={styles.unit}>{unit}</span>}
        <span className={styles.extra}>{extra}</span>
        <button
          type="button"
          className={`${styles.button} ${styles.optional}`}
          aria-label={isMaximized ? `Put ${title} back` : `Maximise ${title}`}
          title={isMaximized ? 'Put back' : 'Maximise'}
          onClick={() => toggleMaximized(pane)}
          onDoubleClick={(event) => event.stopPropagation()}
        >
          {isMaximized ? <Minimize2 size={11} /> : <Maximize2 size={11} />}
        </button>
        <Menu entries={menu} align="end">
          <button
            type="button"
            className={styles.button}
            aria-label={`${title}: pane menu`}
            title="Pane menu"
            onDoubleClick={(event) => event.stopPropagation()}
          >
            <Ellipsis size={13} />
          </button>
        </Menu>
      </header>
      <div className={styles.body}>
        {children}
        {word === undefined || keepsBodyFree ? null : (
          <span className={styles.inHand} data-testid="ring-label">
            <TriangleAlert size={11} aria-hidden /> {word}
          </span>
        )}
      </div>
    </section>
  );
}

export function toggleMaximized(pane: string): void {
  usePaneState.setState(({ maximizedPane }) => ({ maximizedPane: maximizedPane === pane ? null : pane }));
}
