import type { ReactNode } from 'react';
import { create } from 'zustand';

/** What a tooltip says, and on which side of its element it rather stands. */
export interface Tip {
  content: ReactNode;
  keyLabel: string | undefined;
  side: 'top' | 'bottom' | 'left' | 'right';
}

/** How long a pointer rests on an element before its tooltip comes; the next one comes at once for a moment. */
const REST_MS = 450;
const NEXT_AT_ONCE_MS = 200;

interface Shown {
  element: Element;
  of: TipOwner;
  tip: Tip;
}

/** The one tooltip that is shown, or none. */
export const useShownTip = create<{ shown: Shown | null }>(() => ({ shown: null }));

let waiting: ReturnType<typeof setTimeout> | undefined;
let waitingOwner: TipOwner | undefined;
let hiddenAt = Number.NEGATIVE_INFINITY;

export function hideTip(): void {
  clearTimeout(waiting);
  if (useShownTip.getState().shown === null) return;
  hiddenAt = performance.now();
  useShownTip.setState({ shown: null });
}

/** One element's tooltip: what it says now, and when it comes and goes. */
export class TipOwner {
  constructor(private tip: Tip) {}

  /** What it says from now on, also while it is shown. */
  says(tip: Tip): void {
    const { shown } = useShownTip.getState();
    const isSame = (['content', 'keyLabel', 'side'] as const).every((part) => this.tip[part] === tip[part]);
    this.tip = tip;
    if (shown?.of === this && !isSame) useShownTip.setState({ shown: { ...shown, tip } });
  }

  comes(element: Element, when: 'at once' | 'after a rest'): void {
    clearTimeout(waiting);
    const show = () => useShownTip.setState({ shown: { element, of: this, tip: this.tip } });
    if (when === 'at once' || performance.now() - hiddenAt < NEXT_AT_ONCE_MS) show();
    else {
      hideTip();
      waiting = setTimeout(show, REST_MS);
      waitingOwner = this;
    }
  }

  goes(): void {
    if (waitingOwner === this) clearTimeout(waiting);
    if (useShownTip.getState().shown?.of === this) hideTip();
  }
}
