import { createHash } from 'node:crypto';
import { readdir, rm, stat, utimes } from 'node:fs/promises';
import path from 'node:path';
import type { Media } from './index.ts';

export interface VideoProxiesOptions {
  /** Below the user's folder; only files made here lie in it. */
  folder: string;
  media: Pick<Media, 'transcode'>;
  /** Together; the longest unused go first. Default 4 GB. */
  limitBytes?: number;
}

const LIMIT_BYTES = 4e9;
const NAME = /^[0-9a-f]{64}\.mp4$/;

/** H.264 copies of videos that a window cannot play, kept until there are too many. A copy belongs to one state of a file. */
export class VideoProxies {
  constructor(private readonly options: VideoProxiesOptions) {}

  /** The copy of a video as it lies there now; undefined when there is none. */
  async find(video: string): Promise<string | undefined> {
    const copy = await this.placeOf(video);
    const there = copy !== undefined && (await stat(copy).catch(() => undefined));
    if (!there) return undefined;
    // The time of last use is what the oldest are told by; the first use of a minute is exact enough.
    const now = new Date();
    if (now.getTime() - there.atimeMs > 60_000) await utimes(copy, now, there.mtime).catch(() => undefined);
    return copy;
  }

  /** Makes the copy unless it is there. Rejects with Fault where the video cannot be converted frame by frame. */
  async make(video: string, signal: AbortSignal, onFrames: (done: number) => void): Promise<string> {
    const known = await this.find(video);
    if (known !== undefined) return known;
    const copy = await this.placeOf(video);
    if (copy === undefined) throw new Error(`${path.basename(video)} is not there any more: rescan the folder.`);
    await this.options.media.transcode({ from: video, to: copy, signal, onFrames });
    await this.trim(copy);
    return copy;
  }

  private async placeOf(video: string): Promise<string | undefined> {
    const stats = await stat(video, { bigint: true }).catch(() => undefined);
    if (!stats) return undefined;
    const key = createHash('sha256').update(`1 ${video} ${stats.size} ${stats.mtimeNs}`).digest('hex');
    return path.join(this.options.folder, `${key}.mp4`);
  }

  private async trim(kept: string): Promise<void> {
    const { folder, limitBytes = LIMIT_BYTES } = this.options;
    const names = (await readdir(folder)).filter((name) => NAME.test(name));
    const copies = await Promise.all(
      names.map(async (name) => {
        const place = path.join(folder, name);
        const stats = await stat(place).catch(() => undefined);
        return { place, bytes: stats?.size ?? 0, usedMs: stats?.atimeMs ?? 0 };
      }),
    );
    let bytes = copies.reduce((sum, copy) => sum + copy.bytes, 0);
    for (const copy of copies.sort((a, b) => a.usedMs - b.usedMs)) {
      if (bytes <= limitBytes) break;
      if (copy.place === kept) continue;
      await rm(copy.place, { force: true });
      bytes -= copy.bytes;
    }
  }
}
