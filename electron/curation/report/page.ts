import { classWord } from '../../../shared/review/queue.ts';
import { formatTime } from '../../../shared/time/nanoseconds.ts';
import type { Box } from '../preflight/boxes.ts';
import { type Counters, type ModeCounts, stateOf } from './counters.ts';
import type { Picture, RecordingReport, ReportEvent } from './gather.ts';
import { FileContent, Html, html } from './html.ts';
import { STYLE } from './style.ts';

/** All that stands in the page. The same again gives the same page, but for the time it was written at. */
export interface Report {
  title: string;
  /** Folder of the dataset, for the commands. */
  root: string;
  /** Where the workstation is served: moments are links to it. */
  link: string;
  version: string;
  counters: Counters;
  recordings: readonly RecordingReport[];
  /** Null where no recording is of the rig. */
  preflight: readonly Box[] | null;
}

/** Nothing is fetched, nothing runs: not even what a name from a file might smuggle in. */
const POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

export function pageOf(report: Report, at: Date): Html {
  const { title, version, counters, recordings, preflight, root, link } = report;
  return html`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="referrer" content="no-referrer">
<title>${title} – curation report</title>
<style>${new Html([STYLE])}</style>
</head>
<body>
<header>
<h1>${title}</h1>
<p class="quiet">Curation report, written ${utc(at.toISOString())} by Regrasp ${version}. Detectors propose, people decide: what is undecided here is nobody’s label.</p>
</header>
<main>
${countersOf(counters)}
${preflight === null ? null : boxesOf(preflight)}
${momentsOf(root, link)}
<nav aria-label="Recordings"><h2>Recordings</h2><ul>${recordings.map(entryOf)}</ul></nav>
${recordings.map((recording, number) => recordingOf(recording, number, link))}
</main>
</body>
</html>
`;
}

function countersOf(counters: Counters): Html {
  const { recordings, notDetected, durationNs, frames, cutFrames, undecided, modes } = counters;
  const figures: readonly [string, string][] = [
    ['recordings', `${recordings}`],
    ['recorded', formatTime(durationNs)],
    ['frames', grouped(frames)],
    ['frames cut', `${grouped(cutFrames)} (${share(cutFrames, frames)})`],
    ['frames left', grouped(frames - cutFrames)],
    ['findings undecided', `${undecided}`],
  ];
  const row = ({
    class: of,
    events,
    frames: covered,
  }: ModeCounts) => html`<tr><th scope="row">${classWord(of)} <code>${of}</code></th>
${[
  events.all,
  events.undecided,
  events.keep,
  events.cut,
  covered.all,
  covered.keep,
  covered.cut,
  covered.undecided,
].map(
  (count) => html`<td class="number">${grouped(count)}</td>`,
)}<td class="number">${share(covered.all, frames)}</td></tr>`;
  return html`<section aria-labelledby="counters"><h2 id="counters">Counters</h2>
<dl>${figures.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
${notDetected > 0 && html`<p class="open"><span class="word">In ${notDetected} of ${recordings} recordings nothing was looked for yet:</span> they are counted, and nothing is known of them.</p>`}
${
  modes.length === 0
    ? html`<p>Nothing was found.</p>`
    : table(
        'Failure modes: findings, and the frames they cover. A frame counts once a mode, whatever shares it; shares are of all frames, those before a trim as well.',
        [
          'Failure mode',
          'Findings',
          'Undecided',
          'Kept',
          'Cut',
          'Frames',
          'Frames kept',
          'Frames cut',
          'Frames undecided',
          'Share of frames',
        ],
        modes.map(row),
        { numbersFrom: 1 },
      )
}</section>`;
}

function boxesOf(boxes: readonly Box[]): Html {
  const open = boxes.filter(({ isTicked }) => !isTicked).length;
  const row = ({
    box,
    isTicked,
    evidence,
    missing,
    command,
  }: Box) => html`<tr><td class="word ${isTicked ? 'keep' : 'cut'}">${isTicked ? '✓ yes' : '✗ no'}</td>
<th scope="row">${box}</th><td>${evidence}</td><td>${missing.length > 0 && html`<ul class="plain">${missing.map((each) => html`<li>${each}</li>`)}</ul>`}${command !== null && html`<p>mend: <code>${command}</code></p>`}</td></tr>`;
  return html`<section aria-labelledby="preflight"><h2 id="preflight">Before publishing</h2>
<p>${open === 0 ? `All ${boxes.length} boxes are ticked.` : `${open} of ${boxes.length} boxes are open.`}</p>
${table('Boxes that must be ticked before the dataset is published', ['Ticked', 'Box', 'Evidence', 'What keeps it open'], boxes.map(row))}</section>`;
}

