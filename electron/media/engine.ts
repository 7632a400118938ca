/**
 * ffmpeg, wherever it runs: the machine's own program, or the same library as WebAssembly in a worker thread of ours.
 * An engine runs one command on one input and one output; what the commands are is said once, for both, in the files
 * that use it (encode, decode, listing).
 */
export interface MediaEngine {
  describe(): Promise<EngineDescription>;
  /**
   * Runs once. Rejects with EngineFault when ffmpeg refuses or fails, with the signal's reason once everything has
   * stopped after an abort. What was written by then is the caller's to remove.
   */
  run(run: EngineRun): Promise<void>;
  close(): Promise<void>;
}

export interface EngineDescription {
  engine: 'ffmpeg' | 'ffmpeg.wasm';
  version: string;
  /** The program; null for the embedded one. */
  path: string | null;
  encoders: ReadonlySet<string>;
  decoders: ReadonlySet<string>;
}

export interface EngineRun {
  /** Before the input: its demuxer and what that needs. Never a person's text. */
  inputArguments?: readonly string[];
  input: EngineInput;
  outputArguments: readonly string[];
  output: EngineOutput;
  signal?: AbortSignal;
  /** Frames written so far, as ffmpeg tells it now and then. */
  onFrames?(done: number): void;
}

export type EngineInput =
  /** Raw frames one after the other; taken no faster than ffmpeg uses them up. Each is the engine's own once handed over. */
  | {
      kind: 'frames';
      frames: Iterable<Uint8Array> | AsyncIterable<Uint8Array>;
      /** A frame was used up or copied: whoever made it may write it again. */
      onTaken?(frame: Uint8Array): void;
    }
  /** One file, and no other. */
  | { kind: 'file'; path: string };

export type EngineOutput =
  | { kind: 'file'; path: string }
  /** Pieces of any length; the next one comes once `take` has settled. */
  | { kind: 'bytes'; take(piece: Uint8Array): void | Promise<void> };

export class EngineFault extends Error {
  constructor(
    /** ffmpeg's own words. */
    readonly reason: string,
  ) {
    super(`ffmpeg stopped: ${reason}.`);
    this.name = 'EngineFault';
  }
}

/** Containers that may be opened: none of them names other files. */
const DEMUXERS = 'mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,mpegts,mpeg,avi,ogg,flv,asf,ivf,h264,hevc,m4v,mjpeg';

/** The whole command line. `names` is how this engine calls its input, its output and the place for progress. */
export function argumentsOf(run: EngineRun, names: { input: string; output: string; progress: string }): string[] {
  const whitelists = [
    '-protocol_whitelist',
    'file,pipe',
    ...(run.input.kind === 'file' ? ['-format_whitelist', DEMUXERS] : []),
  ];
  return [
    ...['-hide_banner', '-nostdin', '-y', '-loglevel', 'error', '-nostats', '-stats_period', '0.25'],
    ...['-progress', names.progress],
    ...whitelists,
    ...(run.inputArguments ?? []),
    ...['-i', names.input],
    ...run.outputArguments,
    names.output,
  ];
}

/** Reads what ffmpeg says: progress as key=value lines, and of everything else the last lines. */
export class EngineLog {
  private tail = '';
  private readonly said: string[] = [];

  constructor(private readonly onFrames: ((done: number) => void) | undefined) {}

  add(text: string): void {
    const lines = (this.tail + text).split(/\r?\n/);
    this.tail = lines.pop() ?? '';
    for (const line of lines) this.line(line);
  }

  line(line: string): void {
    const frame = /^frame=\s*(\d+)$/.exec(line);
    if (frame) this.onFrames?.(Number(frame[1]));
    else if (!PROGRESS_LINE.test(line) && line.trim() !== '' && line.trim() !== 'Aborted()') {
      this.said.push(line.trim());
      if (this.said.length > 40) this.said.shift();
    }
  }

  /** Whether it could not finish the file: it tells so, and some versions end as if all were well. */
  get isUnfinished(): boolean {
    return this.said.some((line) => UNFINISHED_LINE.test(line));
  }

  /** The line that says most, without ffmpeg's own names and addresses. */
  reason(fallback: string): string {
    this.line(this.tail);
    this.tail = '';
    const lines = this.said.filter((line) => !/^(Conversion failed|Error while (processing|filtering))/.test(line));
    const line = (lines[0] ?? this.said[0] ?? fallback).replace(/\[[^\]]*@ 0x[0-9a-f]+\]\s*/g, '');
    return line.replace(/[.\s]+$/, '').slice(0, 240);
  }
}

const UNFINISHED_LINE = /\bError (writing trailer|closing file)\b/;
const PROGRESS_LINE =
  /^(fps|stream_\d+_\d+_q|bitrate|total_size|out_time_us|out_time_ms|out_time|dup_frames|drop_frames|speed|progress)=/;

/** Names in ffmpeg's `-encoders` or `-decoders` answer. */
export function codecNames(listing: string): ReadonlySet<string> {
  return new Set([...listing.matchAll(/^ [VAS][A-Z.]{5} (\S+)/gm)].map((match) => match[1] as string));
}

/** "5.1.4" of "ffmpeg version 5.1.4 Copyright …". */
export function versionIn(text: string): string | undefined {
  return /ffmpeg version (\S+)/.exec(text)?.[1];
}
