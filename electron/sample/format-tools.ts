import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { encode } from 'fast-png';
import { createMedia } from '../media/index.ts';
import { embeddedCoreDir } from '../paths.ts';
import type { SampleScene, SampleTools } from '../sources/sample-tools.ts';
import { encodeJpeg } from './jpeg-encoder.ts';
import { createRobotScene } from './robot-scene.ts';
import { runSampleWork } from './run-worker.ts';
import { writeWhole } from './whole-file.ts';

export interface SampleToolsOptions {
  /** Folder of the built worker entries, and of the HDF5 filter plugins. */
  workerDir: string;
  pluginDir: string;
  /** Default 7. */
  seed?: number;
  /** Default 6. */
  seconds?: number;
  /** The scene that is recorded, by the length; default the one of the seed. */
  scene?: SampleScene;
  signal?: AbortSignal;
  onProgress?: SampleTools['onProgress'];
}

/** What sample writers of formats work with. Files appear under their names once they are whole; folders are made. */
export function createSampleTools(options: SampleToolsOptions): SampleTools {
  const { workerDir, pluginDir, seed = 7, seconds = 6, signal, onProgress } = options;
  const media = createMedia({ workerDir, coreDir: embeddedCoreDir(pluginDir) });
  async function whole(file: string, write: (temporary: string) => Promise<void>): Promise<void> {
    signal?.throwIfAborted();
    await mkdir(path.dirname(file), { recursive: true });
    await writeWhole(file, write);
  }
  return {
    seed,
    seconds,
    scene: options.scene ?? createRobotScene(seed, seconds),
    writeHdf5: (file, content) =>
      whole(file, async (temporary) => {
        await runSampleWork({ kind: 'hdf5', file: temporary, content }, { workerDir, pluginDir, signal });
      }),
    writeVideo: async (file, video) => {
      const quality = (video.codec ?? 'h264') === 'h264' ? 19 : undefined;
      await media.encode({ ...video, file, format: 'rgb24', quality, signal });
    },
    jpeg: encodeJpeg,
    png: (rgb, width, height) => encode({ width, height, channels: 3, depth: 8, data: rgb }),
    signal,
    onProgress,
  };
}
