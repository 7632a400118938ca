/** The rig's panel as a lab's script composes it: h5py, OpenCV and NumPy, one tick after the other. */
const PANEL = `
import sys, json, time, subprocess
import numpy as np, h5py, hdf5plugin, cv2
FONT = cv2.FONT_HERSHEY_SIMPLEX
def panel_of(f, tick, references, poses):
    panel = np.zeros((480, 1280, 3), np.uint8)
    nearest = lambda picture, w, h: cv2.resize(picture, (w, h), interpolation=cv2.INTER_NEAREST)
    for slot, (cam, label) in enumerate(((1, 'left cam'), (2, 'middle cam'), (0, 'right cam'))):
        frame = f[f'realsense/cam{cam}/color'][tick]
        panel[:240, slot * 320:(slot + 1) * 320] = nearest(frame, 320, 240)[..., ::-1]
        cv2.putText(panel, label, (slot * 320 + 8, 16), FONT, 0.42, (200, 200, 200), 1, cv2.LINE_AA)
    for slot, side in enumerate(('left', 'right')):
        frame = f[f'gelsight/{side}/frames'][tick]
        reference = references.setdefault(side, frame.astype(np.int16))
        change = np.clip(frame.astype(np.int16) - reference + 128, 0, 255).astype(np.uint8)
        panel[240:, slot * 480:slot * 480 + 240] = nearest(frame, 240, 240)
        panel[240:, slot * 480 + 240:slot * 480 + 480] = nearest(change, 240, 240)
    text = lambda line, y, size: cv2.putText(panel, line, (968, y), FONT, size, (225, 225, 225), 1, cv2.LINE_AA)
    text('OptiTrack', 20, 0.55)
    for at, (body, (times, values)) in enumerate(poses.items()):
        x, y, z, qx, qy, qz, qw = values[min(len(values) - 1, int(np.searchsorted(times, f['timestamps'][tick])))]
        for line, words in enumerate((body, f'x={x:+.3f} y={y:+.3f} z={z:+.3f}', f'qx={qx:+.2f} qy={qy:+.2f}', f'qz={qz:+.2f} qw={qw:+.2f}')):
            text(words, 46 + 66 * at + 16 * line, 0.45 if line == 0 else 0.38)
    text(f'tick {tick}', 338, 0.7)
    return panel
def poses_of(f):
    return {b: (f[f'optitrack/{b}/timestamps'][()], f[f'optitrack/{b}/pose'][()]) for b in ('motherboard', 'sensor_left', 'sensor_right')}
`;

/** Arguments: recording, ffmpeg's command line as JSON, ticks. Prints the seconds from the first read to the whole file. */
export const PREVIEW = `${PANEL}
start = time.perf_counter()
with h5py.File(sys.argv[1], 'r') as f:
    poses, references = poses_of(f), {}
    encoder = subprocess.Popen(json.loads(sys.argv[2]), stdin=subprocess.PIPE)
    for tick in range(int(sys.argv[3])):
        encoder.stdin.write(panel_of(f, tick, references, poses).data)
    encoder.stdin.close()
    if encoder.wait() != 0: raise SystemExit('ffmpeg failed')
print(json.dumps({'seconds': time.perf_counter() - start}))
`;

/** Arguments: recording, ticks as JSON, share of the size, target. Needs Pillow. */
export const GALLERY = `${PANEL}
from PIL import Image
import os
start = time.perf_counter()
with h5py.File(sys.argv[1], 'r') as f:
    poses, references, frames = poses_of(f), {}, []
    panel_of(f, 0, references, poses)
    scale = float(sys.argv[3])
    for tick in json.loads(sys.argv[2]):
        panel = panel_of(f, tick, references, poses)
        if scale != 1: panel = cv2.resize(panel, (round(1280 * scale), round(480 * scale)), interpolation=cv2.INTER_AREA)
        frames.append(panel)
chosen = [frames[i] for i in np.linspace(0, len(frames) - 1, min(16, len(frames))).astype(int)]
palette = Image.fromarray(np.vstack(chosen)).quantize(256, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
mapped = [Image.fromarray(frame).quantize(palette=palette, dither=Image.Dither.NONE) for frame in frames]
mapped[0].save(sys.argv[4], save_all=True, append_images=mapped[1:], duration=67, loop=0, optimize=True, disposal=0)
took = time.perf_counter() - start
shown = lambda image: np.asarray(image.convert('RGB')).astype(np.int16)
gel = slice(int(240 * scale), None), slice(0, int(960 * scale))
error = float(np.mean([np.abs(shown(m)[gel] - frame[gel].astype(np.int16)).mean() for m, frame in zip(mapped[::10], frames[::10])]))
print(json.dumps({'seconds': took, 'bytes': os.path.getsize(sys.argv[4]), 'error': error}))
`;

/** Arguments: recording, ticks as JSON, share of the size, a GIF. Prints how far its gels are from the panel's. Needs Pillow. */
export const GIF_ERROR = `${PANEL}
from PIL import Image
gif = Image.open(sys.argv[4])
scale = float(sys.argv[3])
gel = slice(int(240 * scale) + 2, None), slice(0, int(960 * scale))
errors = []
with h5py.File(sys.argv[1], 'r') as f:
    poses, references = poses_of(f), {}
    panel_of(f, 0, references, poses)
    for at, tick in enumerate(json.loads(sys.argv[2])):
        if at % 10: continue
        panel = panel_of(f, tick, references, poses)
        if scale != 1: panel = cv2.resize(panel, (round(1280 * scale), round(480 * scale)), interpolation=cv2.INTER_AREA)
        gif.seek(at)
        shown = np.asarray(gif.convert('RGB')).astype(np.int16)
        label = np.ones(shown.shape[:2], bool)
        label[int(240 * scale):int(266 * scale)] = False
        difference = np.abs(shown - panel.astype(np.int16))[gel][label[gel]]
        errors.append(difference.mean())
print(json.dumps({'error': float(np.mean(errors)), 'frames': gif.n_frames}))
`;

/** Arguments: two videos. Prints how far their pictures are apart, outside of labels, on average. */
export const VIDEO_ERROR = `
import sys, json, numpy as np, cv2
ours, theirs = cv2.VideoCapture(sys.argv[1]), cv2.VideoCapture(sys.argv[2])
errors, frames = [], 0
while True:
    (a, one), (b, other) = ours.read(), theirs.read()
    if a != b: raise SystemExit('one video is longer')
    if not a: break
    frames += 1
    if frames % 20: continue
    part = np.r_[30:240, 270:480]
    errors.append(np.abs(one[part, :960].astype(np.int16) - other[part, :960]).mean())
print(json.dumps({'frames': frames, 'error': float(np.mean(errors))}))
`;
