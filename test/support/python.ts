import { spawnSync } from 'node:child_process';

let found: string | null | undefined;

/** A Python that can `import h5py, hdf5plugin, numpy`, or null: tests that compare with it skip and say why. */
export function pythonWithHdf5(): string | null {
  if (found === undefined) {
    const works = (python: string) => spawnSync(python, ['-c', 'import h5py, hdf5plugin, numpy']).status === 0;
    found = ['python3', '/usr/bin/python3'].find(works) ?? null;
  }
  return found;
}

export const NO_PYTHON = 'needs a python3 with h5py, hdf5plugin and numpy';

/** Runs a script; throws with what it said on stderr when it fails. */
export function runPython(script: string, ...args: string[]): string {
  const python = pythonWithHdf5();
  if (!python) throw new Error(NO_PYTHON);
  const { status, stdout, stderr } = spawnSync(python, ['-', ...args], { input: script, encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return stdout;
}

let withArrow: string | null | undefined;

/** A Python that can `import pyarrow, pandas, numpy`, or null. */
export function pythonWithArrow(): string | null {
  if (withArrow === undefined) {
    const works = (python: string) => spawnSync(python, ['-c', 'import pyarrow, pandas, numpy']).status === 0;
    withArrow = ['python3', '/usr/bin/python3'].find(works) ?? null;
  }
  return withArrow;
}

export const NO_ARROW = 'needs a python3 with pyarrow, pandas and numpy';

/** As runPython, with Arrow. */
export function runArrow(script: string, ...args: string[]): string {
  const python = pythonWithArrow();
  if (!python) throw new Error(NO_ARROW);
  const { status, stdout, stderr } = spawnSync(python, ['-', ...args], { input: script, encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return stdout;
}

let withOpenCv: string | null | undefined;

/** A Python that can `import cv2, h5py, hdf5plugin, numpy`, or null. */
export function pythonWithOpenCv(): string | null {
  if (withOpenCv === undefined) {
    const works = (python: string) => spawnSync(python, ['-c', 'import cv2, h5py, hdf5plugin, numpy']).status === 0;
    withOpenCv = ['python3', '/usr/bin/python3'].find(works) ?? null;
  }
  return withOpenCv;
}

export const NO_OPENCV = 'needs a python3 with cv2, h5py, hdf5plugin and numpy';

/** As runPython, with OpenCV. */
export function runOpenCv(script: string, ...args: string[]): string {
  const python = pythonWithOpenCv();
  if (!python) throw new Error(NO_OPENCV);
  const { status, stdout, stderr } = spawnSync(python, ['-', ...args], { input: script, encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return stdout;
}
