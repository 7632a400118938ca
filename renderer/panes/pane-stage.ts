import type { Player, ShownTick, WantedStream } from '../playback/player.ts';
import { choosePainter } from './painter/choose-painter.ts';
import type { ImagePainter } from './painter/painter.ts';

/** An image pane as the stage sees it. */
export interface StagedPane {
  readonly stream: string;
  /** Size of the picture on screen, CSS pixels. */
  size(): { width: number; height: number };
  show(shown: ShownTick): void;
}

const SETTLE_MS = 120;

/**
 * Paints all image panes of one episode as one moment: one painter, one subscription to the player, nothing through React.
 * Tells the player which streams are visible and how large.
 */
export class PaneStage {
  readonly painter: ImagePainter;
  private readonly panes = new Set<StagedPane>();
  private readonly stop: () => void;
  private isWantedQueued = false;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    readonly player: Player,
    private readonly root: HTMLElement,
  ) {
    this.painter = choosePainter(root);
    this.stop = player.onShown((shown) => this.paint(shown));
  }

  add(pane: StagedPane): () => void {
    this.panes.add(pane);
    this.changed();
    return () => {
      this.panes.delete(pane);
      this.changed();
    };
  }

  /** Streams came or went: the player hears of it once, after all panes of this render are there. */
  changed(): void {
    if (this.isWantedQueued) return;
    this.isWantedQueued = true;
    queueMicrotask(() => {
      this.isWantedQueued = false;
      this.tellWanted();
    });
  }

  /** A pane was resized or moved: sizes matter only once they have settled. */
  resized(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.tellWanted(), SETTLE_MS);
  }

  /** Paints what is shown once more: a reference came, an overlay changed. */
  repaint(): void {
    const shown = this.player.shown();
    if (shown) this.paint(shown);
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.stop();
    this.painter.dispose();
  }

  private paint(shown: ShownTick): void {
    for (const pane of this.panes) pane.show(shown);
    this.painter.flush();
    // Which moment the pictures are of, for whoever watches from outside.
    this.root.dataset.paintedTick = String(shown.header.tick);
  }

  private tellWanted(): void {
    const wanted = new Map<string, WantedStream>();
    for (const pane of this.panes) {
      const { width, height } = pane.size();
      const before = wanted.get(pane.stream);
      wanted.set(pane.stream, {
        stream: pane.stream,
        widthPx: Math.max(before?.widthPx ?? 0, Math.round(width * devicePixelRatio)),
        heightPx: Math.max(before?.heightPx ?? 0, Math.round(height * devicePixelRatio)),
      });
    }
    this.player.setStreams([...wanted.values()]);
  }
}
