import { createSampleTools as createTools } from '../../electron/sample/format-tools.ts';
import { createRobotScene } from '../../electron/sample/robot-scene.ts';
import type { SampleScene, SampleTools } from '../../electron/sources/sample-tools.ts';
import { builtWorkerDir, pluginDir } from './built-worker.ts';

/** The product's own sample tools, with workers built for the test. Default 2 seconds, seed 7. */
export async function createSampleTools({ seed = 7, seconds = 2 } = {}): Promise<SampleTools> {
  const scene = cheapScene(createRobotScene(seed, seconds));
  return createTools({ workerDir: await builtWorkerDir(), pluginDir, seconds, seed, scene });
}

/**
 * The scene for less: cameras on a hand, for which the room is drawn anew each time, show what the one at the side does, and
 * what several recordings show of one moment is drawn once.
 */
export function cheapScene(scene: SampleScene): SampleScene {
  const drawn = new Map<string, Uint8Array>();
  return {
    ...scene,
    picture: (camera, seconds, widthPx) => {
      const fixed = camera.endsWith('_wrist') ? 'side' : camera;
      const key = `${fixed} ${seconds} ${widthPx}`;
      const picture = drawn.get(key) ?? scene.picture(fixed, seconds, widthPx);
      drawn.set(key, picture);
      return picture.slice();
    },
  };
}
