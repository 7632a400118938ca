import type { ChannelOrder } from '../../../shared/episode/episode.ts';

/** One sample to paint. */
export type PaneImage = PixelImage | PictureImage;

/** A decoded video frame: the browser's own, in the colours its file names. Drawn at once, never kept. */
export interface PictureImage {
  picture: VideoFrame | ImageBitmap;
  /** The same as RGBA. */
  converted?: Uint8Array | undefined;
  width: number;
  height: number;
}

/** Interleaved rows, top to bottom, in the order they are stored. */
export interface PixelImage {
  pixels: Uint8Array | Uint16Array;
  width: number;
  height: number;
  channels: number;
  order: ChannelOrder | null;
  coloring: Coloring;
}

/**
 * plain: the values as they are. difference: clip(value − reference + 128) per channel, grey where nothing changed.
 * depth: 16-bit values through a colour table with one RGBA entry (little-endian, alpha high) per value.
 */
export type Coloring =
  | { kind: 'plain' }
  | { kind: 'difference'; reference: Uint8Array }
  | { kind: 'depth'; colors: Uint32Array };

/** Paints every image pane of a window. Nothing is on screen for sure before `flush`. */
export interface ImagePainter {
  readonly kind: 'canvas' | 'webgl';
  /** `host` is the element that the picture fills, kept at the picture's shape by the caller. */
  addPane(host: HTMLElement): PanePainter;
  flush(): void;
  dispose(): void;
}

export interface PanePainter {
  show(image: PaneImage): void;
  /** Nothing of the last picture stays. */
  clear(): void;
  /** The host moved or changed its size. */
  placed(): void;
  remove(): void;
}
