import type { z } from 'zod';
import { FRAMES_FILE, jointsFileOf, TACTILE_FILE, videoFileOf } from '../../../shared/bundles/session-files.ts';
import type { Failure, Recovery } from '../../../shared/review/markers.ts';
import type { TickRange } from '../../../shared/time/ranges.ts';
import { parquetTable, type TableColumn } from '../../sources/common/parquet-table.ts';
import { SESSION_SCHEMA } from '../../sources/session/names.ts';
import { type Session, type SessionMarker, sessionSchema } from '../../sources/session/schema.ts';
import type { NamedUnit } from '../export/named-units.ts';
import type { failureStateFileSchema } from './failure-state-schema.ts';
import { momentColumns, tactileColumns } from './pose-and-tactile-tables.ts';

/** Files of one unit's folder by their names: a session that opens like any other, and for recoveries the names labs ask for. */
export interface UnitFileNames {
  video(camera: string): string;
  joints: string;
  /** Which tick every frame is, and when it was recorded. */
  frames: string;
}

export function fileNamesOf({ unit }: NamedUnit): UnitFileNames {
  return {
    video: (camera) => videoFileOf(unit.kind, camera),
    joints: jointsFileOf(unit.kind),
    frames: FRAMES_FILE,
  };
}

/** Seconds from the unit's first frame. */
export function secondsInto({ recordedNs }: NamedUnit, timesNs: number): number {
  return (timesNs - (recordedNs[0] as number)) / 1e9;
}

export function sessionOf(
  made: NamedUnit,
  properties: Readonly<Record<string, unknown>>,
  times: Float64Array,
): Session {
  const { id, unit, labels, numbers, videos, task } = made;
  const names = fileNamesOf(made);
  const facts = ['site', 'shift', 'operator', 'robot', 'checkpoint', 'software_version'];
  const clock = { from: 'stamps' as const, unit: 'ns' as const, tied_by: 'shared clock' as const };
  const start = made.startUnixSeconds === null ? null : made.startUnixSeconds + (made.recordedNs[0] as number) / 1e9;
  return sessionSchema.parse({
    ...{ schema: SESSION_SCHEMA, session: id, task: made.taskName, instruction: task },
    ...Object.fromEntries(
      facts.flatMap((key) => (typeof properties[key] === 'string' ? [[key, properties[key]]] : [])),
    ),
    environment: { source: unit.path },
    ...(labels?.outcome ? { outcome: labels.outcome.value } : {}),
    ...(start === null ? {} : { start_unix_s: start }),
    markers: markersOf(made, times),
    streams: [
      ...videos.map(({ name }) => ({
        ...{ file: names.video(name), kind: 'cam' as const, name },
        clock: { ...clock, file: names.frames, column: 'session_ns' },
      })),
      ...(numbers.length > 0
        ? [{ file: names.joints, kind: 'joints' as const, clock: { ...clock, column: 'session_ns' } }]
        : []),
      ...(made.contacts.length > 0
        ? [{ file: TACTILE_FILE, kind: 'joints' as const, clock: { ...clock, column: 'session_ns' } }]
        : []),
    ],
    joints: [
      ...numbers.map(({ key, names: components }) => ({
        ...{ name: key, group: key, components: [...components] },
        // Columns of one table alone are of whichever there is.
        ...(made.contacts.length > 0 ? { file: names.joints } : {}),
        role:
          key === 'action'
            ? ('action' as const)
            : key === 'observation.state'
              ? ('state' as const)
              : ('other' as const),
      })),
      ...tactileColumns(made),
    ],
  });
}

