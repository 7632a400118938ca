import { rm } from 'node:fs/promises';
import path from 'node:path';
import type { Finding } from '../../../shared/review/finding.ts';
import { Fault } from '../../fault.ts';
import type { OpenWorkstationEpisode } from '../../workstation-types.ts';
import { digestOf, madeOf, rememberMade } from '../common/made.ts';
import { datasetFigure } from '../common/output-paths.ts';
import { standsFresh, writeOutput } from '../common/write-output.ts';
import { readFindings } from '../detect/findings-store.ts';
import { delaysCs } from '../gif/gif-file.ts';
import { calibrationFolder } from '../panel/calibration-folder.ts';
import { digestOfChoices } from '../panel/choices.ts';
import { forEachEpisode } from '../panel/for-each-episode.ts';
import { gifOfTicks } from '../panel/gif-of-ticks.ts';
import { PanelSource } from '../panel/panel-source.ts';
import { PictureThread } from '../panel/picture-thread.ts';
import type { StageContext, StageEnd, StageEpisode } from '../stage.ts';
import { chooseFindings } from './choose-findings.ts';
import { clipEvent } from './clip-event.ts';
import { type GelReferences, gelReferences } from './gel-references.ts';
import { type ClipsOptions, classesOf } from './options.ts';
import { type Clip, scheduleClips } from './schedule.ts';
import { type ClipRow, readSummary, writeSummary } from './summary.ts';

/** Grows when the same event would give another clip. */
const VERSION = 1;
/** What the pipeline document calls the folder. */
const FOLDER = 'freeze_check_short';
/** How long a clip's last picture stays where its ticks have no rate. */
const USUAL_PERIOD_S = 1 / 30;

export async function runClips(context: StageContext<ClipsOptions>): Promise<StageEnd> {
  const { options, decode, media, signal, log } = context;
  const folder = context.out ?? datasetFigure(context, FOLDER);
  const before = await readSummary(folder);
  const calibration = await calibrationFolder(options.calibration);
  const thread = new PictureThread(context.workerDir);
  const rows = new Map(before.map((row) => [row.gif, row]));
  let clips = 0;
  try {
    const counts = await forEachEpisode(context, 1, async (episode, opened) => {
      const found =
        opened.fingerprint === null ? null : await readFindings(context.root.storageDir, opened.fingerprint);
      if (!found) throw new Fault('UNUSABLE', 'nothing was looked for in it yet: run regrasp detect first.');
      await dropGone(context, folder, rows, episode, found.findings);
      const panelOptions = { overlay: options.projection, asLive: options.asLive, ...calibration };
      const source = await PanelSource.of(opened, panelOptions, { decode, media, signal });
      try {
        const choice = {
          ...options,
          classes: options.class === undefined ? null : classesOf(options.class),
          maxMargin: options.maxMargin,
        };
        const references = await gelReferences(context.root.path, episode, opened);
        const parts = { context, folder, episode, opened, source, thread, references, trim: found.trim.first };
        const made: ClipRow[] = [];
        let isFreshAll = true;
        for (const finding of chooseFindings(found.findings, choice)) {
          for (const [number, clip] of scheduleClips(finding.ticks, source.ticks, options.schedule).entries()) {
            if (clip.ticks.length === 0) continue;
            const { row, isNew } = await makeClip({ ...parts, finding, clip, number }, rows);
            isFreshAll &&= !isNew;
            made.push(row);
          }
        }
        for (const sentence of source.damaged) log(`${episode.path}: ${sentence}`);
        for (const row of made) rows.set(row.gif, row);
        clips += made.length;
        return isFreshAll ? 'fresh' : 'made';
      } finally {
        await source.close();
      }
    });
    await writeSummary({ root: context.root, out: context.out }, folder, [...rows.values()]);
    const { made, fresh, failed } = counts;
    return {
      message: `${clips} clips of ${recordings(made + fresh)} in ${folder}${failed > 0 ? `, ${recordings(failed)} failed` : ''}.`,
      result: { ...counts, folder, clips: [...rows.values()] },
    };
  } finally {
    await thread.close();
  }
}

function recordings(count: number): string {
  return `${count} ${count === 1 ? 'recording' : 'recordings'}`;
}

interface ClipPlan {
  context: StageContext<ClipsOptions>;
  folder: string;
  episode: StageEpisode;
  opened: OpenWorkstationEpisode;
  source: PanelSource;
  thread: PictureThread;
  finding: Finding;
  clip: Clip;
  number: number;
  references: GelReferences;
  /** Tick of the recording that the published ones count from. */
  trim: number;
}

