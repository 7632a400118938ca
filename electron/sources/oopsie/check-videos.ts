import { DURATION_SLACK_SECONDS } from '../common/step-video.ts';
import type { SourcePorts } from '../source.ts';
import { x264Quality } from './encoder-mark.ts';
import type { Findings } from './rule.ts';

const SMALLEST_PX = 180;
const LARGEST_PX = 1280;
const WORST_CRF = 19;

/** Rules of the videos; that they are there and have about as many frames as there are steps is told by opening. */
export async function checkVideos(findings: Findings, { files }: SourcePorts): Promise<void> {
  const { videos, steps, rate } = findings.read;
  for (const { entry, probed } of videos) {
    const { id, key, isCamera, stored } = entry;
    if (stored && /^([\\/]|[A-Za-z]:)/.test(stored)) {
      findings.error(
        'absolute-path',
        `the video path of ${key} is absolute (${stored}): store the path relative to the recording.`,
        id,
      );
    }
    if (!probed) continue;
    const { width, height, frameCount, rateHz } = probed.facts;
    const least = isCamera ? SMALLEST_PX : 1;
    if (Math.min(width, height) < least || Math.max(width, height) > LARGEST_PX) {
      const range = isCamera ? `${SMALLEST_PX} to ${LARGEST_PX}` : `up to ${LARGEST_PX}`;
      findings.error(
        'video-size',
        `the video of ${key} is ${width} × ${height} pixels where ${range} a side are taken.`,
        id,
      );
    }
    const apart = rateHz > 0 ? Math.abs(frameCount / rateHz - steps / rate.hz) : 0;
    if (rate.isRecorded && apart > DURATION_SLACK_SECONDS) {
      findings.error(
        'video-duration',
        `the video of ${key} lasts ${(frameCount / rateHz).toFixed(2)} s and the ${steps} steps ${(steps / rate.hz).toFixed(2)} s, ${apart.toFixed(2)} s apart where ${DURATION_SLACK_SECONDS} s are allowed.`,
        id,
      );
    }
    const crf = await x264Quality(files, probed.realPath);
    if (crf === null || crf > WORST_CRF) {
      const said = crf === null ? 'does not tell its quality' : `was encoded with CRF ${crf}`;
      findings.warning(
        'video-quality',
        `the video of ${key} ${said}: x264 with CRF ${WORST_CRF} or better is asked for.`,
        id,
      );
    }
  }
  const counts = videos.flatMap(({ probed, entry }) =>
    probed ? [{ key: entry.key, count: probed.facts.frameCount }] : [],
  );
  counts.sort((a, b) => a.count - b.count);
  const [fewest, most] = [counts[0], counts.at(-1)];
  if (fewest && most && most.count - fewest.count > 1) {
    findings.error(
      'videos-differ',
      `the videos differ in length: ${fewest.key} has ${fewest.count} frames, ${most.key} ${most.count}; one apart is allowed.`,
    );
  }
}
