import { afterAll, beforeAll, expect, test } from 'vitest';
import { builtWorkerDir, coreDir } from '../../test/support/built-worker.ts';
import { createMedia, type Media } from './index.ts';
import { ffmpeg, hasFfmpeg, temporaryFolder, testPicture } from './testing.ts';

const place = temporaryFolder();
let media: Media;
beforeAll(async () => {
  media = createMedia({ workerDir: await builtWorkerDir(), coreDir });
});
afterAll(async () => {
  await media.close();
  place.remove();
});

test.skipIf(!hasFfmpeg)(
  'a frame is stored as the same bytes whatever container it lies in, and others as others',
  async () => {
    const encode = ['-c:v', 'libx264', '-preset', 'veryfast', '-bf', '2', '-g', '15'];
    ffmpeg(...testPicture(2), ...encode, place.at('a.mp4'));
    for (const name of ['b.mkv', 'c.mov']) ffmpeg('-i', place.at('a.mp4'), '-c', 'copy', place.at(name));
    const packets = await Promise.all(['a.mp4', 'b.mkv', 'c.mov'].map((name) => media.packet(place.at(name), 31)));
    expect(packets.map((bytes) => Buffer.from(bytes).equals(packets[0] as Uint8Array))).toEqual([true, true, true]);
    expect(Buffer.from(await media.packet(place.at('a.mp4'), 30)).equals(packets[0] as Uint8Array)).toBe(false);
    await expect(media.packet(place.at('a.mp4'), 60)).rejects.toMatchObject({ code: 'corrupt-chunk' });
    ffmpeg(...testPicture(1), '-c:v', 'mjpeg', place.at('d.avi'));
    const [first, again, last] = await Promise.all([0, 0, 29].map((index) => media.packet(place.at('d.avi'), index)));
    expect(first).toEqual(again);
    expect(first).not.toEqual(last);
  },
);
