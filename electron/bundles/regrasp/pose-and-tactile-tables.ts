import { TACTILE_FILE } from '../../../shared/bundles/session-files.ts';
import { parquetTable, type TableColumn } from '../../sources/common/parquet-table.ts';
import type { JointColumn } from '../../sources/session/schema.ts';
import type { MadeUnit, UnitContact } from '../export/make-unit.ts';

/** What tells a row's moment, in every table of a unit: nanoseconds from its first frame, and the recording's tick. */
export function momentColumns({ recordedNs, grid }: MadeUnit): TableColumn[] {
  return [
    {
      ...{ name: 'session_ns', type: 'int64' },
      cells: Array.from(recordedNs, (ns) => Math.round(ns - (recordedNs[0] as number))),
    },
    { name: 'source_tick', type: 'int64', cells: Array.from(grid.ticks) },
  ];
}

/** `poses.parquet`: a column a body, each row x y z qx qy qz qw in metres, under the rule the recording's poses go by. */
export function poseTable(made: MadeUnit): Uint8Array {
  return parquetTable([
    ...momentColumns(made),
    ...made.poses.map(
      ({ name, values }): TableColumn => ({
        ...{ name, type: 'float64', listDepth: 1 },
        cells: Array.from({ length: values.length / 7 }, (_, row) => Array.from(values.subarray(row * 7, row * 7 + 7))),
      }),
    ),
  ]);
}

const KINDS = ['intensity', 'area', 'mixed'] as const;

/**
 * `tactile.parquet`: of each gel how far its picture is from that of its reference: intensity (mean distance in levels), area
 * (share of pixels that differ by more than 8), mixed (mean distance where it differs). NaN where its picture cannot be read.
 */
export function tactileTable(made: MadeUnit): Uint8Array {
  const figures = made.contacts.flatMap((contact) =>
    KINDS.map(
      (kind): TableColumn => ({
        ...{ name: columnOf(contact, kind), type: 'float32' },
        cells: Array.from(contact[kind]),
      }),
    ),
  );
  return parquetTable([...momentColumns(made), ...figures]);
}

/** How the session declares them: a plot a figure. */
export function tactileColumns({ contacts }: MadeUnit): JointColumn[] {
  return contacts.flatMap((contact) =>
    KINDS.map((kind) => ({
      ...{ name: columnOf(contact, kind), file: TACTILE_FILE, role: 'other' as const },
      ...{ group: `Tactile ${kind}`, unit: kind === 'area' ? '' : 'levels' },
    })),
  );
}

function columnOf({ side }: UnitContact, kind: (typeof KINDS)[number]): string {
  return `${side}_${kind}`;
}
