import type { Ask, Episode, RecordedAnnotation } from '../../shared/episode/episode.ts';
import { masterClockOf } from '../../shared/episode/episode.ts';
import { formatTime, NS_PER_SECOND } from '../../shared/time/nanoseconds.ts';
import type { Workstation } from '../workstation-types.ts';
import type { CliContext } from './context.ts';
import { withEpisode } from './episode-command.ts';
import { EXIT, formatBytes, formatTable, printJson } from './output.ts';

/** Samples of one recording are decoded in a second or two; no disk is so slow that one should wait longer. */
const TRY_MS = 60_000;

/** What a recording holds. Exit code 1 when it has an error. */
export async function inspect(context: CliContext, file: string, options: { json?: boolean }): Promise<number> {
  return withEpisode(context, file, async ({ opened, path, fingerprint, orderOf }, workstation, root) => {
    const shown = await workstation.shownEpisode(opened.episode.id);
    const episode = await withDamage(shown, workstation, root.id);
    const streams = episode.streams.map((stream) => ({ ...stream, order: orderOf(stream) }));
    if (options.json) await printJson(context.output, describeForMachines({ ...episode, streams }, path, fingerprint));
    else await context.output.out(describeForPeople({ ...episode, streams }, path));
    return episode.problems.some(({ severity }) => severity === 'error') ? EXIT.problems : EXIT.fine;
  });
}

/** Decodes samples of every stream, as the library does. */
async function withDamage(episode: Episode, workstation: Workstation, root: string): Promise<Episode> {
  const { library } = await workstation.tried(root, TRY_MS);
  const known = new Set(episode.problems.map(({ message }) => message));
  const listed = library.entries.find(({ id }) => id === episode.id)?.problems ?? [];
  return { ...episode, problems: [...episode.problems, ...listed.filter(({ message }) => !known.has(message))] };
}

function describeForMachines(episode: Episode, file: string, fingerprint: string | null): Record<string, unknown> {
  const master = masterClockOf(episode);
  const { id, path, format, task, date, name, sizeBytes, createdAt, startUnixSeconds, streams, series, tracks } =
    episode;
  return {
    ...{ id, file, path, format, task, date, name, sizeBytes, createdAt, startUnixSeconds, fingerprint },
    clock: describeClock(master),
    clocks: episode.clocks.map(describeClock),
    ...{ streams, series, tracks },
    metadata: episode.metadata,
    instruction: episode.instruction,
    outcome: episode.outcome,
    properties: episode.properties,
    marks: episode.marks,
    annotations: episode.annotations,
    keepsBack: episode.keepsBack,
    asks: episode.asks,
    assumed: episode.assumed,
    suggestedTactileOffset: episode.suggestedTactileOffset,
    problems: episode.problems,
  };
}

function describeClock(clock: Episode['clocks'][number]): Record<string, unknown> {
  const { firstNs, lastNs, medianPeriodNs, worstGapNs } = clock;
  return {
    ...clock,
    durationSeconds: firstNs === null || lastNs === null ? null : (lastNs - firstNs) / NS_PER_SECOND,
    medianRateHz: medianPeriodNs ? NS_PER_SECOND / medianPeriodNs : null,
    worstGapSeconds: worstGapNs === null ? null : worstGapNs / NS_PER_SECOND,
  };
}

