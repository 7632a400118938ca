import { Tooltip as Radix } from 'radix-ui';
import {
  cloneElement,
  type FocusEvent,
  type HTMLAttributes,
  type PointerEvent,
  type ReactElement,
  type ReactNode,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';
import { Keys } from './Feedback.tsx';
import styles from './Overlay.module.css';
import { hideTip, type Tip, TipOwner, useShownTip } from './tooltip-state.ts';

export interface TooltipProps {
  content: ReactNode;
  keyLabel?: string;
  side?: Tip['side'];
  /** One element that takes the handlers of pointer and focus. */
  children: ReactElement<HTMLAttributes<HTMLElement>>;
}

/**
 * Needs a TooltipProvider above it. Empty content shows nothing. There are hundreds of these and one is shown at a time: each
 * is four handlers, and the parts that place and announce a tooltip stand once, in the provider.
 */
export function Tooltip({ content, keyLabel, side = 'bottom', children }: TooltipProps) {
  const [owner] = useState(() => new TipOwner({ content, keyLabel, side }));
  useEffect(() => owner.says({ content, keyLabel, side }));
  useEffect(() => () => owner.goes(), [owner]);
  if (content === '' || content === null || content === undefined) return children;
  const { onPointerEnter, onPointerLeave, onPointerDown, onFocus, onBlur } = children.props;
  return cloneElement(children, {
    onPointerEnter(event: PointerEvent<HTMLElement>) {
      onPointerEnter?.(event);
      if (event.pointerType !== 'touch') owner.comes(event.currentTarget, 'after a rest');
    },
    onPointerLeave(event: PointerEvent<HTMLElement>) {
      onPointerLeave?.(event);
      owner.goes();
    },
    onPointerDown(event: PointerEvent<HTMLElement>) {
      onPointerDown?.(event);
      owner.goes();
    },
    onFocus(event: FocusEvent<HTMLElement>) {
      onFocus?.(event);
      if (event.currentTarget.matches(':focus-visible')) owner.comes(event.currentTarget, 'at once');
    },
    onBlur(event: FocusEvent<HTMLElement>) {
      onBlur?.(event);
      owner.goes();
    },
  });
}

export function TooltipProvider({ children }: { children: ReactNode }) {
  return (
    <>
      {children}
      <Radix.Provider>
        <ShownTooltip />
      </Radix.Provider>
    </>
  );
}

/** Stands beside a frame laid over the element: it is placed, announced and dismissed as if the frame were the element. */
function ShownTooltip() {
  const shown = useShownTip((state) => state.shown);
  const frame = useRef<HTMLSpanElement>(null);
  const element = shown?.element;
  useLayoutEffect(() => {
    const id = frame.current?.getAttribute('aria-describedby');
    if (!element || !id) return;
    const before = element.getAttribute('aria-describedby');
    element.setAttribute('aria-describedby', before === null ? id : `${before} ${id}`);
    const scrolled = ({ target }: Event) => {
      if (target instanceof Node && target.contains(element)) hideTip();
    };
    window.addEventListener('scroll', scrolled, { capture: true });
    return () => {
      window.removeEventListener('scroll', scrolled, { capture: true });
      if (before === null) element.removeAttribute('aria-describedby');
      else element.setAttribute('aria-describedby', before);
    };
  }, [element]);
  if (!shown || !element) return null;
  const { left, top, width, height } = element.getBoundingClientRect();
  const { content, keyLabel, side } = shown.tip;
  return (
    <Radix.Root open onOpenChange={(isOpen) => isOpen || hideTip()}>
      <Radix.Trigger asChild>
        <span ref={frame} className={styles.tooltipFrame} style={{ left, top, width, height }} />
      </Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          key={`${left} ${top}`}
          side={side}
          sideOffset={5}
          collisionPadding={8}
          className={styles.tooltip}
        >
          {content}
          {keyLabel ? <Keys label={keyLabel} /> : null}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
