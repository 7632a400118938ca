import { MAX_SECONDS_FROM_MEDIAN } from '../sources/common/stamps.ts';

/** Python functions that give a recorded clock's times as Regrasp does; a test compares them row by row. */

/** `times(stamps)`: of a clock whose stamps all ascend. */
export function soundTimes(startUnixSeconds: number): string[] {
  return [
    '',
    '',
    'def times(stamps):',
    '    """Unix seconds to whole nanoseconds from the start."""',
    `    return np.floor((stamps.astype("f8") - ${startUnixSeconds}) * 1e9 + 0.5)`,
  ];
}

/** `mended_times(stamps)`: of a clock that jumps or has rows without a usable stamp (the rule of sources/common/stamps.ts). */
export const MENDED_TIMES = [
  '',
  '',
  'def kept_rows(stamps):',
  '    """The longest run of rows with usable stamps that never goes back."""',
  '    written = np.flatnonzero(np.isfinite(stamps) & (stamps > 0))',
  '    median = np.sort(stamps[written])[len(written) // 2]',
  '    lowest, ends, before = [], [], {}',
  `    for row in written[np.abs(stamps[written] - median) <= ${MAX_SECONDS_FROM_MEDIAN}].tolist():`,
  '        length = bisect_right(lowest, stamps[row])',
  '        before[row] = ends[length - 1] if length else None',
  '        lowest[length : length + 1], ends[length : length + 1] = [stamps[row]], [row]',
  '    kept = [ends[-1]]',
  '    while before[kept[-1]] is not None:',
  '        kept.append(before[kept[-1]])',
  '    return np.array(kept[::-1])',
  '',
  '',
  'def mended_times(stamps):',
  '    """As times(); a row whose stamp is not to be trusted stands evenly between its neighbours."""',
  '    kept, rows = kept_rows(stamps.astype("f8")), np.arange(len(stamps))',
  '    ns = times(stamps[kept])',
  '    steps = np.sort(np.diff(ns)[np.diff(ns) > 0])',
  '    step = steps[len(steps) // 2] if len(steps) else 0',
  `    step = step if step * (len(rows) - len(kept)) <= ${MAX_SECONDS_FROM_MEDIAN} * 1e9 else 0`,
  '    beyond = np.minimum(rows - kept[0], 0) + np.maximum(rows - kept[-1], 0)',
  '    return np.floor(np.interp(rows, kept, ns) + 0.5) + step * beyond',
];
