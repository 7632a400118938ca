import type { EncodedPacket } from 'mediabunny';
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
const FRAME_LIMIT = 10_000_000;

/** Reads no packet's bytes. Rejects with SourceFault "absurd" for a file that claims frames without end. */
export async function presentedFrames(media: MediaFile): Promise<PresentedFrames> {
  const found: { seconds: number; key: boolean }[] = [];
  let lost = 0;
  for await (const packet of media.packets.packets(undefined, undefined, { metadataOnly: true })) {
    if (!Number.isFinite(packet.timestamp)) continue;
    if (isLost(media, packet)) lost += 1;
    else found.push({ seconds: packet.timestamp, key: packet.type === 'key' });
    if (found.length > FRAME_LIMIT) {
      throw new SourceFault('absurd', `${media.name} claims more than ${FRAME_LIMIT} frames: restore it from a copy.`);
    }
  }
  found.sort((a, b) => a.seconds - b.seconds);
  const { start, end } = shownSpan(media);
  const shown = found.filter(({ seconds }) => seconds >= start && seconds < end);
  return {
    seconds: Float64Array.from(shown, ({ seconds }) => seconds),
    keys: Uint8Array.from(shown, ({ key }) => (key ? 1 : 0)),
    stored: Float64Array.from(found, ({ seconds }) => seconds),
    hiddenBefore: found.filter(({ seconds }) => seconds < start).length,
    hiddenAfter: found.filter(({ seconds }) => seconds >= end).length,
    lost,
  };
}

function isLost({ iso }: MediaFile, packet: EncodedPacket): boolean {
  // The reader numbers packets of a fragment from the fragment's place in the file.
  return iso?.brokenFragmentAt !== undefined && packet.sequenceNumber >= iso.brokenFragmentAt;
}

/** The reader's time is that of the whole edit list, its lead included: what comes before an edit is earlier than the lead's end. */
function shownSpan({ iso }: MediaFile): { start: number; end: number } {
  if (!iso?.edit) return { start: -Infinity, end: Infinity };
  const { leadSeconds, durationSeconds } = iso.edit;
  return { start: leadSeconds - ROUNDING_SECONDS, end: leadSeconds + durationSeconds - ROUNDING_SECONDS };
}
