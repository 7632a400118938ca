import type { ChannelOrder, Stream } from '../../shared/episode/episode.ts';
import { formatTime } from '../../shared/time/nanoseconds.ts';
import { writeText } from '../design/write-text.ts';
import type { ShownSample, ShownTick } from '../playback/player.ts';
import { ageText, type Box, fitInside, pixelAt, zoomText } from './fit.ts';
import { type DepthRange, depthColors, rangeOf } from './painter/depth-colors.ts';
import type { Coloring, PaneImage, PanePainter } from './painter/painter.ts';
import type { PaneStage, StagedPane } from './pane-stage.ts';
import type { TactileReference } from './tactile-reference.ts';

/** The elements an image pane writes to by itself, tick by tick. React makes them once and never touches their text. */
export interface ImageElements {
  area: HTMLElement;
  picture: HTMLElement;
  index: HTMLElement;
  age: HTMLElement;
  order: HTMLElement | null;
  zoom: HTMLElement;
  note: HTMLElement;
  readout: HTMLElement;
  empty: HTMLElement;
}

export interface PictureMark {
  /** Draws over the picture, whose box on screen is in CSS pixels. */
  draw(shown: ShownTick, box: Box): void;
  /** There is no picture to draw over. */
  clear(): void;
}

const NO_SIZE = { width: 0, height: 0 };

/** One stream on screen: picture, header numbers and read-out of one pane. */
export class ImageView implements StagedPane {
  readonly stream: string;
  private readonly painter: PanePainter;
  private readonly observer: ResizeObserver;
  private box: Box = { left: 0, top: 0, ...NO_SIZE };
  private stored: { width: number; height: number };
  private sample: ShownSample | undefined;
  private pointer: { x: number; y: number } | undefined;
  private depthRange: DepthRange | undefined;
  private depthTable: Uint32Array | undefined;
  private readonly leave: () => void;
  mark: PictureMark | undefined;

  constructor(
    private readonly stage: PaneStage,
    description: Stream,
    private readonly mode: 'picture' | 'difference',
    private readonly reference: TactileReference,
    private readonly elements: ImageElements,
  ) {
    this.stream = description.id;
    this.stored = { width: description.width, height: description.height };
    this.painter = stage.painter.addPane(elements.picture);
    this.place();
    this.observer = new ResizeObserver(() => {
      this.place();
      const shown = stage.player.shown();
      if (shown) this.show(shown);
      stage.painter.flush();
      stage.resized();
    });
    this.observer.observe(elements.area);
    this.leave = stage.add(this);
    const shown = stage.player.shown();
    if (shown) {
      this.show(shown);
      stage.painter.flush();
    }
  }

  size(): { width: number; height: number } {
    return this.box;
  }

  show(shown: ShownTick): void {
    const sample = shown.samples.get(this.stream);
    this.sample = sample;
    if (!sample) {
      this.empty('Loading…', '');
      return;
    }
    const { index, age } = this.elements;
    writeText(index, sample.index >= 0 ? `#${sample.index}` : '–');
    writeText(age, sample.state === 'shown' ? ageText(sample.ageNs) : '');
    if (sample.state !== 'shown' || !(sample.pixels || sample.picture?.isOpen)) {
      this.empty(...whyEmpty(sample));
      return;
    }
    if (sample.storedWidth !== this.stored.width || sample.storedHeight !== this.stored.height) {
      this.stored = { width: sample.storedWidth, height: sample.storedHeight };
      this.place();
      this.stage.resized();
    }
    const image = this.imageOf(sample);
    if (image === undefined) return;
    if (this.elements.empty.hidden === false) this.elements.empty.hidden = true;
    this.painter.show(image);
    this.writeOrder(sample.order);
    this.writeZoom(sample);
    this.writeNote(sample);
    this.mark?.draw(shown, this.box);
    if (this.pointer) this.writeReadout();
  }

  /** Draws over the picture again: what is drawn there changed, the picture did not. */
  drawMark(): void {
    const shown = this.stage.player.shown();
    if (shown && this.elements.empty.hidden) this.mark?.draw(shown, this.box);
  }

  /** Colours the depth range of what is on screen now. */
  fitDepthRange(): void {
    this.depthRange = undefined;
    this.depthTable = undefined;
    this.stage.repaint();
  }

  /** `undefined` when the pointer left. Coordinates from the picture's top left, CSS pixels. */
  pointAt(pointer: { x: number; y: number } | undefined): void {
    this.pointer = pointer;
    this.writeReadout();
  }

  /** Stored pixel under a point of the picture. */
  storedPixel(x: number, y: number): { u: number; v: number } | undefined {
    return pixelAt(x, y, this.box, this.stored);
  }

  remove(): void {
    this.leave();
    this.observer.disconnect();
    this.painter.remove();
  }

  private place(): void {
    const { area, picture } = this.elements;
    this.box = fitInside(this.stored, { width: area.clientWidth, height: area.clientHeight });
    const { left, top, width, height } = this.box;
    picture.style.cssText = `left:${left}px;top:${top}px;width:${width}px;height:${height}px`;
    this.writeZoom(this.sample);
    this.painter.placed();
    this.drawMark();
  }

  private imageOf(sample: ShownSample): PaneImage | undefined {
    const { pixels, picture, converted, width, height } = sample;
    if (picture && this.mode === 'difference') {
      this.empty(
        'Differences are taken of stored pixels, and this stream is a video.',
        'Choose its picture in the menu.',
      );
      return undefined;
    }
    if (picture) return { picture: picture.image, converted, width, height };
    const coloring = this.coloring(sample);
    return pixels && coloring && { ...sample, pixels, coloring };
  }

