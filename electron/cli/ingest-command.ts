import { Fault } from '../fault.ts';
import type { TimeUnit } from '../sources/session/schema.ts';
import type { CliContext } from './context.ts';
import { CliFault, EXIT, formatBytes, formatTable, printJson } from './output.ts';
import { progressLine } from './progress-line.ts';
import { versionOf } from './terminal-workstation.ts';

export interface IngestCommandOptions {
  site: string;
  operator: string;
  task: string;
  shift?: string;
  robot?: string;
  checkpoint?: string;
  software?: string;
  environment?: string[];
  instruction?: string;
  outcome?: string;
  session?: string;
  note?: string[];
  out?: string;
  joints?: string;
  markers?: string;
  markersClock?: string;
  timeColumn?: string;
  wallColumn?: string;
  timeUnit?: TimeUnit;
  stampUnit?: TimeUnit;
  rate?: number;
  offset?: string[];
  syncVideo?: string;
  syncJoints?: string;
  pairs?: string;
  together?: boolean;
  drift: boolean;
  /** Seconds. */
  maxResidual?: number;
  startedAt?: string;
  copy?: boolean;
  json?: boolean;
}

/** Turns a dump of raw files into a session folder and prints the folder; the raw files stay as they are. */
export async function ingest(context: CliContext, raw: string, options: IngestCommandOptions): Promise<number> {
  const [{ ingest: run }, { createMedia }, { builtPaths, embeddedCoreDir }] = await Promise.all([
    import('../ingest/ingest.ts'),
    import('../media/index.ts'),
    import('../paths.ts'),
  ]);
  // With an engine: cameras of containers that only ffmpeg reads (AVI) are taken as they are, too.
  const { workerDir, pluginDir } = builtPaths(context.builtDir);
  const media = createMedia({ workerDir, coreDir: embeddedCoreDir(pluginDir) });
  const { site, operator, task, shift, robot, checkpoint, instruction, outcome, session } = options;
  const facts = { session, task, instruction, site, shift, operator, robot, checkpoint, outcome };
  const environment = environmentOf(options.environment ?? []);
  const line = progressLine(context.output);
  try {
    const summary = await run(
      {
        raw,
        facts: Object.fromEntries(
          Object.entries({ ...facts, software_version: options.software, environment }).filter(
            ([, value]) => value !== undefined,
          ),
        ),
        ...(options.note ? { notes: options.note } : {}),
        out: options.out,
        joints: options.joints,
        markers: options.markers,
        markersClock: options.markersClock,
        timeColumn: options.timeColumn,
        wallColumn: options.wallColumn,
        timeUnit: options.timeUnit,
        stampUnit: options.stampUnit,
        jointsRateHz: options.rate,
        offsets: offsetsOf(options.offset ?? []),
        sync: syncOf(options),
        pairs: options.pairs,
        together: options.together,
        withDrift: options.drift,
        maxResidualSeconds: options.maxResidual,
        startedUnixSeconds: startedOf(options.startedAt),
        copies: options.copy,
        madeBy: `regrasp ${versionOf(context.builtDir)}`,
        signal: context.signal,
        onProgress: (message) => line.show(message),
      },
      media.probe,
    );
    line.end();
    for (const notice of summary.notices) context.output.err(`${notice}\n`);
    if (options.json) {
      await printJson(context.output, summary);
      return EXIT.fine;
    }
    if (summary.ingested) {
      const { files, bytes, markers } = summary;
      context.output.err(
        `${describeStreams(summary.streams)}${files} files, ${formatBytes(bytes)}, ${markers} markers.\n`,
      );
    }
    await context.output.out(`${summary.out}\n`);
    return EXIT.fine;
  } catch (error) {
    throw error instanceof Fault ? new CliFault(error.message) : error;
  } finally {
    line.end();
    await media.close();
  }
}

function describeStreams(streams: Awaited<ReturnType<typeof import('../ingest/ingest.ts').ingest>>['streams']): string {
  const ms = (seconds: number) => `${(seconds * 1000).toFixed(2)} ms`;
  return formatTable(
    ['stream', 'samples', 'tied by', 'drift', 'residual rms', 'at most', 'pairs'],
    streams.map(({ file, samples, tiedBy, driftPpm, residual }) => [
      ...[file, String(samples), tiedBy, `${driftPpm.toFixed(1)} ppm`],
      ...(residual ? [ms(residual.rmsSeconds), ms(residual.maxSeconds), String(residual.pairs)] : ['–', '–', '–']),
    ]),
    [1, 3, 4, 5, 6],
  );
}

/** "joints=1.5", or "1.5" for the joints. */
function offsetsOf(texts: readonly string[]): Record<string, number> {
  return Object.fromEntries(
    texts.map((text) => {
      const [, name = 'joints', number = ''] = /^(?:([^=]+)=)?(.+)$/.exec(text) ?? [];
      return [name.replace(/^cam_/, ''), numberOf(number, `--offset ${text}`)];
    }),
  );
}

function syncOf({ syncVideo, syncJoints }: IngestCommandOptions) {
  if (syncVideo === undefined && syncJoints === undefined) return undefined;
  if (syncVideo === undefined || syncJoints === undefined) {
    throw new CliFault('Sync events are named in both clocks: give --sync-video and --sync-joints.');
  }
  const [, camera, moments = ''] = /^(?:([^:]+):)?(.*)$/.exec(syncVideo) ?? [];
  const list = (text: string, option: string) => text.split(',').map((each) => numberOf(each, option));
  return {
    ...(camera === undefined ? {} : { camera: camera.replace(/^cam_/, '') }),
    videoSeconds: list(moments, '--sync-video'),
    jointSeconds: list(syncJoints, '--sync-joints'),
  };
}

function environmentOf(texts: readonly string[]): string | Record<string, string> | undefined {
  if (texts.length === 0) return undefined;
  const pairs = texts.map((text) => text.split(/=(.*)/s));
  if (texts.length === 1 && pairs[0]?.length === 1) return texts[0];
  const odd = texts.find((_, i) => pairs[i]?.[1] === undefined);
  if (odd !== undefined) throw new CliFault(`--environment ${odd} names no value: write key=value.`);
  return Object.fromEntries(pairs.map(([key = '', value = '']) => [key, value]));
}

function startedOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const seconds = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Date.parse(text) / 1000;
  const hasZone = /^\d+(\.\d+)?$/.test(text) || /(Z|[-+]\d\d:?\d\d)$/.test(text);
  if (Number.isFinite(seconds) && hasZone) return seconds;
  throw new CliFault(`--started-at ${text} is no time with its zone: write 2026-04-14T22:00:42Z, or Unix seconds.`);
}

function numberOf(text: string, option: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value))
    throw new CliFault(`${option}: "${text}" is no number of seconds.`);
  return value;
}
