import { Tooltip as Radix } from 'radix-ui';
import type { ReactElement, ReactNode } from 'react';
import { Keys } from './Feedback.tsx';
import styles from './Overlay.module.css';

export interface TooltipProps {
  content: ReactNode;
  keyLabel?: string;
  side?: 'top' | 'bottom' | 'left' | 'right';
  children: ReactElement;
}

/** Needs a TooltipProvider above it. Empty content shows nothing. */
export function Tooltip({ content, keyLabel, side = 'bottom', children }: TooltipProps) {
  if (content === '' || content === null || content === undefined) return children;
  return (
    <Radix.Root>
      <Radix.Trigger asChild>{children}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content side={side} sideOffset={5} collisionPadding={8} className={styles.tooltip}>
          {content}
          {keyLabel ? <Keys label={keyLabel} /> : null}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

export function TooltipProvider({ children }: { children: ReactNode }) {
  return (
    <Radix.Provider delayDuration={450} skipDelayDuration={200} disableHoverableContent>
      {children}
    </Radix.Provider>
  );
}
