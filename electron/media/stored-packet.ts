import path from 'node:path';
import { SourceFault } from '../sources/source.ts';
import type { FoundEngine } from './find-engine.ts';
import { openMediaFile } from './media-file.ts';
import { presentedFrames } from './presented-frames.ts';

/**
 * What is stored of a presented frame: its packet's bytes, the same in MP4, MOV, Matroska and WebM, so that a file may
 * move from one to the other. Of a file that only ffmpeg reads: the MD5 that it gives of the packet, as text. Rejects with
 * SourceFault: "corrupt-chunk" where there is none.
 */
export async function storedPacket(found: FoundEngine, file: string, index: number): Promise<Uint8Array> {
  const media = await openMediaFile(file).catch((error: unknown) => {
    if (error instanceof SourceFault && error.code === 'not-video') return undefined;
    throw error;
  });
  if (!media) return packetByEngine(found, file, index);
  try {
    const { seconds } = await presentedFrames(media);
    const time = seconds[index];
    const packet = time === undefined ? null : await media.packets.getPacket(time);
    if (!packet || packet.data.byteLength === 0) throw missing(file, index);
    return packet.data.slice();
  } finally {
    await media.close();
  }
}

async function packetByEngine({ engine }: FoundEngine, file: string, index: number): Promise<Uint8Array> {
  let text = '';
  await engine.run({
    input: { kind: 'file', path: file },
    outputArguments: ['-map', '0:v:0', '-c', 'copy', '-f', 'framemd5'],
    output: {
      kind: 'bytes',
      take: (piece) => {
        text += Buffer.from(piece).toString('latin1');
      },
    },
  });
  const rows = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  const fields = rows.map((row) => row.split(',').map((field) => field.trim()));
  const row = fields.sort((a, b) => Number(a[2]) - Number(b[2]))[index];
  if (!row?.[5]) throw missing(file, index);
  return new TextEncoder().encode(row[5]);
}

function missing(file: string, index: number): SourceFault {
  return new SourceFault('corrupt-chunk', `${path.basename(file)}: frame ${index} is not in the file: restore a copy.`);
}
