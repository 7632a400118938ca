// Entry of a picture worker thread: composes panels, keeps those of a GIF, and encodes it. One recording at a time.
import { parentPort } from 'node:worker_threads';
import { fitGif } from '../gif/fit-gif.ts';
import { Composer, type PanelImage } from './compose.ts';
import { PANEL_HEIGHT, PANEL_WIDTH } from './layout.ts';
import type { PictureAnswers, PictureOrder, PictureReply, PictureRequest } from './picture-protocol.ts';

const port = parentPort;
if (!port) throw new Error('The picture worker runs as a worker thread only.');

const PANEL_BYTES = PANEL_WIDTH * PANEL_HEIGHT * 3;
let composer: Composer | undefined;
let shown: PanelImage[] = [];
let kept: Uint8Array<ArrayBuffer>[] = [];
/** Panels of GIFs that are made: the next one's are drawn over them, for a hundred megabytes anew cost more than the drawing. */
let spare: Uint8Array<ArrayBuffer>[] = [];

function carryOut(order: PictureOrder): PictureAnswers[keyof PictureAnswers] {
  if (order.op === 'open') {
    composer = new Composer(order.plan);
    shown = [];
    spare.push(...kept);
    kept = [];
    return null;
  }
  if (order.op === 'gif-of') return fitGif(order.frames, order.width, order.height, order.order);
  if (!composer) throw new Error('A picture was ordered before its recording was named.');
  if (order.op === 'reference') {
    composer.setReference(order.image, order.picture);
    return null;
  }
  if (order.op === 'gif') {
    const frames = kept;
    kept = [];
    spare = frames;
    return fitGif(frames, PANEL_WIDTH, PANEL_HEIGHT, order.order);
  }
  const spent: Uint8Array<ArrayBuffer>[] = [];
  for (const [at, image] of order.images.entries()) {
    if (image === 'same') continue;
    const before = shown[at];
    if (before && !('missing' in before)) spent.push(before.bytes as Uint8Array<ArrayBuffer>);
    shown[at] = image;
  }
  const into = order.into?.byteLength === PANEL_BYTES ? order.into : undefined;
  const panel = (order.keep ? spare.pop() : undefined) ?? new Uint8Array(into ?? new ArrayBuffer(PANEL_BYTES));
  composer.compose(order.tick, shown, panel);
  if (order.keep) kept.push(panel);
  return { panel: order.keep ? null : panel, spent };
}

port.on('message', ({ job, ...order }: PictureRequest) => {
  let reply: PictureReply;
  const transfer: ArrayBuffer[] = [];
  try {
    const value = carryOut(order);
    if (value && 'spent' in value) {
      for (const { buffer } of value.spent) transfer.push(buffer);
      if (value.panel) transfer.push(value.panel.buffer);
    } else if (value && 'bytes' in value) transfer.push(value.bytes.buffer);
    reply = { job, ok: true, value };
  } catch (error) {
    reply = { job, ok: false, message: error instanceof Error ? error.message : String(error) };
  }
  port.postMessage(reply, transfer);
});
