import { spawnSync } from 'node:child_process';

/** A kind of python3 that some tests need: they skip and say why where there is none. */
class Python {
  #found: string | null | undefined;

  constructor(
    private readonly modules: string,
    readonly needs: string,
  ) {}

  /** Its command, or null. */
  find(): string | null {
    if (this.#found === undefined) {
      const works = (python: string) => spawnSync(python, ['-c', `import ${this.modules}`]).status === 0;
      this.#found = ['python3', '/usr/bin/python3'].find(works) ?? null;
    }
    return this.#found;
  }

  /** Runs a script, answers what it printed; throws with what it said on stderr when it fails. */
  run(script: string, args: readonly string[]): string {
    const python = this.find();
    if (!python) throw new Error(this.needs);
    const { status, stdout, stderr } = spawnSync(python, ['-', ...args], {
      ...{ input: script, encoding: 'utf8', maxBuffer: 2 ** 28 },
    });
    if (status !== 0) throw new Error(stderr);
    return stdout;
  }
}

const plain = new Python('struct', 'needs a python3');
const hdf5 = new Python('h5py, hdf5plugin, numpy', 'needs a python3 with h5py, hdf5plugin and numpy');
const arrow = new Python('pyarrow, pandas, numpy', 'needs a python3 with pyarrow, pandas and numpy');
const openCv = new Python('cv2, h5py, hdf5plugin, numpy', 'needs a python3 with cv2, h5py, hdf5plugin and numpy');

const lerobot = new Python('lerobot.datasets.lerobot_dataset', 'needs a python3 with lerobot (0.4 or newer)');

/** With the standard library alone. */
export const plainPython = () => plain.find();
export const NO_PLAIN_PYTHON = plain.needs;
export const runPlainPython = (script: string, ...args: string[]) => plain.run(script, args);

export const pythonWithHdf5 = () => hdf5.find();
export const NO_PYTHON = hdf5.needs;
export const runPython = (script: string, ...args: string[]) => hdf5.run(script, args);

export const pythonWithArrow = () => arrow.find();
export const NO_ARROW = arrow.needs;
export const runArrow = (script: string, ...args: string[]) => arrow.run(script, args);

export const pythonWithLerobot = () => lerobot.find();
export const NO_LEROBOT = lerobot.needs;
export const runLerobot = (script: string, ...args: string[]) => lerobot.run(script, args);

export const pythonWithOpenCv = () => openCv.find();
export const NO_OPENCV = openCv.needs;
export const runOpenCv = (script: string, ...args: string[]) => openCv.run(script, args);
