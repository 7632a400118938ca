import type { ImagePainter, PaneImage, PanePainter } from './painter.ts';
import { fillRgba } from './pixels.ts';

/**
 * 2D canvases, one a pane: the right painter where GL is a software one, where it costs little more than half of WebGL.
 * The backing store has the picture's own size; the compositor scales it to the pane.
 */
export class CanvasPainter implements ImagePainter {
  readonly kind = 'canvas';

  addPane(host: HTMLElement): PanePainter {
    return new CanvasPane(host);
  }

  flush(): void {}

  dispose(): void {}
}

class CanvasPane implements PanePainter {
  private readonly canvas = document.createElement('canvas');
  private readonly context: CanvasRenderingContext2D;
  private image: ImageData | undefined;
  private words = new Uint32Array(0);
  private isEmpty = true;

  constructor(host: HTMLElement) {
    const context = this.canvas.getContext('2d', { alpha: false, willReadFrequently: true });
    if (!context) throw new Error('This browser draws no 2D canvas; use another one.');
    this.context = context;
    host.prepend(this.canvas);
  }

  show(image: PaneImage): void {
    const { width, height } = image;
    if (this.image?.width !== width || this.image.height !== height) {
      this.canvas.width = width;
      this.canvas.height = height;
      this.image = new ImageData(width, height);
      this.words = new Uint32Array(this.image.data.buffer);
    }
    fillRgba(this.words, image);
    this.context.putImageData(this.image, 0, 0);
    if (this.isEmpty) this.canvas.style.visibility = 'visible';
    this.isEmpty = false;
  }

  clear(): void {
    if (this.isEmpty) return;
    this.isEmpty = true;
    this.canvas.style.visibility = 'hidden';
  }

  placed(): void {}

  remove(): void {
    this.canvas.remove();
  }
}
