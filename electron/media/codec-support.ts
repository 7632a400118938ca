import { Fault } from '../fault.ts';
import { SourceFault } from '../sources/source.ts';
import type { FoundEngine } from './find-engine.ts';

/** Decoders that work everywhere, by codec; ffmpeg also lists one for AV1 that only some graphics processors carry out. */
const DECODERS: Record<string, readonly string[]> = {
  av1: ['libdav1d', 'libaom-av1'],
  vp9: ['vp9', 'libvpx-vp9'],
};
const NAMES: Record<string, string> = { av1: 'AV1', vp9: 'VP9', h264: 'H.264', mpeg4: 'MPEG-4' };
const REMEDY = 'install an ffmpeg that can and see that it is on the PATH, or name it in REGRASP_FFMPEG';

/** What is missing, and what to do, in one sentence; `verb`: "write" or "read". */
function lack({ description }: FoundEngine, verb: string, codec: string): string {
  const { engine, version } = description;
  const who = engine === 'ffmpeg.wasm' ? 'the embedded encoder' : `the ffmpeg in use (${version})`;
  return `${who} cannot ${verb} ${NAMES[codec] ?? codec}: ${REMEDY}`;
}

/** Throws SourceFault "no-decoder" where the engine in use does not decode this codec. */
export function refuseUndecodable(found: FoundEngine, name: string, codec: string): void {
  const decoders = DECODERS[codec];
  if (!decoders || decoders.some((decoder) => found.description.decoders.has(decoder))) return;
  throw new SourceFault('no-decoder', `${name} cannot be decoded, for ${lack(found, 'read', codec)}.`);
}

/** For a codec that the engine in use has no encoder for. */
export function cannotEncode(found: FoundEngine, name: string, codec: string): Fault {
  const other = codec === 'h264' ? '' : ', or choose H.264';
  return new Fault('UNUSABLE', `${name} was not written, for ${lack(found, 'write', codec)}${other}.`);
}
