import { masterClockOf, type Stream } from '../../../shared/episode/episode.ts';
import { type BodyTrack, bodyAt, runStarts } from '../../../shared/geometry/body-track.ts';
import { type Calibration, chosenCalibration } from '../../../shared/geometry/calibration.ts';
import { isTrackedAt } from '../../../shared/geometry/pose.ts';
import type { ProjectedPoint } from '../../../shared/geometry/projection.ts';
import { type SensorMark, sensorsIn } from '../../../shared/geometry/sensor-marks.ts';
import type { DecodePool } from '../../frames/frame-source.ts';
import { chooseSample } from '../../frames/sample-choice.ts';
import { loadSample } from '../../frames/samples.ts';
import type { Media } from '../../media/index.ts';
import type { OpenWorkstationEpisode } from '../../workstation-types.ts';
import type { PanelImage, PanelMark, PanelPoint, PanelTick } from './compose.ts';
import { type PanelPlan, planPanel } from './layout.ts';
import type { SentImage } from './picture-protocol.ts';
import type { PictureThread } from './picture-thread.ts';
import type { StoredPicture } from './resize.ts';
import { VideoCursor } from './video-cursor.ts';

export interface PanelOptions {
  /** Whether projected sensors are drawn. */
  overlay: boolean;
  /** Every picture's bytes are taken for BGR, as the recorder's own window takes them. */
  asLive: boolean;
  /** Absolute folder of calibrations; default those of the dataset, and the choice that a person made. */
  calibration?: string;
}

/** What a stage adds to a tick; absent: what the window shows. */
export interface PanelEvent {
  /** Sensors to ring instead of those that stand still, and the word that says why. */
  ringed?: { sides: readonly ('left' | 'right')[]; word: string };
  /** Streams whose picture is framed, and the word. */
  framed?: { streams: readonly string[]; word: string };
  notes?: PanelTick['notes'];
}

export interface PanelParts {
  decode: DecodePool;
  media: Media;
  signal: AbortSignal;
}

/** Behind everything that a person looks at. */
const PRIORITY = -50;

/** Everything the panels of one recording are made of: which sample of which stream at which tick, poses and marks. */
export class PanelSource {
  readonly plan: PanelPlan;
  readonly calibration: Calibration | undefined;
  /** Sentences about samples that could not be shown, one a stream and sample. */
  readonly damaged = new Set<string>();
  readonly #episode: OpenWorkstationEpisode;
  readonly #options: PanelOptions;
  readonly #parts: PanelParts;
  readonly #tracks: BodyTrack[];
  readonly #times: Float64Array;
  readonly #streams: (Stream | null)[];
  readonly #cursors = new Map<string, VideoCursor>();
  #asked: number[] = [];
  #sent: Promise<void> = Promise.resolve();

