import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { encodePattern } from '../bit-pattern-video.ts';
import { runArrow } from '../python.ts';

/** A dataset as the field's own libraries write it: pandas for the tables, pyarrow for the rows, one row group a file. */
const WRITE_DATASET = `
import json, sys, pathlib
import numpy as np, pandas as pd, pyarrow as pa, pyarrow.parquet as pq
root = pathlib.Path(sys.argv[1]); codec = sys.argv[2]
for below in ("meta/episodes/chunk-000", "data/chunk-000"): (root / below).mkdir(parents=True)
lengths = [40, 25]; fps = 20
frames = sum(lengths)
episode = np.repeat(np.arange(len(lengths)), lengths)
frame = np.concatenate([np.arange(n) for n in lengths])
state = np.random.default_rng(3).normal(size=(frames, 6)).astype(np.float32)
state[:, 0] = np.arange(frames)
matrix = np.arange(frames * 6, dtype=np.float64).reshape(frames, 2, 3)
png = bytes.fromhex("89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c4944415408d763f8cfc0000003010100c9fe92ef0000000049454e44ae426082")
table = pa.table({
    "observation.state": pa.FixedSizeListArray.from_arrays(pa.array(state.reshape(-1)), 6),
    "action": pa.array(state.tolist(), pa.list_(pa.float32())),
    "observation.matrix": pa.array(matrix.tolist(), pa.list_(pa.list_(pa.float64()))),
    "observation.images.tiny": pa.array([{"bytes": png, "path": None}] * frames, pa.struct({"bytes": pa.binary(), "path": pa.string()})),
    "language_persistent": pa.array([[{"role": "assistant", "content": f"Subtask {e}", "style": "subtask", "timestamp": 0.5}] for e in episode],
        pa.list_(pa.struct({"role": pa.string(), "content": pa.string(), "style": pa.string(), "timestamp": pa.float32()}))),
    "next.done": pa.array(np.isin(np.arange(frames), np.cumsum(lengths) - 1)),
    "timestamp": pa.array((frame / fps).astype(np.float32)),
    "frame_index": pa.array(frame, pa.int64()),
    "episode_index": pa.array(episode, pa.int64()),
    "index": pa.array(np.arange(frames), pa.int64()),
    "task_index": pa.array(episode % 2, pa.int64()),
})
pq.write_table(table, root / "data/chunk-000/file-000.parquet", compression=codec)
texts = ["Stack the cups.", "Fold the towel ✓."]
pd.DataFrame({"task_index": [0, 1]}, index=texts).to_parquet(root / "meta/tasks.parquet")
ends = np.cumsum(lengths); starts = ends - lengths
pq.write_table(pa.Table.from_pylist([{
    "episode_index": i, "tasks": [texts[i % 2]], "length": lengths[i],
    "data/chunk_index": 0, "data/file_index": 0,
    "dataset_from_index": int(starts[i]), "dataset_to_index": int(ends[i]),
    "videos/observation.images.top/chunk_index": 0, "videos/observation.images.top/file_index": 0,
    "videos/observation.images.top/from_timestamp": float(starts[i] / fps),
    "videos/observation.images.top/to_timestamp": float(ends[i] / fps),
    "stats/action/mean": state.mean(0).tolist(), "success": bool(i),
} for i in range(len(lengths))]), root / "meta/episodes/chunk-000/file-000.parquet", compression=codec)
number = lambda dtype: {"dtype": dtype, "shape": [1], "names": None}
(root / "meta/stats.json").write_text(json.dumps({"observation.state": {"min": state.min(0).tolist(), "max": state.max(0).tolist(), "count": [frames], "mean": [float("nan")] * 6}}))
(root / "meta/info.json").write_text(json.dumps({
    "codebase_version": "v3.0", "robot_type": "so100", "fps": fps, "total_episodes": 2, "total_frames": frames, "total_tasks": 2,
    "chunks_size": 1000, "splits": {"train": "0:2"},
    "data_path": "data/chunk-{chunk_index:03d}/file-{file_index:03d}.parquet",
    "video_path": "videos/{video_key}/chunk-{chunk_index:03d}/file-{file_index:03d}.mp4",
    "features": {
        "observation.state": {"dtype": "float32", "shape": [6], "names": {"motors": ["a", "b", "c", "d", "e", "f"]}},
        "action": {"dtype": "float32", "shape": [6], "names": ["a", "b", "c", "d", "e", "f"]},
        "observation.matrix": {"dtype": "float64", "shape": [2, 3], "names": None},
        "observation.images.tiny": {"dtype": "image", "shape": [1, 1, 3], "names": ["height", "width", "channels"]},
        "observation.images.top": {"dtype": "video", "shape": [240, 320, 3], "names": ["height", "width", "channels"]},
        "language_persistent": {"dtype": "language", "shape": [1], "names": None},
        "next.done": number("bool"), "timestamp": number("float32"),
        **{key: number("int64") for key in ("frame_index", "episode_index", "index", "task_index")},
    },
}))
`;

/** Writes it into a new folder, with the video by ffmpeg: two episodes of 40 and 25 frames in one file, frame i paints i. */
export async function writeForeignLeRobot(folder: string, codec: string): Promise<void> {
  runArrow(WRITE_DATASET, folder, codec);
  const video = path.join(folder, 'videos/observation.images.top/chunk-000/file-000.mp4');
  mkdirSync(path.dirname(video), { recursive: true });
  await encodePattern(video, { frames: 65, rateHz: 20, encode: ['-c:v', 'libx264', '-bf', '2'] });
}
