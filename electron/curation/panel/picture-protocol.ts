import type { GifOrder, GifResult } from '../gif/fit-gif.ts';
import type { PanelImage, PanelTick } from './compose.ts';
import type { PanelPlan } from './layout.ts';
import type { StoredPicture } from './resize.ts';

/**
 * What crosses between the workstation and a picture worker, which composes panels and makes GIFs of them. It does its
 * orders one after the other; pixels are transferred, never copied.
 */

/** An image that is the same as at the order before need not be sent again. */
export type SentImage = PanelImage | 'same';

export type PictureOrder =
  /** Panels of another recording follow; what was kept is dropped. */
  | { op: 'open'; plan: PanelPlan }
  | { op: 'reference'; image: number; picture: StoredPicture }
  /** `into` is a buffer nobody uses any more. `keep`: stays in the worker for a GIF, and nothing is answered with it. */
  | { op: 'panel'; tick: PanelTick; images: SentImage[]; into?: ArrayBuffer; keep: boolean }
  | { op: 'gif'; order: GifOrder }
  /** Of these pictures, which are RGB of one size; what was kept stays. */
  | { op: 'gif-of'; frames: Uint8Array[]; width: number; height: number; order: GifOrder };

export interface PictureAnswers {
  open: null;
  reference: null;
  /** The panel (none where it was kept), and buffers of images that are not needed any more. */
  panel: { panel: Uint8Array<ArrayBuffer> | null; spent: Uint8Array<ArrayBuffer>[] };
  gif: GifResult;
  'gif-of': GifResult;
}

export type PictureRequest = { job: number } & PictureOrder;
export type PictureReply =
  | { job: number; ok: true; value: PictureAnswers[keyof PictureAnswers] }
  | { job: number; ok: false; message: string };