  /** Undefined when there is nothing to compare with (yet): the pane then says so. */
  private coloring(sample: ShownSample): Coloring | undefined {
    if (sample.format === 'u16') {
      if (!this.depthTable) {
        this.depthRange ??= rangeOf(sample.pixels as Uint16Array) ?? { nearMm: 250, farMm: 1500 };
        this.depthTable = depthColors(this.depthRange);
      }
      return { kind: 'depth', colors: this.depthTable };
    }
    if (this.mode === 'picture') return { kind: 'plain' };
    const reference = this.reference.get(this.stream, sample.width, sample.height);
    if (reference === undefined) {
      this.empty('Loading the reference…', '');
      return undefined;
    }
    if (reference !== 'none' && (reference.width !== sample.width || reference.height !== sample.height)) {
      this.empty('The reference came in another size than this sample.', 'Take another tick as reference.');
      return undefined;
    }
    if (reference === 'none') {
      this.empty('The reference tick has no sample of this stream.', 'Take another tick as reference.');
      return undefined;
    }
    return { kind: 'difference', reference: reference.pixels };
  }

  private empty(why: string, since: string): void {
    const { empty, note } = this.elements;
    this.painter.clear();
    this.mark?.clear();
    empty.hidden = false;
    writeText(empty, since ? `${why}\n${since}` : why);
    writeText(note, '');
  }

  private writeOrder(order: ChannelOrder | null): void {
    if (this.elements.order && order) writeText(this.elements.order, order.toUpperCase());
  }

  /** How large it is shown, and whether its pixels came averaged to that size. */
  private writeZoom(sample: ShownSample | undefined): void {
    const isScaled = sample?.state === 'shown' && sample.width !== sample.storedWidth;
    writeText(this.elements.zoom, `${isScaled ? 'scaled ' : ''}${zoomText(this.box, this.stored)}`);
  }

  private writeNote(sample: ShownSample): void {
    const notes: string[] = [];
    if (this.mode === 'difference') {
      const reference = this.reference.get(this.stream, sample.width, sample.height);
      if (reference && reference !== 'none') notes.push(`− #${reference.index}`);
    }
    if (this.depthRange && sample.format === 'u16') {
      notes.push(`${metres(this.depthRange.nearMm)}–${metres(this.depthRange.farMm)} m`);
    }
    writeText(this.elements.note, notes.join(' · '));
  }

  private writeReadout(): void {
    const { readout } = this.elements;
    const { sample, pointer } = this;
    const at = pointer && this.storedPixel(pointer.x, pointer.y);
    if (!at || !sample || !(sample.pixels || sample.picture?.isOpen) || sample.state !== 'shown') {
      readout.hidden = true;
      return;
    }
    readout.hidden = false;
    const u = Math.floor(at.u);
    const v = Math.floor(at.v);
    writeText(readout, `${u}, ${v}  ${valueText(sample, u, v)}`);
  }
}

function whyEmpty(sample: ShownSample): [why: string, since: string] {
  const last = sample.index >= 0 ? `Last sample #${sample.index} at ${formatTime(sample.timeNs)}.` : '';
  switch (sample.state) {
    case 'none':
      return ['No sample yet at this moment.', ''];
    case 'ended':
      return ['The stream has ended.', last];
    case 'expired':
      return [`No new sample for ${formatTime(sample.ageNs)}.`, last];
    default:
      return [sample.message ?? 'This sample cannot be shown.', last];
  }
}

/** Value of the stored pixel: metres for depth, channels as red, green, blue for colour. */
function valueText(sample: ShownSample, u: number, v: number): string {
  const { pixels, picture, width, height, channels, storedWidth, storedHeight, order } = sample;
  if (picture?.isOpen) return pictureText(picture.image, u, v);
  if (!pixels) return '';
  const x = Math.min(Math.floor((u * width) / storedWidth), width - 1);
  const y = Math.min(Math.floor((v * height) / storedHeight), height - 1);
  const at = (y * width + x) * channels;
  const about = width === storedWidth ? '' : '≈ ';
  if (sample.format === 'u16') {
    const depth = pixels[at] ?? 0;
    return depth === 0 ? 'no return' : `${about}${(depth / 1000).toFixed(3)} m`;
  }
  if (channels === 1) return `${about}${pixels[at] ?? 0}`;
  const values = [pixels[at] ?? 0, pixels[at + 1] ?? 0, pixels[at + 2] ?? 0];
  if (order === 'bgr') values.reverse();
  return `${about}R ${values[0]} G ${values[1]} B ${values[2]}`;
}

let probe: OffscreenCanvasRenderingContext2D | null | undefined;

/** What the browser makes of a video's colours at a pixel: right to a step or two, as they are encoded with loss. */
function pictureText(image: VideoFrame | ImageBitmap, u: number, v: number): string {
  probe ??= new OffscreenCanvas(1, 1).getContext('2d', { alpha: false, willReadFrequently: true });
  if (!probe) return '';
  probe.drawImage(image, u, v, 1, 1, 0, 0, 1, 1);
  const [red, green, blue] = probe.getImageData(0, 0, 1, 1).data;
  return `≈ R ${red} G ${green} B ${blue}`;
}

function metres(millimetres: number): string {
  return (millimetres / 1000).toFixed(2);
}
