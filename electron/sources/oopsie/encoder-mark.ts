import { type FileReader, SourceFault } from '../source.ts';

const MARK = /x264 - core[\s\S]{0,2000}?\bcrf=(\d+(?:\.\d+)?)/;
const LOOK_BYTES = 64 * 1024;
const MAX_BOXES = 200;

/**
 * The constant rate factor that x264 wrote into the first picture of an MP4; null where there is none. It stands at the
 * start of the media data, wherever in the file that lies.
 */
export async function x264Quality(files: FileReader, path: string): Promise<number | null> {
  try {
    let at = 0;
    for (let box = 0; box < MAX_BOXES; box++) {
      const head = await files.readRange(path, at, 16);
      if (head.length < 8) return null;
      const view = new DataView(head.buffer, head.byteOffset, head.length);
      const type = String.fromCharCode(...head.subarray(4, 8));
      if (type === 'mdat') {
        const text = new TextDecoder('latin1').decode(await files.readRange(path, at, LOOK_BYTES));
        const found = MARK.exec(text)?.[1];
        return found === undefined ? null : Number(found);
      }
      const size32 = view.getUint32(0);
      const size = size32 === 1 && head.length === 16 ? Number(view.getBigUint64(8)) : size32;
      if (size < 8) return null;
      at += size;
    }
  } catch (error) {
    if (!(error instanceof SourceFault)) throw error;
  }
  return null;
}
