import { SourceFault } from '../sources/source.ts';
import { uncommonKindOf } from './jpeg-size.ts';

interface JpegDecoder {
  getEncodedBuffer(length: number): Uint8Array;
  decode(): void;
  getFrameInfo(): { width: number; height: number; componentCount: number; bitsPerSample: number };
  getDecodedBuffer(): Uint8Array;
  delete(): void;
}
interface JpegModule {
  JPEGDecoder: new () => JpegDecoder;
}

let loading: Promise<JpegModule> | undefined;

/**
 * Loads the JPEG decoder once; it is needed only for cameras that record one JPEG a tick. As WebAssembly, which decodes
 * twice as fast as the same code as JavaScript, and the first picture ten times as fast.
 */
export function loadJpegDecoder(): Promise<JpegModule> {
  loading ??= load();
  return loading;
}

async function load(): Promise<JpegModule> {
  // The decoder was built for CommonJS and looks at its folder, though it reads nothing there.
  (globalThis as { __dirname?: string }).__dirname ??= '.';
  const [{ default: create }, { default: url }] = await Promise.all([
    import('@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasmjs'),
    import('@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasm?url&inline'),
  ]);
  return create({ wasmBinary: Buffer.from(url.slice(url.indexOf(',') + 1), 'base64') });
}

/**
 * Decodes a JPEG into interleaved 8-bit pixels (three channels red-green-blue, or one). The pixels are a view of the
 * decoder's memory, valid until `done`. Throws SourceFault naming `what` when the bytes are no such picture.
 */
export function decodeJpeg(
  module: JpegModule,
  file: Uint8Array,
  what: string,
): { pixels: Uint8Array; width: number; height: number; channels: number; done: () => void } {
  const decoder = new module.JPEGDecoder();
  try {
    if (file.length < 4 || file[0] !== 0xff || file[1] !== 0xd8) throw new Error('it does not begin like a JPEG');
    decoder.getEncodedBuffer(file.length).set(file);
    decoder.decode();
    const { width, height, componentCount } = decoder.getFrameInfo();
    const pixels = decoder.getDecodedBuffer();
    if (pixels.length < width * height * componentCount) throw new Error('it ends early');
    return { pixels, width, height, channels: componentCount, done: () => decoder.delete() };
  } catch (error) {
    decoder.delete();
    const kind = uncommonKindOf(file);
    if (kind) {
      throw new SourceFault(
        'corrupt-chunk',
        `${what} is a JPEG of a kind that cannot be shown (${kind}): record 8-bit ones of one or three channels; the rest of the recording is not affected.`,
      );
    }
    const reason = error instanceof Error ? error.message : 'the decoder gave up';
    throw new SourceFault(
      'corrupt-chunk',
      `${what} is no readable JPEG (${reason}); the rest of the recording is not affected.`,
    );
  }
}
