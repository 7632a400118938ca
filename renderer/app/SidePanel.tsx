import { type ReactNode, useEffect, useRef } from 'react';
import { Panel, usePanelRef } from 'react-resizable-panels';
import styles from './App.module.css';
import { useView, type ViewState } from './view-state.ts';

type SizeName = 'libraryWidthPx' | 'inspectorWidthPx' | 'jobsHeightPx' | 'timelineHeightPx';

/**
 * A panel whose size in pixels is a person's: kept when the window is resized, and remembered. What a small window leaves of it
 * is nobody's wish: it is given back where there is room again.
 */
export function SidePanel({
  id,
  size,
  min,
  max,
  children,
}: {
  id: string;
  size: SizeName;
  min: number;
  max: number;
  children: ReactNode;
}) {
  // Read once: afterwards the panel itself is the authority, and what it says is only remembered,
  const initialPx = useRef(useView.getState()[size]);
  const panel = usePanelRef();
  const shownPx = useRef(initialPx.current);
  // until somebody else sets it, a reset of the arrangement, or there is more room.
  useEffect(() => {
    const restore = () => {
      const wantedPx = useView.getState()[size];
      if (wantedPx !== shownPx.current) panel.current?.resize(`${wantedPx}px`);
    };
    const afterResize = () => requestAnimationFrame(restore);
    window.addEventListener('resize', afterResize);
    const stop = useView.subscribe(restore);
    return () => {
      window.removeEventListener('resize', afterResize);
      stop();
    };
  }, [panel, size]);
  return (
    <Panel
      panelRef={panel}
      id={id}
      defaultSize={`${initialPx.current}px`}
      minSize={`${min}px`}
      maxSize={`${max}px`}
      groupResizeBehavior="preserve-pixel-size"
      className={styles.fill}
      onResize={({ inPixels }) => {
        const px = Math.round(inPixels);
        shownPx.current = px;
        if (isByHand() && px >= min && px <= max && useView.getState()[size] !== px) {
          useView.setState({ [size]: px } as Pick<ViewState, SizeName>);
        }
      }}
    >
      {children}
    </Panel>
  );
}

/** Whether somebody moves an edge, by pointer or keys. */
function isByHand(): boolean {
  return document.querySelector('[role="separator"]:is([data-separator="active"], :focus)') !== null;
}
