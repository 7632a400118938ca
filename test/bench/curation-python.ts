import { READ_TORCH_FILE } from '../support/torch-file.ts';

/** Times itself, so that starting and importing are not in the figure. */
const TIMED = `
import sys, json, time, resource
import numpy as np, h5py, hdf5plugin, cv2
def spent():
    use = resource.getrusage(resource.RUSAGE_SELF)
    return use.ru_utime + use.ru_stime
before, start = spent(), time.perf_counter()
def told(**more):
    took = {'seconds': time.perf_counter() - start, 'cpuSeconds': spent() - before, 'bytes': resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024}
    print(json.dumps({**took, **more}))
def prepared(frame):
    return np.ascontiguousarray(cv2.resize(frame[:, 80:560], (128, 128), interpolation=cv2.INTER_AREA).transpose(2, 0, 1))
def distance(frame, reference):
    return np.sqrt(((frame.astype(np.float32) - reference) ** 2).sum(axis=0))
def first_at_percentile(values):
    return int(np.argmax(values <= np.percentile(values, 1)))
def nearest(stamps, at):
    right = np.clip(np.searchsorted(at, stamps), 1, len(at) - 1)
    return right - (stamps - at[right - 1] <= at[right] - stamps)
`;

/**
 * Stage 4 as a lab's script does it: one picture after the other by h5py, cropped and resized by OpenCV, figures by NumPy, and
 * all of it written as one uncompressed archive. Arguments: recording, archive.
 */
export const CONTACT = `${TIMED}
source, target = sys.argv[1], sys.argv[2]
out = {}
with h5py.File(source, 'r') as f:
    ticks = len(f['timestamps'])
    stamps = f['timestamps'][()]
    out['timestamps'] = stamps
    out['view'] = np.stack([prepared(f['realsense/cam0/color'][t]) for t in range(ticks)])
    for side in ('left', 'right'):
        frames = f[f'gelsight/{side}/frames']
        stack = np.stack([prepared(frames[t]) for t in range(ticks)])
        first = stack[0].astype(np.float32)
        index = first_at_percentile(np.array([distance(x, first).mean() for x in stack], np.float32))
        reference = stack[index].astype(np.float32)
        figures = np.empty((ticks, 3), np.float32)
        for t in range(ticks):
            d = distance(stack[t], reference)
            touched = d > 8.0
            figures[t] = d.mean(), touched.mean(), (d * touched).mean()
        at, pose = f[f'optitrack/sensor_{side}/timestamps'][()], f[f'optitrack/sensor_{side}/pose'][()]
        out[f'tactile_{side}'], out[f'sensor_{side}_pose'] = stack, pose[nearest(stamps, at)].astype(np.float32)
        for k, name in enumerate(('intensity', 'area', 'mixed')): out[f'tactile_{side}_{name}'] = figures[:, k]
        out[f'index_{side}'] = np.array(index)
np.savez(target, **out)
told()
`;

/** What the two made of the same recording: largest difference of figures, and whether pictures and references are equal. */
export const COMPARE_CONTACT = `
${READ_TORCH_FILE}
import sys, json
ours, theirs = read_torch_file(sys.argv[1]), np.load(sys.argv[2])
offset = ours['_contact_meta']['trim_offset']
figures = [k for k in ours if k.endswith(('intensity', 'area', 'mixed'))]
print(json.dumps({
    'apart': max(float(np.abs(ours[k] - theirs[k][offset:]).max()) for k in figures),
    'same': all(np.array_equal(ours[k], theirs[k][offset:]) for k in ('view', 'tactile_left', 'tactile_right', 'timestamps', 'sensor_left_pose', 'sensor_right_pose')),
    'reference': all(ours['_contact_meta'][f'ref_p01_idx_{s}'] == int(theirs[f'index_{s}']) for s in ('left', 'right')),
}))
`;

/** Stage 1 with every picture decoded: counts, the clock, and of each stream how many pictures repeat the one before. */
export const CHECK = `${TIMED}
STREAMS = [f'realsense/cam{i}/{k}' for i in range(3) for k in ('color', 'depth')] + [f'gelsight/{s}/frames' for s in ('left', 'right')]
repeated = {}
with h5py.File(sys.argv[1], 'r') as f:
    stamps = f['timestamps'][()]
    assert (np.diff(stamps) > 0).all()
    for name in STREAMS:
        frames = f[name]
        assert len(frames) == len(stamps)
        last, count, black = None, 0, True
        for t in range(len(frames)):
            frame = frames[t]
            black = black and not frame.any()
            count += last is not None and np.array_equal(frame, last)
            last = frame
        assert not black or name.endswith('depth')
        repeated[name] = int(count)
told(repeated=repeated)
`;

/**
 * Stage 5 from the recording alone: one pass over every picture (is it the one before, how far is it from it, intensity of the
 * gels), then the rules of the pipeline document over the arrays. Prints intervals and signals as bad_frames.json and
 * freeze_intervals.json have them.
 */
