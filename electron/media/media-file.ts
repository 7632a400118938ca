import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import path from 'node:path';
import {
  CustomSource,
  EncodedPacketSink,
  Input,
  type InputVideoTrack,
  Logging,
  LogLevel,
  MATROSKA,
  MP4,
  MPEG_TS,
  OGG,
  QTFF,
  WEBM,
} from 'mediabunny';
import type { IsoFile } from '../../shared/video/iso-file.ts';
import { reasonOf } from '../fault.ts';
import { SourceFault } from '../sources/source.ts';
import { scanIso } from './iso-scan.ts';

/** A video file opened for its packets. Only the one file is ever read: playlists, which name others, are not among the formats. */
export interface MediaFile {
  /** For sentences. */
  name: string;
  container: string;
  track: InputVideoTrack;
  packets: EncodedPacketSink;
  /** Of an MP4 or MOV; its samples are those of `track`. */
  iso: IsoFile | undefined;
  /** Any bytes of the file. Rejects with SourceFault for a part that is not there. */
  read(offset: number, bytes: number): Promise<Uint8Array>;
  close(): Promise<void>;
}

const FORMATS = [MP4, QTFF, MATROSKA, WEBM, MPEG_TS, OGG];

// What is unusual reaches a person as a fault or a note, not as a line on the terminal.
Logging.level = LogLevel.Silent;

/** An index or packet larger than this is no index or packet. */
const READ_LIMIT_BYTES = 256 * 2 ** 20;

/**
 * Opens a file for its first video track. Rejects with SourceFault: "not-video" where no container known here begins,
 * "no-video-track", "truncated", "absurd", "gone", "no-access", "unreadable".
 */
export async function openMediaFile(file: string): Promise<MediaFile> {
  const name = path.basename(file);
  const handle = await openPlain(file, name);
  let input: Input | undefined;
  const close = async (): Promise<void> => {
    input?.dispose();
    await handle.close();
  };
  try {
    const { size } = await handle.stat();
    if (size === 0) throw new SourceFault('truncated', `${name} is an empty file: record it again or restore a copy.`);
    const scanned = await scanIso(handle, size, name);
    const read = (start: number, end: number) => readExactly(handle, start, end, name);
    const source = new CustomSource({
      getSize: () => size,
      read,
      prefetchProfile: 'fileSystem',
      handleUnhandledError: () => undefined,
    });
    input = new Input({ source, formats: FORMATS });
    if (!(await input.canRead())) throw new SourceFault('not-video', `${name} is no video of a kind known here.`);
    const container = (await input.getFormat()).name;
    // The first, as ffmpeg counts them, whatever a file says of which is the main one.
    const track = (await input.getVideoTracks())[0];
    if (!track) throw new SourceFault('no-video-track', `${name} holds no video: its container has no picture track.`);
    const isSame = scanned?.samples?.track === track.id;
    const iso = scanned && { ...scanned, samples: isSame ? scanned.samples : undefined };
    const packets = new EncodedPacketSink(track);
    return { name, container, track, packets, iso, read: (offset, bytes) => read(offset, offset + bytes), close };
  } catch (error) {
    await close();
    throw asSourceFault(error, name);
  }
}

/** Whatever a container's parser throws, as one sentence. */
export function asSourceFault(error: unknown, name: string): SourceFault {
  if (error instanceof SourceFault) return error;
  const reason = reasonOf(error) ?? (error instanceof Error ? error.message : String(error)).split('\n')[0];
  return new SourceFault(
    'unreadable',
    `${name} cannot be read as a video (${reason?.slice(0, 160)}): restore it from a copy or convert it with ffmpeg.`,
  );
}

async function openPlain(file: string, name: string): Promise<FileHandle> {
  const handle = await open(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)).catch((error: unknown) => {
    const code = (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'gone' : 'no-access';
    throw new SourceFault(code, `${name} cannot be read: ${reasonOf(error) ?? 'the system refused'}.`);
  });
  if ((await handle.stat()).isFile()) return handle;
  await handle.close();
  throw new SourceFault('not-video', `${name} is no plain file.`);
}

async function readExactly(handle: FileHandle, start: number, end: number, name: string): Promise<Uint8Array> {
  if (end - start > READ_LIMIT_BYTES) {
    throw new SourceFault('absurd', `${name} is damaged: a part of it claims ${end - start} bytes; restore a copy.`);
  }
  const bytes = new Uint8Array(end - start);
  for (let done = 0; done < bytes.length; ) {
    const { bytesRead } = await handle.read(bytes, done, bytes.length - done, start + done);
    if (bytesRead === 0) throw new SourceFault('truncated', `${name} became shorter while it was read: try again.`);
    done += bytesRead;
  }
  return bytes;
}
