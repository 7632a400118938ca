import { createSampleTools as createTools } from '../../electron/sample/format-tools.ts';
import { createRobotScene } from '../../electron/sample/robot-scene.ts';
import type { SampleScene, SampleTools } from '../../electron/sources/sample-tools.ts';
import { builtWorkerDir, pluginDir } from './built-worker.ts';

/** The product's own sample tools, with workers built for the test. Default 2 seconds, seed 7. */
export async function createSampleTools({ seed = 7, seconds = 2 } = {}): Promise<SampleTools> {
  const scene = cheapScene(createRobotScene(seed, seconds));
  return createTools({ workerDir: await builtWorkerDir(), pluginDir, seconds, seed, scene });
}

/** What a picture is drawn at where its own width is a multiple of it. */
const DRAWN_WIDTH_PX = 80;

/**
 * The scene for less: cameras on a hand, for which the room is drawn anew each time, show what the one at the side does;
 * pictures are drawn small and enlarged, and what several recordings show of one moment is drawn once.
 */
export function cheapScene(scene: SampleScene): SampleScene {
  const drawn = new Map<string, Uint8Array>();
  return {
    ...scene,
    picture: (camera, seconds, widthPx) => {
      const fixed = camera.endsWith('_wrist') ? 'side' : camera;
      const drawnPx = widthPx % DRAWN_WIDTH_PX === 0 ? DRAWN_WIDTH_PX : widthPx;
      const key = `${fixed} ${seconds} ${drawnPx}`;
      const picture = drawn.get(key) ?? scene.picture(fixed, seconds, drawnPx);
      drawn.set(key, picture);
      return enlarged(picture, drawnPx, widthPx / drawnPx);
    },
  };
}

/** A new picture in which each pixel of the one given is a square of so many. */
function enlarged(picture: Uint8Array, widthPx: number, times: number): Uint8Array {
  if (times === 1) return picture.slice();
  const rowBytes = widthPx * times * 3;
  const large = new Uint8Array(picture.length * times * times);
  for (let row = 0; row * widthPx * 3 < picture.length; row++) {
    const start = row * times * rowBytes;
    for (let x = 0; x < widthPx; x++) {
      const from = (row * widthPx + x) * 3;
      for (let at = start + x * times * 3, end = at + times * 3; at < end; at += 3) {
        large[at] = picture[from] as number;
        large[at + 1] = picture[from + 1] as number;
        large[at + 2] = picture[from + 2] as number;
      }
    }
    for (let line = 1; line < times; line++) large.copyWithin(start + line * rowBytes, start, start + rowBytes);
  }
  return large;
}
