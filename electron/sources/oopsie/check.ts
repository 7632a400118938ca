import { type CheckFindings, type OpenedEpisode, type OpenFile, SourceFault, type SourcePorts } from '../source.ts';
import { checkAnnotations } from './check-annotations.ts';
import { checkArrays } from './check-arrays.ts';
import { checkDiversity } from './check-diversity.ts';
import { checkMetadata } from './check-metadata.ts';
import { checkDeclared, checkProfile } from './check-profile.ts';
import { checkVideos } from './check-videos.ts';
import { type OopsieFile, readOopsie } from './read.ts';
import { Findings } from './rule.ts';

/** Every rule that a lab's upload is held to, and every fault of each, where its own tool stops at the first. */
export async function checkOopsie(file: OpenFile, opened: OpenedEpisode, ports: SourcePorts): Promise<CheckFindings> {
  let read: OopsieFile;
  try {
    read = await readOopsie(file, ports);
  } catch (error) {
    if (!(error instanceof SourceFault)) throw error;
    // Opening has said why.
    return { problems: [] };
  }
  const findings = new Findings(file, read);
  checkMetadata(findings);
  checkProfile(findings);
  checkDeclared(findings);
  checkArrays(findings);
  await checkVideos(findings, ports);
  checkAnnotations(findings);
  await checkDiversity(findings, file, ports);
  if (/\.hdf5$/i.test(file.name)) {
    findings.warning(
      'ending',
      'the web annotator of the format lists only files that end in .h5: rename it, its videos keep their names.',
    );
  }
  const told = new Set(opened.episode.problems.map(({ message }) => message));
  const problems = findings.problems.filter(({ message }) => !told.has(message));
  return { problems, notes: notesOf(file, read), judgements: judgementsOf(read) };
}

function notesOf(file: OpenFile, { steps, rate, videos, found, notRecorded }: OopsieFile): string[] {
  const notes = [`${file.name}: ${steps} steps at ${rate.hz} Hz (${rate.where}), ${(steps / rate.hz).toFixed(2)} s`];
  if (found.profile)
    notes.push(`robot profile from ${found.from}: ${found.profile.robotName}, ${found.profile.policyName}`);
  if (notRecorded.length > 0) notes.push(`not recorded, as declared: ${notRecorded.join(', ')}`);
  for (const { entry, found: video, probed } of videos) {
    if (probed)
      notes.push(
        `${entry.key}: ${probed.facts.frameCount} frames, ${probed.facts.width} × ${probed.facts.height}, found by step ${video.step}`,
      );
  }
  return notes;
}

function judgementsOf({ annotations }: OopsieFile): string[] {
  return annotations.map(
    ({ annotation: { annotator, outcome, source } }) =>
      `${annotator}: ${outcome ?? 'no outcome'}${source ? ` (${source})` : ''}`,
  );
}