  private constructor(
    episode: OpenWorkstationEpisode,
    options: PanelOptions,
    parts: PanelParts,
    calibration: Calibration | undefined,
  ) {
    const { episode: model, clocks, poses } = episode.opened;
    this.#episode = episode;
    this.#options = options;
    this.#parts = parts;
    this.calibration = calibration;
    this.#times = clocks.get(model.masterClock) ?? new Float64Array(0);
    this.plan = planPanel(model, masterClockOf(model).count);
    this.#streams = this.plan.images.map(({ stream }) => model.streams.find(({ id }) => id === stream) ?? null);
    this.#tracks = model.tracks.map((track) => {
      const times = clocks.get(track.clock) ?? new Float64Array(0);
      const values = poses.get(track.id) ?? new Float64Array(0);
      return { ...track, times, poses: values, runStart: runStarts(values, times.length) };
    });
  }

  static async of(episode: OpenWorkstationEpisode, options: PanelOptions, parts: PanelParts): Promise<PanelSource> {
    if (!options.overlay) return new PanelSource(episode, options, parts, undefined);
    const found = await episode.calibrations(options.calibration);
    const choice = options.calibration === undefined ? episode.calibrationChoice() : undefined;
    return new PanelSource(episode, options, parts, chosenCalibration(found, choice));
  }

  get ticks(): number {
    return this.plan.ticks;
  }

  /** Readies a thread for this recording. Its first panel is asked for as if none had been. */
  async begin(thread: PictureThread): Promise<void> {
    this.#asked = [];
    await thread.ask({ op: 'open', plan: this.plan });
  }

  /** Gels are shown against their pictures at this tick, from now on. */
  async reference(thread: PictureThread, tick: number): Promise<void> {
    for (const [image, { kind }] of this.plan.images.entries()) {
      if (kind !== 'tactile') continue;
      const picture = await this.#image(image, tick, true);
      if (picture === 'same' || 'missing' in picture) continue;
      await thread.ask({ op: 'reference', image, picture }, [picture.bytes.buffer as ArrayBuffer]);
    }
  }

  /** A stream is shown against this picture from now on. */
  async showAgainst(thread: PictureThread, stream: string, picture: StoredPicture): Promise<void> {
    const image = this.plan.images.findIndex((each) => each.stream === stream);
    const shown = this.#streams[image];
    if (!shown) return;
    const order = this.#orderOf(shown);
    const bytes = picture.order === order ? picture.bytes.slice() : swapped(picture.bytes);
    await thread.ask({ op: 'reference', image, picture: { ...picture, bytes, order } }, [bytes.buffer]);
  }

  /** The panel of a tick: samples are loaded side by side, and the thread draws once all of them are there. */
  async panel(
    thread: PictureThread,
    tick: number,
    { event = {}, keep = false, into }: { event?: PanelEvent; keep?: boolean; into?: ArrayBuffer } = {},
  ): Promise<Uint8Array<ArrayBuffer> | null> {
    const loading = Promise.all(this.plan.images.map((_, at) => this.#image(at, tick, false)));
    // "The same as before" is true only while panels reach the thread in the order in which they were asked for.
    const before = this.#sent;
    const sending = this.#send(thread, tick, loading, before, { event, keep, into });
    this.#sent = sending.then(
      () => undefined,
      () => undefined,
    );
    const { panel, spent } = await (await sending).answer;
    for (const bytes of spent) this.#parts.decode.recycle?.(bytes);
    return panel;
  }

  async #send(
    thread: PictureThread,
    tick: number,
    loading: Promise<SentImage[]>,
    before: Promise<void>,
    { event, keep, into }: { event: PanelEvent; keep: boolean; into: ArrayBuffer | undefined },
  ) {
    const [images] = await Promise.all([loading, before]);
    this.#parts.signal.throwIfAborted();
    const transfer = images.flatMap((image) =>
      image === 'same' || 'missing' in image ? [] : [image.bytes.buffer as ArrayBuffer],
    );
    if (into) transfer.push(into);
    const order = { op: 'panel' as const, tick: this.#tick(tick, event), images, keep, ...(into ? { into } : {}) };
    return { answer: thread.ask(order, transfer) };
  }

  async close(): Promise<void> {
    await Promise.all([...this.#cursors.values()].map((cursor) => cursor.close()));
    this.#cursors.clear();
  }

  #tick(tick: number, event: PanelEvent): PanelTick {
    const timeNs = this.#times[tick] ?? 0;
    return {
      tick,
      timeNs,
      bodies: this.plan.bodies.map(({ track }) => this.#body(track, timeNs)),
      marks: this.#marks(timeNs, event),
      frames: this.plan.tiles.map(({ image }) => {
        const stream = this.plan.images[image]?.stream;
        return stream && event.framed?.streams.includes(stream) ? event.framed.word : null;
      }),
      notes: [...(event.notes ?? []), ...this.#notes()],
    };
  }

  #body(at: number, timeNs: number): PanelTick['bodies'][number] {
    const track = this.#tracks[at] as BodyTrack;
    const body = bodyAt(track, timeNs);
    if (!body || !isTrackedAt(track.poses, body.index)) return null;
    const frozenS = body.frozenSinceNs === null ? null : (timeNs - body.frozenSinceNs) / 1e9;
    return { pose: [...body.pose], frozenS };
  }

  #marks(timeNs: number, event: PanelEvent): PanelMark[][] {
    return this.plan.tiles.map(({ image, area, shows }) => {
      const stream = this.plan.images[image]?.stream;
      const camera = stream ? this.calibration?.cameras.find((each) => each.stream === stream) : undefined;
      if (!this.calibration || !camera || shows !== 'picture') return [];
      const point = (at: ProjectedPoint) => ({
        x: (at.u * area.width) / camera.width,
        y: (at.v * area.height) / camera.height,
      });
      return sensorsIn(this.calibration, camera, this.#tracks, timeNs).map((sensor) => markOf(sensor, point, event));
    });
  }

  #notes(): PanelTick['notes'] {
    const quiet = [150, 150, 150] as const;
    const offset = this.plan.images.some(({ kind }) => kind === 'tactile') ? this.#episode.tactileOffset() : 0;
    return [
      ...(this.#options.asLive ? [{ text: "the recorder's colours", color: quiet }] : []),
      ...(offset === 0 ? [] : [{ text: `gels ${offset > 0 ? '+' : ''}${offset} ticks`, color: quiet }]),
    ];
  }

  /** The sample a tick shows. `alone`: it is not one of a row of panels. */
  async #image(image: number, tick: number, alone: boolean): Promise<SentImage> {
    const stream = this.#streams[image];
    if (!stream) return { missing: 'not recorded' };
    if (stream.fault) return { missing: 'cannot be read' };
    const index = this.#indexAt(stream, tick);
    if (!alone) {
      if (this.#asked[image] === index) return 'same';
      this.#asked[image] = index;
    }
    if (index < 0) return { missing: 'no picture' };
    try {
      return await this.#load(stream, index);
    } catch (error) {
      this.#parts.signal.throwIfAborted();
      this.damaged.add(error instanceof Error ? error.message : String(error));
      return { missing: 'damaged' };
    }
  }

  /** Held at the last one where a stream ends early; −1 in a gap longer than the hold limit and before the first. */
  #indexAt(stream: Stream, tick: number): number {
    const { opened } = this.#episode;
    const master = masterClockOf(opened.episode);
    const choice = chooseSample(stream, {
      tick,
      masterTimes: this.#times,
      streamTimes: opened.clocks.get(stream.clock) ?? new Float64Array(0),
      streamClock: opened.episode.clocks.find(({ id }) => id === stream.clock) ?? master,
      masterClock: opened.episode.masterClock,
      tactileOffset: this.#episode.tactileOffset(),
      holdPeriods: this.#episode.holdPeriods(),
    });
    return choice.state === 'shown' || choice.state === 'ended' ? choice.index : -1;
  }

  async #load(stream: Stream, index: number): Promise<PanelImage> {
    const { decode, media, signal } = this.#parts;
    const { opened } = this.#episode;
    const location = opened.locations.get(stream.id);
    if (location?.kind === 'video') {
      let cursor = this.#cursors.get(stream.id);
      if (!cursor) {
        cursor = new VideoCursor(media, location.file, location.firstFrame + stream.count, signal);
        this.#cursors.set(stream.id, cursor);
      }
      // Decoded by ffmpeg into RGB, whatever the recording's own order.
      const shown = this.#options.asLive ? 'bgr' : 'rgb';
      return { ...(await cursor.frame(location.firstFrame + index)), channels: 3, order: shown };
    }
    const options = { priority: PRIORITY, isWanted: () => !signal.aborted };
    const { bytes, width, height, channels } = await loadSample(decode, opened, stream, index, options);
    return { bytes, width, height, channels, order: channels < 3 ? null : this.#drawnOrder(stream) };
  }

  /** How the bytes of a stream follow each other as they are stored. */
  #orderOf(stream: Stream): 'rgb' | 'bgr' {
    return this.#episode.orderOf(stream) ?? 'rgb';
  }

  /** How they are taken. */
  #drawnOrder(stream: Stream): 'rgb' | 'bgr' {
    return this.#options.asLive ? 'bgr' : this.#orderOf(stream);
  }
}

/** Red and blue change places. */
function swapped(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const other = new Uint8Array(bytes.length);
  for (let at = 0; at + 2 < bytes.length; at += 3) {
    other[at] = bytes[at + 2] as number;
    other[at + 1] = bytes[at + 1] as number;
    other[at + 2] = bytes[at] as number;
  }
  return other;
}

function markOf(
  { side, projected, isFrozen }: SensorMark,
  point: (at: ProjectedPoint) => PanelPoint,
  { ringed }: PanelEvent,
): PanelMark {
  const { center, axes } = projected;
  const tip = (at: ProjectedPoint | undefined) => (at ? point(at) : null);
  const word = ringed ? (ringed.sides.includes(side) ? ringed.word : null) : isFrozen ? 'FROZEN' : null;
  return {
    side,
    center: point(center),
    axes: { x: tip(axes.x), y: tip(axes.y), z: tip(axes.z) },
    ring: word,
  };
}
