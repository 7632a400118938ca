import type { ImagePainter, PaneImage, PanePainter, PixelImage } from './painter.ts';
import { fillRgba } from './pixels.ts';
import { fillReduced, isPlanFor, planReduction, type ReductionPlan } from './scaled-pixels.ts';

/**
 * 2D canvases, one a pane: the right painter where GL is a software one, where it costs little more than half of WebGL.
 * A backing store never has more pixels than the screen shows: a pane smaller than the picture gets it reduced.
 */
export class CanvasPainter implements ImagePainter {
  readonly kind = 'canvas';

  addPane(host: HTMLElement): PanePainter {
    return new CanvasPane(host);
  }

  flush(): void {}

  dispose(): void {}
}

const PLAIN = { kind: 'plain' } as const;

class CanvasPane implements PanePainter {
  private readonly canvas = document.createElement('canvas');
  private readonly context: CanvasRenderingContext2D;
  private image: ImageData | undefined;
  private words = new Uint32Array(0);
  private plan: ReductionPlan | undefined;
  private isEmpty = true;
  /** Device pixels of the host, asked for again after it was placed. */
  private size: { width: number; height: number } | undefined;

  constructor(private readonly host: HTMLElement) {
    const context = this.canvas.getContext('2d', { alpha: false, willReadFrequently: true });
    if (!context) throw new Error('This browser draws no 2D canvas; use another one.');
    this.context = context;
    host.prepend(this.canvas);
  }

  show(image: PaneImage): void {
    const { width, height } = this.backingSize(image);
    if (this.canvas.width !== width || this.canvas.height !== height) {
      this.canvas.width = width;
      this.canvas.height = height;
      this.context.imageSmoothingQuality = 'medium';
    }
    if ('picture' in image) {
      const { converted: pixels } = image;
      if (pixels) this.showPixels({ ...image, pixels, channels: 4, order: 'rgb', coloring: PLAIN }, width, height);
      else this.context.drawImage(image.picture, 0, 0, width, height);
    } else this.showPixels(image, width, height);
    if (this.isEmpty) this.canvas.style.visibility = 'visible';
    this.isEmpty = false;
  }

  private showPixels(image: PixelImage, width: number, height: number): void {
    if (this.image?.width !== width || this.image.height !== height) {
      this.image = new ImageData(width, height);
      this.words = new Uint32Array(this.image.data.buffer);
      this.plan = undefined;
    }
    if (width === image.width && height === image.height) fillRgba(this.words, image);
    else {
      if (!this.plan || !isPlanFor(this.plan, image)) this.plan = planReduction(image, { width, height });
      fillReduced(this.words, image, this.plan);
    }
    this.context.putImageData(this.image, 0, 0);
  }

  clear(): void {
    if (this.isEmpty) return;
    this.isEmpty = true;
    this.canvas.style.visibility = 'hidden';
  }

  placed(): void {
    this.size = undefined;
  }

  remove(): void {
    this.canvas.remove();
  }

  private backingSize(image: PaneImage): { width: number; height: number } {
    this.size ??= {
      width: Math.round(this.host.clientWidth * devicePixelRatio),
      height: Math.round(this.host.clientHeight * devicePixelRatio),
    };
    const { width, height } = this.size;
    return width > 0 && height > 0 && width < image.width && height < image.height ? this.size : image;
  }
}
