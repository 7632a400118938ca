import { ISO_FRAME_LIMIT } from '../../shared/video/iso-tables.ts';
import { SourceFault } from '../sources/source.ts';
import type { MediaFile } from './media-file.ts';

/**
 * The frames a player shows, in the order it shows them. What lies before the start or from the end of an edit list on
 * is not shown, though it is in the file and may be needed to decode the rest: exactly what ffmpeg presents.
 */
export interface PresentedFrames {
  /** Presentation time in seconds as the container's reader tells it (frame 0 need not be 0), ascending. */
  seconds: Float64Array;
  /** 1 where the container says that the frame decodes alone. */
  keys: Uint8Array;
  /** Place of each frame among all packets of the track, in decoding order. */
  packets: Uint32Array;
  /** Times of all frames, those that are not shown among them, ascending. */
  stored: Float64Array;
  /** Frames that were left out before the start and after the end. */
  hiddenBefore: number;
  hiddenAfter: number;
  /** Frames of a last fragment that is not wholly in the file. */
  lost: number;
}

/** Leads and durations are kept in the movie's coarser unit, often a millisecond. */
const ROUNDING_SECONDS = 0.0005;

/** Packets of a track in decoding order. */
interface ListedPackets {
  seconds: Float64Array;
  keys: Uint8Array;
  lost: number;
}

/** Reads no packet's bytes. Rejects with SourceFault "absurd" for a file that claims frames without end. */
export async function presentedFrames(media: MediaFile): Promise<PresentedFrames> {
  const { seconds, keys, lost } = media.iso?.samples ?? (await listPackets(media));
  const order = [...seconds.keys()];
  // Nearly sorted as it is, and sorting is stable: frames of equal time stay in decoding order.
  order.sort((a, b) => (seconds[a] as number) - (seconds[b] as number));
  const stored = Float64Array.from(order, (packet) => seconds[packet] as number);
  const { start, end } = shownSpan(media);
  const from = stored.findIndex((time) => time >= start);
  const first = from < 0 ? stored.length : from;
  const to = stored.findIndex((time) => time >= end);
  const last = Math.max(to < 0 ? stored.length : to, first);
  const shown = order.slice(first, last);
  return {
    seconds: stored.slice(first, last),
    keys: Uint8Array.from(shown, (packet) => keys[packet] as number),
    packets: Uint32Array.from(shown),
    stored,
    hiddenBefore: first,
    hiddenAfter: stored.length - last,
    lost,
  };
}

/** As the library lists them, one by one: slower by far than the tables of an MP4, and for any container. */
export async function listPackets(media: Pick<MediaFile, 'packets' | 'iso' | 'name'>): Promise<ListedPackets> {
  const seconds: number[] = [];
  const keys: number[] = [];
  let lost = 0;
  for await (const packet of media.packets.packets(undefined, undefined, { metadataOnly: true })) {
    if (!Number.isFinite(packet.timestamp)) continue;
    const brokenAt = media.iso?.brokenFragmentAt;
    // The library numbers packets of a fragment from the fragment's place in the file.
    if (brokenAt !== undefined && packet.sequenceNumber >= brokenAt) {
      lost += 1;
      continue;
    }
    seconds.push(packet.timestamp);
    keys.push(packet.type === 'key' ? 1 : 0);
    if (seconds.length > ISO_FRAME_LIMIT) {
      throw new SourceFault(
        'absurd',
        `${media.name} claims more than ${ISO_FRAME_LIMIT} frames: restore it from a copy.`,
      );
    }
  }
  return { seconds: Float64Array.from(seconds), keys: Uint8Array.from(keys), lost };
}

/** The reader's time is that of the whole edit list, its lead included: what comes before an edit is earlier than the lead's end. */
function shownSpan({ iso }: MediaFile): { start: number; end: number } {
  if (!iso?.edit) return { start: -Infinity, end: Infinity };
  const { leadSeconds, durationSeconds } = iso.edit;
  return { start: leadSeconds - ROUNDING_SECONDS, end: leadSeconds + durationSeconds - ROUNDING_SECONDS };
}