async function makeClip(plan: ClipPlan, rows: ReadonlyMap<string, ClipRow>): Promise<{ row: ClipRow; isNew: boolean }> {
  const { context, folder, episode, opened, source, thread, finding, clip, trim, references } = plan;
  const { options, root } = context;
  const [first, last] = finding.ticks;
  const published = [first - trim, last - trim] as const;
  const gif = nameOf(plan, published);
  const file = path.join(folder, gif);
  const { class: _, force, calibration: __, minS: ___, maxS: ____, maxMargin: _____, ...shown } = options;
  const from = [
    opened.fingerprint ?? opened.revision,
    digestOfChoices(opened, source.calibration),
    references.digest,
    digestOf([finding.id, finding.class, finding.side, finding.streams, clip, trim]),
  ];
  const making = { file, stage: 'clips', from, options: { ...shown, version: VERSION } };
  const known = rows.get(gif);
  if (!force && known && (await standsFresh(root, making))) return { row: known, isNew: false };

  const times = opened.opened.clocks.get(opened.opened.episode.masterClock) ?? new Float64Array(0);
  const secondsAt = clip.ticks.map((tick) => (times[tick] ?? 0) / 1e9);
  const lastS = secondsAt.length > 1 ? (secondsAt.at(-1) as number) - (secondsAt.at(-2) as number) : USUAL_PERIOD_S;
  await source.begin(thread);
  for (const [stream, picture] of references.byStream) await source.showAgainst(thread, stream, picture);
  const made = await gifOfTicks(source, thread, {
    ...{ ticks: clip.ticks, maxKib: options.maxKib, colors: options.colors, delaysCs: delaysCs(secondsAt, lastS) },
    eventAt: (tick) => {
      const place = { at: clip.ticks.indexOf(tick) + 1, of: clip.ticks.length, label: clip.label, published };
      return clipEvent(finding, tick, times[tick] ?? 0, place);
    },
    eventTicks: finding.ticks,
    remedy: 'allow more with --max-kib',
    onFrame: (done, of) => context.progress({ message: `${episode.path}, ${finding.class}, picture ${done} of ${of}` }),
  });
  await writeOutput({ root, out: context.out }, file, made.bytes);
  await rememberMade(root, making);
  const row: ClipRow = {
    ...{ episode: episodeName(episode), side: finding.side ?? '' },
    ...{ freeze_a: published[0], freeze_b: published[1] },
    freeze_len_s: Math.round((finding.endNs - finding.startNs) / 1e5) / 1e4,
    ...{ clip_a: (clip.ticks[0] as number) - trim, clip_b: (clip.ticks.at(-1) as number) - trim },
    ...{ label: clip.label, gif, task: episode.task, class: finding.class, id: finding.id },
    ...{ _h5_a: first, _h5_b: last, frames: made.frames, bytes: made.bytes.length },
  };
  return { row, isNew: true };
}

/** As in the files of stage 5: "<date>/<episode>", the episode alone where it lies in no folder of a date. */
function episodeName({ date, stem }: Pick<StageEpisode, 'date' | 'stem'>): string {
  return date === '' ? stem : `${date}/${stem}`;
}

/** `<task>/<date>_<episode>_<side>_<a>-<b>_clip<NN>_<label>.gif`; what is no freeze says what it is in its label. */
function nameOf({ episode, finding, clip, number }: ClipPlan, [a, b]: readonly [number, number]): string {
  const side = finding.side ?? 'both';
  const what = finding.detector === 'pose-freeze' ? clip.label : `${finding.class}_${clip.label}`;
  const name = [episode.date, episode.stem, side, `${a}-${b}`, `clip${String(number).padStart(2, '0')}`, what];
  return path.posix.join(safe(episode.task), `${safe(name.filter((part) => part !== '').join('_'))}.gif`);
}

/** A name from a file may not lead elsewhere. */
function safe(name: string): string {
  const plain = name.replace(/[/\\:*?"<>|\p{Cc}]/gu, '_');
  return plain === '.' || plain === '..' ? '_' : plain;
}

/** Clips of events that are not found any more go, if they are still as this stage made them. */
async function dropGone(
  { root }: StageContext<ClipsOptions>,
  folder: string,
  rows: Map<string, ClipRow>,
  { task, date, stem }: StageEpisode,
  findings: readonly Finding[],
): Promise<void> {
  const there = new Set(findings.map(({ id }) => id));
  for (const [gif, row] of rows) {
    if (row.task !== task || row.episode !== episodeName({ date, stem }) || there.has(row.id)) continue;
    const file = path.join(folder, gif);
    // A summary is a file that anybody may have written: nothing outside of its folder is touched for it.
    const below = path.relative(folder, file);
    if (!below.startsWith('..') && (await madeOf(root, file))?.stage === 'clips') await rm(file, { force: true });
    rows.delete(gif);
  }
}
