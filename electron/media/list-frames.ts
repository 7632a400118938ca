import path from 'node:path';
import { SourceFault, type VideoFacts } from '../sources/source.ts';
import { passthrough } from './decode.ts';
import { EngineFault } from './engine.ts';
import type { FoundEngine } from './find-engine.ts';

/** Codecs of which every packet is one frame that decodes alone, so that packets can be counted in place of frames. */
const INTRA = new Set([
  'mjpeg',
  'rawvideo',
  'png',
  'ffv1',
  'huffyuv',
  'ffvhuff',
  'utvideo',
  'prores',
  'dnxhd',
  'dvvideo',
]);
const TEXT_LIMIT = 512e6;

interface Row {
  pts: number;
  isKey: boolean;
}

interface Listing {
  codec: string;
  width: number;
  height: number;
  secondsPerTick: number;
  rows: Row[];
}

/**
 * Frames of a file that only ffmpeg can read, by its own listing: of packets where each is a frame, else of everything it
 * decodes. Rejects with SourceFault "not-video" or "no-frames".
 */
export async function listFrames(found: FoundEngine, file: string): Promise<VideoFacts> {
  const name = path.basename(file);
  const packets = await listing(found, file, ['-c', 'copy']);
  const { codec, width, height } = packets;
  const frames = INTRA.has(codec) ? packets : await listing(found, file, passthrough(found.description.version));
  const rows = frames.rows.sort((a, b) => a.pts - b.pts);
  const first = rows[0];
  const last = rows.at(-1);
  if (!first || !last) throw new SourceFault('no-frames', `${name} holds no frame: record it again.`);
  const seconds = (ticks: number): number => ticks * frames.secondsPerTick;
  const lastingSeconds = seconds(last.pts - first.pts);
  return {
    codec,
    codecString: null,
    container: path.extname(file).slice(1).toLowerCase() || 'unknown',
    width: frames.width || width,
    height: frames.height || height,
    frameCount: rows.length,
    timesNs: Float64Array.from(rows, ({ pts }) => Math.round(seconds(pts - first.pts) * 1e9)),
    firstNs: Math.round(seconds(first.pts) * 1e9),
    rateHz: lastingSeconds > 0 ? (rows.length - 1) / lastingSeconds : 0,
    worstKeyIntervalSeconds: worstInterval(packets, lastingSeconds),
    notes: [],
  };
}

async function listing(found: FoundEngine, file: string, how: readonly string[]): Promise<Listing> {
  const parser = new ListingParser();
  try {
    await found.engine.run({
      // The file's own time, which ffmpeg otherwise counts from the first frame.
      inputArguments: ['-copyts'],
      input: { kind: 'file', path: file },
      outputArguments: ['-map', '0:v:0', ...how, '-f', 'framecrc'],
      output: { kind: 'bytes', take: (piece) => parser.add(piece) },
    });
  } catch (error) {
    if (!(error instanceof EngineFault)) throw error;
    throw new SourceFault(
      'not-video',
      `${path.basename(file)} is no video that can be read (ffmpeg: ${error.reason}): restore it from a copy, or convert it to MP4.`,
    );
  }
  return parser.end();
}

/** Lines of ffmpeg's "framecrc": "#tb 0: 1/30", "#dimensions 0: 320x240", then stream, dts, pts, duration, size, check and flags. */
class ListingParser {
  private readonly decoder = new TextDecoder('latin1');
  private tail = '';
  private bytes = 0;
  private readonly found: Listing = { codec: 'unknown', width: 0, height: 0, secondsPerTick: 0, rows: [] };

  add(piece: Uint8Array): void {
    this.bytes += piece.length;
    if (this.bytes > TEXT_LIMIT) throw new SourceFault('absurd', 'The video claims frames without end.');
    const lines = (this.tail + this.decoder.decode(piece, { stream: true })).split('\n');
    this.tail = lines.pop() ?? '';
    for (const line of lines) this.line(line);
  }

  end(): Listing {
    this.line(this.tail);
    return this.found;
  }

  private line(line: string): void {
    const [, over, under] = /^#tb 0: (\d+)\/(\d+)/.exec(line) ?? [];
    if (over && under) this.found.secondsPerTick = Number(over) / Number(under);
    const [, width, height] = /^#dimensions 0: (\d+)x(\d+)/.exec(line) ?? [];
    if (width && height) Object.assign(this.found, { width: Number(width), height: Number(height) });
    const codec = /^#codec_id 0: (\w+)/.exec(line)?.[1];
    if (codec) this.found.codec = codec;
    if (line.startsWith('#') || line === '') return;
    const fields = line.split(',').map((field) => field.trim());
    const pts = Number(fields[2]);
    if (!Number.isFinite(pts)) return;
    // A packet that is no key says so; a key says nothing.
    this.found.rows.push({ pts, isKey: !fields.some((field) => field === 'F=0x0') });
  }
}

function worstInterval({ rows, secondsPerTick }: Listing, lastingSeconds: number): number {
  const keys = rows.filter(({ isKey }) => isKey).map(({ pts }) => (pts - (rows[0] as Row).pts) * secondsPerTick);
  let worst = 0;
  for (const [index, start] of keys.entries()) worst = Math.max(worst, (keys[index + 1] ?? lastingSeconds) - start);
  return worst;
}