function momentsOf(root: string, link: string): Html {
  const port = new URL(link).port || '80';
  return html`<section aria-labelledby="moments"><h2 id="moments">Opening a moment</h2>
<p>Moments are links to ${link}. They open while the dataset is served there: <code>regrasp serve ${quoted(root)} --port ${port}</code>, its address opened once in this browser. Without a browser, the address that stands under each does the same: <code>regrasp open ${quoted(root)} --at ‹address›</code>, in quotes.</p></section>`;
}

function entryOf({ name, check, events }: RecordingReport, number: number): Html {
  const undecided = events?.filter((event) => stateOf(event) === 'undecided').length ?? 0;
  const told =
    events === null
      ? 'not looked at'
      : events.length === 0
        ? 'nothing found'
        : `${events.length} found, ${undecided} undecided`;
  return html`<li><a href="#recording-${number}">${name}</a> <span class="quiet">${told}${check.status === 'error' && ', errors'}</span></li>`;
}

function recordingOf(recording: RecordingReport, number: number, link: string): Html {
  const { name, path, format, ticks, durationNs, detected, events, unmatched, address, reviewProblems } = recording;
  const facts = [
    path === name ? null : path,
    format === '' ? 'of no known format' : format,
    ticks === null ? 'ticks unknown' : `${grouped(ticks)} ticks`,
    durationNs === null ? null : formatTime(durationNs),
    detected && html`looked at ${utc(detected.at)}`,
    detected && detected.first > 0 ? `judged from tick ${detected.first} on: ${detected.reason}` : null,
  ];
  return html`<section aria-labelledby="recording-${number}"><h2 id="recording-${number}">${name}</h2>
<p class="quiet">${facts.filter((fact) => fact !== null).map((fact, at) => html`${at > 0 && ' · '}${fact}`)}</p>
<p>${momentOf(address, 'Open it', link)}</p>
${pictureOf(recording.preview, `Preview of ${name}: three cameras above, the gels below, over the whole recording`, 'Preview', true)}
${checkOf(recording)}
<h3>Findings</h3>
${events === null && html`<p class="open">${recording.isClosed ? 'It cannot be read, so nothing was looked for.' : html`Nothing was looked for in it yet: run <code>regrasp detect</code>.`}</p>`}
${events?.length === 0 && html`<p>Nothing was found.</p>`}
${
  events !== null &&
  events.length > 0 &&
  table(
    `Findings of ${name}, in order of time`,
    ['Finding', 'When', 'Length', 'Signals, and their limits', 'Verdict'],
    events.map((event) => eventRow(event, link)),
  )
}
${
  unmatched.length > 0 &&
  html`<h3>Verdicts without an event</h3><ul>${unmatched.map(
    ({ id, annotator, at, verdict, reason }) =>
      html`<li>${verdict.value} by ${annotator}${at !== null && html`, ${utc(at)}`} on ${classWord(verdict.of.class)} at ticks ${verdict.of.ticks.join(' to ')} (<code>${id}</code>): ${reason === 'conflict' ? 'it falls together with one that says otherwise' : 'no event is there any more'}.${verdict.note ? html` Note: ${verdict.note}` : null}</li>`,
  )}</ul>`
}
${saidOf(recording)}
${reviewProblems.length > 0 && html`<h3>Problems of the review</h3><ul>${reviewProblems.map((each) => html`<li>${each}</li>`)}</ul>`}
</section>`;
}

function checkOf({ check: { status, problems, notes, take } }: RecordingReport): Html {
  const word = { good: 'good', warning: 'warnings', error: 'errors' }[status];
  const tone = { good: 'keep', warning: 'open', error: 'cut' }[status];
  return html`<h3>Check: <span class="${tone}">${word}</span></h3>
${problems.length + notes.length > 0 && html`<ul>${problems.map(({ severity, code, message }) => html`<li><span class="${severity === 'error' ? 'cut' : 'open'}">${severity}</span> <code>${code}</code> ${message}</li>`)}${notes.map((note) => html`<li>${note}</li>`)}</ul>`}
${take && html`<ul>${take.map(({ isFine, text }) => html`<li><span class="${isFine ? 'keep' : 'cut'}">${isFine ? 'yes' : 'no'}</span> ${text}</li>`)}</ul>`}`;
}