/** What people marked, as far as it lies in the unit. */
function markersOf(made: NamedUnit, times: Float64Array): SessionMarker[] {
  const { labels, unit } = made;
  if (!labels) return [];
  const [first, last] = unit.ticks;
  const at = (tick: number) => secondsInto(made, times[Math.min(last, Math.max(first, tick))] as number);
  const touches = ([from, to]: TickRange) => from <= last && first <= to;
  const within = (tick: number) => first <= tick && tick <= last;
  const by = labels.annotator;
  const ofFailure = ([, { window, event, code, handOff, whatHappened }]: [string, Failure]): SessionMarker[] => [
    ...(touches(window)
      ? [
          {
            name: code ?? 'failure',
            kind: 'failure' as const,
            start_s: at(window[0]),
            end_s: at(window[1]),
            by,
            ...(code ? { code } : {}),
            text: whatHappened,
          },
        ]
      : []),
    ...(within(event)
      ? [{ name: 'failure event', kind: 'other' as const, start_s: at(event), by, ...(code ? { code } : {}) }]
      : []),
    ...(handOff !== null && within(handOff)
      ? [{ name: 'hand-off', kind: 'handoff' as const, start_s: at(handOff), by }]
      : []),
  ];
  const ofRecovery = ([, { ticks, howRecovered, outcome }]: [string, Recovery]): SessionMarker[] =>
    touches(ticks)
      ? [
          {
            name: outcome ?? 'recovery',
            kind: 'recovery' as const,
            start_s: at(ticks[0]),
            end_s: at(ticks[1]),
            by,
            text: howRecovered,
          },
        ]
      : [];
  return [
    ...Object.entries(labels.failures).flatMap(ofFailure),
    ...Object.entries(labels.recoveries).flatMap(ofRecovery),
    ...Object.values(labels.taskMarks)
      .filter(({ ticks }) => touches(ticks))
      .map(({ label, ticks }) => ({
        name: label,
        kind: 'task' as const,
        start_s: at(ticks[0]),
        end_s: at(ticks[1]),
        by,
      })),
  ].sort((a, b) => a.start_s - b.start_s || (a.name < b.name ? -1 : 1));
}

/** `frames.csv`: the clock of every video of the unit. */
export function frameTable({ recordedNs, grid }: NamedUnit): string {
  const rows = Array.from(grid.ticks, (tick, frame) => {
    const ns = Math.round((recordedNs[frame] as number) - (recordedNs[0] as number));
    return `${frame},${tick},${ns}\n`;
  });
  return `frame,source_tick,session_ns\n${rows.join('')}`;
}

/** One row a frame: its time on the session's clock, the tick it is in the recording, and every number. */
export function jointTable(made: NamedUnit): Uint8Array {
  const { numbers, intervention, grid } = made;
  const frames = grid.ticks.length;
  const each = <Cell>(cell: (frame: number) => Cell) => Array.from({ length: frames }, (_, frame) => cell(frame));
  const columns: TableColumn[] = [
    ...momentColumns(made),
    { name: 'intervention', type: 'bool', cells: each((frame) => intervention[frame] === 1) },
    ...numbers.map(
      ({ key, values, width }): TableColumn => ({
        ...{ name: key, type: 'float64' as const, listDepth: 1 },
        cells: each((frame) => Array.from(values.subarray(frame * width, (frame + 1) * width))),
      }),
    ),
  ];
  return parquetTable(columns);
}

/** `failure_state.json`: what failed, when, and how the robot stood; of a recovery, the failure that made it necessary. */
export function failureState(
  made: NamedUnit,
  times: Float64Array,
  taxonomyVersion: number,
  rollout: string | null,
): z.input<typeof failureStateFileSchema> | null {
  const { labels, unit } = made;
  const failure = unit.failure === null ? undefined : labels?.failures[unit.failure];
  if (!failure || !labels) return null;
  const at = (tick: number) => secondsInto(made, times[Math.min(tick, times.length - 1)] as number);
  const recovery = unit.recovery === null ? undefined : labels.recoveries[unit.recovery];
  return {
    schema: 'regrasp.failure-state/1',
    ...{ code: failure.code, severity: failure.severity, resetability: failure.resetability },
    ...{ what_happened: failure.whatHappened, taxonomy_version: taxonomyVersion, annotator: labels.annotator },
    ...{ event_s: at(failure.event), window_s: [at(failure.window[0]), at(failure.window[1])] },
    pre_failure_buffer_s: at(failure.event) - at(failure.window[0]),
    hand_off_s: failure.handOff === null ? null : at(failure.handOff),
    event_tick: failure.event,
    window_ticks: failure.window,
    hand_off_tick: failure.handOff,
    state: failure.state ?? null,
    ...(recovery
      ? {
          recovery: {
            control_mode: recovery.controlMode,
            how_recovered: recovery.howRecovered,
            outcome: recovery.outcome,
            ticks: recovery.ticks,
          },
        }
      : {}),
    rollout: { folder: rollout, source: unit.path, fingerprint: unit.fingerprint },
  };
}
