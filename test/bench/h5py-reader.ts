import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/**
 * h5py reading ticks as a lab's script would: one process, one frame after the other, a tick's frames held together as ours
 * are (a frame dropped at once lets the next one be written into the same warm memory). It times itself, so that process
 * start and pipes are not in the figure.
 */
const SCRIPT = `
import sys, json, time
import h5py, hdf5plugin
open_files = {}
for line in sys.stdin:
    job = json.loads(line)
    f = open_files.get(job["path"])
    if f is None:
        f = open_files[job["path"]] = h5py.File(job["path"], "r")
    datasets = [f[name] for name in job["datasets"]]
    took = []
    for tick in job["ticks"]:
        start = time.perf_counter()
        frames = [dataset[tick] for dataset in datasets]
        took.append((time.perf_counter() - start) * 1000)
    print(json.dumps(took), flush=True)
`;

export class H5pyReader {
  private readonly child: ChildProcessWithoutNullStreams;
  private readonly answers: AsyncIterator<string>;

  constructor(python: string) {
    this.child = spawn(python, ['-c', SCRIPT]);
    this.child.stderr.pipe(process.stderr);
    this.answers = createInterface({ input: this.child.stdout })[Symbol.asyncIterator]();
  }

  /** Milliseconds each tick took. */
  async read(path: string, datasets: readonly string[], ticks: readonly number[]): Promise<number[]> {
    this.child.stdin.write(`${JSON.stringify({ path, datasets, ticks })}\n`);
    const answer = await this.answers.next();
    if (answer.done) throw new Error('h5py ended early.');
    return JSON.parse(answer.value) as number[];
  }

  close(): void {
    this.child.stdin.end();
  }
}
