import type { InputVideoTrack } from 'mediabunny';

/** Names as ffmpeg has them, which is what people know. */
const BY_READER: Record<string, string> = {
  avc: 'h264',
  hevc: 'hevc',
  vp8: 'vp8',
  vp9: 'vp9',
  av1: 'av1',
  prores: 'prores',
};

const BY_CONTAINER_ID: Record<string, string> = {
  mp4v: 'mpeg4',
  xvid: 'mpeg4',
  divx: 'mpeg4',
  jpeg: 'mjpeg',
  mjpa: 'mjpeg',
  mjpg: 'mjpeg',
  png: 'png',
  v_mjpeg: 'mjpeg',
  'v_mpeg4/iso/asp': 'mpeg4',
  'v_mpeg4/iso/sp': 'mpeg4',
  v_mpeg1: 'mpeg1video',
  v_mpeg2: 'mpeg2video',
  v_ffv1: 'ffv1',
  'v_ms/vfw/fourcc': 'a codec of Video for Windows',
};

/** The codec for people and for WebCodecs; see VideoFacts. */
export async function codecFacts(track: InputVideoTrack): Promise<{ codec: string; codecString: string | null }> {
  const codec = await track.getCodec();
  if (codec) return { codec: BY_READER[codec] ?? codec, codecString: await track.getCodecParameterString() };
  const id = await track.getInternalCodecId();
  const word = String(id ?? '')
    .trim()
    .toLowerCase();
  const printable = /^[a-z0-9_./ -]{1,32}$/.test(word) ? word : 'unknown';
  return { codec: BY_CONTAINER_ID[word] ?? printable, codecString: null };
}
