import { spawnSync } from 'node:child_process';
import { renameSync } from 'node:fs';

/** Only h5py writes LZF: the same recording, the image streams filtered anew and only these ticks of them filled. */
const SCRIPT = `
import sys, json
import h5py, hdf5plugin
source, target, ticks = sys.argv[1], sys.argv[2], json.loads(sys.argv[3])
with h5py.File(source, "r") as f, h5py.File(target, "w") as g:
    def rewrite(name, item):
        if isinstance(item, h5py.Group):
            made = g.require_group(name)
        elif item.ndim >= 3:
            made = g.create_dataset(name, item.shape, item.dtype, chunks=item.chunks, compression="lzf")
            if item.ndim == 4:
                for tick in ticks:
                    made[tick] = item[tick]
        else:
            made = g.create_dataset(name, data=item[()])
        for key, value in item.attrs.items():
            made.attrs[key] = value
    f.visititems(rewrite)
`;

/** Throws with what Python said. */
export function rewriteWithLzf(python: string, source: string, target: string, ticks: readonly number[]): void {
  const partial = `${target}.partial`;
  const run = spawnSync(python, ['-c', SCRIPT, source, partial, JSON.stringify(ticks)], { encoding: 'utf8' });
  if (run.status !== 0)
    throw new Error(`h5py could not write the LZF episode: ${run.stderr.trim().split('\n').at(-1)}`);
  renameSync(partial, target);
}
