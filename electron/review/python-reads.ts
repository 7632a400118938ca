export interface PythonRequest {
  /** Inclusive ticks of the master clock; what lies outside the episode is left out. */
  from: number;
  to: number;
  /** Stream ids; empty = every stream. */
  streams: readonly string[];
}

/** HDF5's own filters, which h5py decodes by itself: deflate, shuffle, fletcher32, szip, n-bit, scale-offset, lzf. */
export const BUILT_IN_FILTERS = new Set([1, 2, 3, 4, 5, 6, 32000]);

export const READ_ROWS = [
  '',
  '',
  'def read(dataset, rows):',
  '    """Only the part of the dataset that the rows span; a row of -1 gives zeros."""',
  '    used = rows[rows >= 0]',
  '    out = np.zeros((len(rows), *dataset.shape[1:]), dataset.dtype)',
  '    if len(used):',
  '        out[rows >= 0] = dataset[used.min() : used.max() + 1][used - used.min()]',
  '    return out',
];

export const READ_JPEGS = [
  '',
  '',
  'def read_jpegs(dataset, rows):',
  '    """One JPEG a row, decoded to red, green, blue; a row of -1, or one that is no picture, gives zeros."""',
  '    images = []',
  '    for row in rows:',
  '        jpeg = np.frombuffer(np.asarray(dataset[row]).tobytes() if row >= 0 else b"", np.uint8)',
  '        images.append(cv2.imdecode(jpeg, cv2.IMREAD_COLOR) if len(jpeg) else None)',
  '    shape = next((image.shape for image in images if image is not None), (0, 0, 3))',
  '    return np.stack([np.zeros(shape, np.uint8) if image is None else image[..., ::-1] for image in images])',
];

/** By index as ffmpeg presents them: read one after the other, as no seek is exact in every file. */
export const READ_VIDEO = [
  '',
  '',
  'def read_video(path, frames):',
  '    """Frames as red, green, blue by presented index; -1, or what the file does not hold, gives zeros."""',
  '    capture, found = cv2.VideoCapture(path), {}',
  '    for index in range(max(frames, default=-1) + 1):',
  '        if not capture.grab():',
  '            break',
  '        if index in frames:',
  '            found[index] = capture.retrieve()[1][..., ::-1]',
  '    capture.release()',
  '    shape = next((image.shape for image in found.values()), (0, 0, 3))',
  '    return np.stack([found.get(index, np.zeros(shape, np.uint8)) for index in frames])',
];
