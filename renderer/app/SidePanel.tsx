import { type ReactNode, useEffect, useRef } from 'react';
import { Panel, usePanelRef } from 'react-resizable-panels';
import styles from './App.module.css';
import { useView, type ViewState } from './view-state.ts';

type SizeName = 'libraryWidthPx' | 'inspectorWidthPx' | 'jobsHeightPx' | 'timelineHeightPx';

/** A panel whose size in pixels is a person's: kept when the window is resized, and remembered. */
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
  // until somebody else sets it: a reset of the arrangement.
  useEffect(
    () =>
      useView.subscribe((view) => {
        if (view[size] !== shownPx.current) panel.current?.resize(`${view[size]}px`);
      }),
    [panel, size],
  );
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
        if (px >= min && px <= max && useView.getState()[size] !== px) {
          useView.setState({ [size]: px } as Pick<ViewState, SizeName>);
        }
      }}
    >
      {children}
    </Panel>
  );
}