function describeForPeople(episode: Episode, file: string): string {
  const facts = formatTable(
    ['', ''],
    [
      ['file', file],
      ['size', formatBytes(episode.sizeBytes)],
      ['format', episode.format],
      ['task', episode.task || '–'],
      ['date', episode.date || '–'],
      ['recorded', episode.createdAt ?? '–'],
      ...optional('instruction', episode.instruction),
      ...optional('outcome', episode.outcome),
      ...(episode.keepsBack ? [['kept back', 'what its files say of how it went: the project is blind']] : []),
      ...Object.entries(episode.properties).map(([name, value]) => [`property ${name}`, textOf(value)]),
      ...episode.asks.map((ask) => [`asks for ${ask}`, assumedOf(episode, ask)]),
      ...Object.entries(episode.metadata).map(([name, value]) => [`metadata ${name}`, textOf(value)]),
    ],
  ).trimStart();
  const clocks = formatTable(
    ['clock', 'samples', 'median rate', 'worst gap', 'from', 'to'],
    episode.clocks.map(({ id, count, medianPeriodNs, worstGapNs, firstNs, lastNs, basis }) => [
      `${id}${id === episode.masterClock ? ' (master)' : ''}${basis === 'nominal' ? ' (nominal)' : ''}`,
      String(count),
      medianPeriodNs ? `${(NS_PER_SECOND / medianPeriodNs).toFixed(2)} Hz` : '–',
      worstGapNs === null ? '–' : `${(worstGapNs / 1e6).toFixed(1)} ms`,
      firstNs === null ? '–' : formatTime(firstNs),
      lastNs === null ? '–' : formatTime(lastNs),
    ]),
    [1, 2, 3, 4, 5],
  );
  const streams = formatTable(
    ['stream', 'shape', 'dtype', 'order', 'filter', 'chunk', 'samples'],
    episode.streams.map(({ id, shape, dtype, order, filter, chunk, count }) => [
      ...[id, shape.join('×'), dtype, order ?? '–', filter, chunk?.join('×') ?? '–', String(count)],
    ]),
    [6],
  );
  const tracks = formatTable(
    ['track', 'samples', 'clock'],
    episode.tracks.map(({ id, count, clock }) => [id, String(count), clock]),
    [1],
  );
  const series = formatTable(
    ['series', 'group', 'role', 'unit', 'components', 'samples', 'clock'],
    episode.series.map(({ id, group, role, unit, components, count, clock }) => [
      ...[id, group, role, unit || '–', components.join(' '), String(count), clock],
    ]),
    [5],
  );
  const marks = formatTable(
    ['mark', 'by', 'from', 'to', 'text'],
    episode.marks.map(({ kind, name, by, startNs, endNs, text }) => [
      ...[name === kind ? kind : `${kind} ${name}`, by, formatTime(startNs), formatTime(endNs), text || '–'],
    ]),
    [2, 3],
  );
  const annotations = episode.annotations.map(describeAnnotation).join('');
  const problems = episode.problems.map(({ severity, message }) => `${severity}: ${message}\n`).join('');
  const parts = [
    facts,
    clocks,
    streams,
    episode.tracks.length > 0 ? tracks : '',
    episode.series.length > 0 ? series : '',
    episode.marks.length > 0 ? marks : '',
    annotations,
  ];
  return [...parts, problems].filter((part) => part !== '').join('\n');
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '–');
}

function optional(name: string, value: string | null): string[][] {
  return value === null ? [] : [[name, value]];
}

/** What stands in for a fact the files lack, until a person states it. */
function assumedOf({ assumed }: Episode, ask: Ask): string {
  const value = ask === 'rate' ? assumed.rateHz && `${assumed.rateHz} Hz` : assumed.quaternionOrder;
  return value ? `${value} is assumed` : 'nothing is assumed';
}

function describeAnnotation(annotation: RecordedAnnotation): string {
  const { annotator, source, at, success, outcome, categories, severity, description, notes, unknown } = annotation;
  const said = [
    success === null ? '' : `success ${success}`,
    outcome ?? '',
    categories === null ? 'not annotated' : categories.join(', ') || 'no category',
    severity ?? '',
    unknown.length > 0 ? `not in the taxonomy: ${unknown.join(', ')}` : '',
    description,
    notes,
  ];
  return `annotation by ${annotator} (${source}${at ? `, ${at}` : ''}): ${said.filter((part) => part !== '').join('; ')}\n`;
}