export const DETECT = `${TIMED}
def runs(mask):
    edges = np.flatnonzero(np.diff(np.concatenate([[0], mask.astype(int), [0]])))
    return [(int(a), int(b) - 1) for a, b in zip(edges[::2], edges[1::2])]
def merged(mask, buffer):
    T, near = len(mask), np.zeros(len(mask), bool)
    for a, b in runs(mask): near[max(0, a - buffer):min(T - 1, b + buffer) + 1] = True
    return [list(run) for run in runs(near)]
def union(intervals, T):
    mask = np.zeros(T, bool)
    for a, b in intervals: mask[a:b + 1] = True
    return [list(run) for run in runs(mask)]
def spikes(I):
    padded = np.lib.stride_tricks.sliding_window_view(np.pad(I, 3, mode='reflect'), 7)
    keep = np.ones(len(I), bool)
    for a, b in runs(I - np.median(padded, axis=1) > 30):
        if b - a + 1 <= 3: keep[a:b + 1] = False
    return merged(I - np.percentile(I[keep], 99.9) > 30, 3)
def steps(P, dt):
    v = np.linalg.norm(np.diff(P[:, :3], axis=0), axis=1) / dt
    w = 2 * np.arccos(np.clip(np.abs(np.sum(P[1:, 3:] * P[:-1, 3:], axis=1)), 0, 1)) / dt
    return v, w

with h5py.File(sys.argv[1], 'r') as f:
    stamps = f['timestamps'][()]
    T = len(stamps)
    duplicate, motion, intensity, index = {}, {}, {}, {}
    for name in ('cam0', 'cam1', 'cam2', 'left', 'right'):
        frames = f[f'gelsight/{name}/frames' if name in ('left', 'right') else f'realsense/{name}/color']
        duplicate[name], motion[name] = np.zeros(T), np.zeros(T)
        small, last = [], None
        for t in range(T):
            frame = frames[t]
            if last is not None:
                duplicate[name][t] = np.array_equal(frame, last)
                motion[name][t] = cv2.absdiff(frame, last).mean()
            if name in ('left', 'right'): small.append(prepared(frame))
            last = frame
        if small:
            first = small[0].astype(np.float32)
            index[name] = first_at_percentile(np.array([distance(x, first).mean() for x in small], np.float32))
            reference = small[index[name]].astype(np.float32)
            intensity[name] = np.array([distance(x, reference).mean() for x in small], np.float32)
    bodies = {s: (f[f'optitrack/sensor_{s}/timestamps'][()], f[f'optitrack/sensor_{s}/pose'][()]) for s in ('left', 'right')}

trim = int(np.searchsorted(stamps, max(ts[0] for ts, _ in bodies.values())))
t = stamps[trim:]
n = len(t)
entry = {'n_frames': n, 'intensity_spikes': union([x for s in intensity for x in spikes(intensity[s][trim:])], n)}
freezes = []
for side, (ts, S) in bodies.items():
    P = S[nearest(stamps, ts)][trim:]
    v, w = steps(P, np.diff(t))
    flags = np.zeros(n, bool)
    bad = (v > 5) | (w > 15)
    flags[:-1] |= bad
    flags[1:] |= bad
    entry[f'pose_teleports_{side[0].upper()}'] = merged(flags, 3)
    v, w = steps(S, np.maximum(np.diff(ts), 1e-9))
    mid = (ts[1:] + ts[:-1]) / 2
    shortest = round(0.25 / np.median(np.diff(t)))
    events = []
    for i, j in runs(np.all(P[1:] == P[:-1], axis=1)):
        a, b = i, j + 1
        if b - a + 1 < shortest: continue
        if events and a <= events[-1][1] + 2: events[-1][1] = b
        else: events.append([a, b])
    for a, b in events:
        lo, hi = max(t[0], t[a] - 1), min(t[-1], t[b] + 1)
        near = (mid >= lo) & (mid <= hi)
        gaps = np.diff(np.concatenate([[t[a]], ts[(ts >= t[a]) & (ts <= t[b])], [t[b]]]))
        pairs = trim + 1 + (np.arange(a, b) if b - a <= 32 else np.linspace(a, b - 1, 32).astype(int))
        d = {k: float(duplicate[k][pairs].mean()) for k in duplicate}
        m = {k: float(motion[k][pairs].mean()) for k in motion}
        signals = {'trans_vel_near_mps': float(v[near].max()), 'ang_vel_near_rad_s': float(w[near].max()), 'opt_gap_s': float(gaps.max()),
            'cam0_dup': d['cam0'], 'cam1_dup': d['cam1'], 'cam2_dup': d['cam2'], 'tac_dup': d[side],
            'cam0_motion': m['cam0'], 'cam1_motion': m['cam1'], 'view_motion': m['cam2'], 'tac_motion': m[side]}
        if min(d['cam0'], d['cam1'], d['cam2']) >= 0.30: verdict = 'pipeline_stall'
        elif signals['opt_gap_s'] >= 0.10 or signals['trans_vel_near_mps'] >= 5 or signals['ang_vel_near_rad_s'] >= 15: verdict = 'ot_loss'
        elif max(m['cam0'], m['cam1'], m['cam2']) < 2 and m[side] < 3: verdict = 'real_still'
        else: verdict = 'ot_loss'
        freezes.append({'side': side, 'a': a, 'b': b, 'verdict': verdict, **signals})
of = lambda verdict, *sides: union([(x['a'], x['b']) for x in freezes if x['verdict'] == verdict and x['side'] in sides], n)
entry['ot_loss_L'], entry['ot_loss_R'] = of('ot_loss', 'left'), of('ot_loss', 'right')
if of('pipeline_stall', 'left', 'right'): entry['pipeline_stall'] = of('pipeline_stall', 'left', 'right')
told(entry=entry, freezes=freezes)
`;
