import { type ReactNode, useRef } from 'react';
import { Panel } from 'react-resizable-panels';
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
  // Read once: afterwards the panel itself is the authority, and what it says is only remembered.
  const initialPx = useRef(useView.getState()[size]);
  return (
    <Panel
      id={id}
      defaultSize={`${initialPx.current}px`}
      minSize={`${min}px`}
      maxSize={`${max}px`}
      groupResizeBehavior="preserve-pixel-size"
      className={styles.fill}
      onResize={({ inPixels }) => {
        const px = Math.round(inPixels);
        if (px >= min && px <= max && useView.getState()[size] !== px) {
          useView.setState({ [size]: px } as Pick<ViewState, SizeName>);
        }
      }}
    >
      {children}
    </Panel>
  );
}
