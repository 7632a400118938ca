import type { ShownSample, ShownTick } from './player.ts';
import type { ReceivedTick } from './tick-client.ts';

/** Looks into the received buffer, no copy: bodies are 8-aligned, so 16-bit samples can be seen as such. */
export function shownTickOf({ header, buffer, bodyOffset, pictures, converted }: ReceivedTick): ShownTick {
  const samples = new Map<string, ShownSample>();
  for (const sample of header.samples) {
    const start = bodyOffset + sample.offset;
    const pixels =
      sample.state !== 'shown' || sample.format === 'video'
        ? undefined
        : sample.format === 'u16'
          ? new Uint16Array(buffer, start, sample.bytes / 2)
          : new Uint8Array(buffer, start, sample.bytes);
    const picture = pictures?.get(sample.stream);
    // Painters tell a picture from pixels by whether there is one at all.
    samples.set(
      sample.stream,
      picture ? { ...sample, pixels, picture, converted: converted?.get(sample.stream) } : { ...sample, pixels },
    );
  }
  return { header, samples };
}
