import { type Ref, useEffect, useImperativeHandle, useRef } from 'react';
import { createPortal } from 'react-dom';
import { formatTime } from '../../shared/time/nanoseconds.ts';
import type { OpenEpisode } from '../app/session.ts';
import type { HoverAt } from './gestures.ts';
import styles from './HoverPreview.module.css';
import { createThumbnails, previewStreamOf } from './thumbnails.ts';

export interface PreviewHandle {
  /** Shows the moment under the pointer with a line of text of what lies there; null hides it. */
  show(at: HoverAt | null, topPx: number, text: string): void;
}

const WIDTH_PX = 176;

/** Time, tick and a small picture of the moment under the pointer. Painted directly, above everything, never in the way. */
export function HoverPreview({ open, ref }: { open: OpenEpisode; ref: Ref<PreviewHandle> }) {
  const box = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const time = useRef<HTMLSpanElement>(null);
  const detail = useRef<HTMLDivElement>(null);
  const thumbnails = useRef<ReturnType<typeof createThumbnails>>(undefined);
  const stream = previewStreamOf(open.episode);

  useEffect(() => {
    if (!stream || !canvas.current) return;
    const made = createThumbnails(open.player, stream, canvas.current, WIDTH_PX);
    thumbnails.current = made;
    return () => made.dispose();
  }, [open.player, stream]);

  useImperativeHandle(ref, () => ({
    show(at, topPx, text) {
      const element = box.current;
      if (!element || !time.current || !detail.current) return;
      element.hidden = at === null;
      thumbnails.current?.want(at?.tick ?? null);
      if (!at) return;
      const tickNs = open.player.times[at.tick] ?? at.ns;
      time.current.textContent = `${formatTime(tickNs)} · tick ${at.tick}`;
      detail.current.textContent = text;
      detail.current.hidden = text === '';
      const left = Math.min(Math.max(at.clientX - WIDTH_PX / 2, 4), window.innerWidth - WIDTH_PX - 12);
      element.style.transform = `translate(${Math.round(left)}px, ${Math.round(topPx - 8)}px) translateY(-100%)`;
    },
  }));

  return createPortal(
    <div
      ref={box}
      hidden
      className={styles.preview}
      style={{ width: WIDTH_PX }}
      data-testid="hover-preview"
      aria-hidden
    >
      {stream ? (
        <canvas
          ref={canvas}
          className={styles.picture}
          style={{ aspectRatio: `${stream.width} / ${stream.height}` }}
          data-waiting
        />
      ) : null}
      <span ref={time} className={styles.time} />
      <div ref={detail} className={styles.detail} />
    </div>,
    document.body,
  );
}