function eventRow(event: ReportEvent, link: string): Html {
  const { class: of, side, text, finding, hand, ticks, fromNs, toNs, address, clips } = event;
  const [first, last] = ticks;
  const seconds = fromNs === null || toNs === null ? null : (toNs - fromNs) / 1e9;
  const when = fromNs === null || toNs === null ? null : `${formatTime(fromNs)} to ${formatTime(toNs)}`;
  return html`<tr><th scope="row" class="wide">${classWord(of)}${side && `, ${side}`}${finding?.cause && html` <span class="quiet">(${finding.cause})</span>`}
${text !== '' && html`<p>${text}</p>`}${hand && html`<p class="quiet">By hand${hand.replaces.length > 0 && `, in place of ${hand.replaces.join(', ')}`}.</p>`}
${clips.map((clip) => pictureOf(clip, `Clip of ${classWord(of)} at ticks ${first} to ${last}`, 'Clip', false))}</th>
<td class="moment">ticks ${first} to ${last}${when && html`<br>${when}`}<br>${momentOf(address, `Open ticks ${first} to ${last}`, link)}</td>
<td class="number">${last - first + 1} ${last === first ? 'tick' : 'ticks'}${seconds !== null && html`<br>${seconds.toFixed(2)} s`}</td>
<td class="wide">${finding ? signalsOf(finding.signals, finding.thresholds) : html`<span class="quiet">none: made by a person</span>`}</td>
<td>${verdictOf(event)}</td></tr>`;
}

function signalsOf(signals: Record<string, number | null>, thresholds: Record<string, number>): Html {
  const names = [...new Set([...Object.keys(signals), ...Object.keys(thresholds)])];
  if (names.length === 0) return html`<span class="quiet">none</span>`;
  const shown = (value: number | null | undefined) => (value === null || value === undefined ? '–' : figure(value));
  return html`<ul class="plain">${names.map((name) => html`<li>${name} ${shown(signals[name])}${Object.hasOwn(thresholds, name) && html` <span class="quiet">(limit ${shown(thresholds[name])})</span>`}</li>`)}</ul>`;
}

function verdictOf(event: ReportEvent): Html {
  const { decision } = event;
  const state = stateOf(event);
  if (decision === null || state === 'undecided') return html`<span class="word open">undecided</span>`;
  const { annotator, at, verdict, movedFrom } = decision;
  return html`<span class="word ${state}">${state}</span> by ${annotator}${at !== null && html`<br>${utc(at)}`}${verdict.note && html`<p>${verdict.note}</p>`}
${movedFrom && html`<p class="quiet">decided when it was ${classWord(movedFrom.class)} at ticks ${movedFrom.ticks.join(' to ')}</p>`}`;
}

function saidOf({ said }: RecordingReport): Html | null {
  if (said.length === 0) return null;
  const where = (ticks: readonly number[] | undefined) => ticks && ` at ticks ${ticks[0]} to ${ticks[1]}`;
  return html`<h3>Said of it</h3><ul>${said.map(
    ({ annotator, outcome, notes, flags }) => html`
${outcome && html`<li>${annotator}: outcome ${outcome.value.replaceAll('_', ' ')}${outcome.reason && html` (${outcome.reason})`}</li>`}
${notes.map(({ text, ticks }) => html`<li>${annotator}${where(ticks)}: ${text}</li>`)}
${flags.map(({ kind, ticks, side, text }) => html`<li>${annotator}: flag ${kind.replaceAll('_', ' ')}${side && `, ${side}`}${where(ticks)}${text && html`: ${text}`}</li>`)}`,
  )}</ul>`;
}

function pictureOf(picture: Picture, alternative: string, summary: string, isOpen: boolean): Html {
  if ('absent' in picture) return html`<p class="quiet">${summary}: ${picture.absent}</p>`;
  const { file } = picture;
  return html`<details${isOpen ? new Html([' open']) : null}><summary>${summary}</summary><picture><source media="(prefers-reduced-motion: reduce), print" srcset="${new FileContent(file, 'still')}"><img alt="${alternative}" src="${new FileContent(file, 'whole')}"></picture></details>`;
}

function momentOf(address: string, words: string, link: string): Html {
  return html`<a href="${link}#${address}">${words}</a><br><code class="address">${address}</code>`;
}

/** In a box that scrolls by itself, so that a narrow page does not. */
function table(
  caption: string,
  columns: readonly string[],
  rows: readonly Html[],
  { numbersFrom = columns.length } = {},
): Html {
  return html`<div class="scroll" role="region" tabindex="0" aria-label="${caption}"><table><caption>${caption}</caption>
<thead><tr>${columns.map((column, at) => html`<th scope="col"${at >= numbersFrom ? new Html([' class="number"']) : null}>${column}</th>`)}</tr></thead>
<tbody>${rows}</tbody></table></div>`;
}

/** 12 345 in groups of three that do not break. */
function grouped(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, '\u202f');
}

function share(part: number, whole: number): string {
  return whole > 0 ? `${((100 * part) / whole).toFixed(2)}\u202f%` : '–';
}

function figure(value: number): string {
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(4)));
}

/** The reader's own zone is not known to a page without a script: the zone is said. */
function utc(iso: string): Html {
  const time = new Date(iso);
  const shown = Number.isNaN(time.getTime()) ? iso : `${time.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  return html`<time datetime="${iso}">${shown}</time>`;
}

function quoted(text: string): string {
  return /^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
