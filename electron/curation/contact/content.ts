import type { FileHandle } from 'node:fs/promises';
import type { Trim } from '../../../shared/detect/input.ts';
import type { ReferenceDefinition } from '../../../shared/detect/reference-tick.ts';
import type { Side } from '../../../shared/detect/signals.ts';
import { CONTACT_LIMIT, SMALL_SIDE } from '../signals/picture-kernel.ts';
import type { ContactPart } from '../signals/signal-parts.ts';
import type { Picklable, TensorFacts } from './pickle.ts';
import type { PlacedTensor, TorchFile } from './torch-file.ts';

export interface ContactValues {
  /** Pictures that are in their places already. */
  view: PlacedTensor;
  sides: readonly { side: Side; tensor: PlacedTensor; contact: ContactPart; first: Uint8Array; p01: Uint8Array }[];
  /** Of all ticks; what lies before the trim is left out. */
  timestamps: Float64Array;
  poses: readonly { side: Side; values: Float32Array }[];
  trim: Pick<Trim, 'first' | 'reason'>;
  ticks: number;
  reference: ReferenceDefinition;
  activeSides: readonly Side[];
  tactileOffset: number;
  driftLimit: number;
}

export interface ContactContent {
  write(handle: FileHandle, values: ContactValues): Promise<void>;
}

const KINDS = ['intensity', 'area', 'mixed'] as const;

/** Announces all tensors of the file but the pictures, under the keys that loaders of mode1_v1 know. */
export function contactContent({
  torch,
  kept,
  gels,
}: {
  torch: TorchFile;
  kept: number;
  gels: readonly Side[];
}): ContactContent {
  const small = () => torch.tensor('uint8', [3, SMALL_SIDE, SMALL_SIDE]);
  const timestamps = torch.tensor('float64', [kept]);
  const poses = new Map((['left', 'right'] as const).map((side) => [side, torch.tensor('float32', [kept, 7])]));
  const told = gels.map((side) => ({
    side,
    figures: KINDS.map((kind) => ({ kind, tensor: torch.tensor('float32', [kept]) })),
    first: small(),
    p01: small(),
  }));

  return {
    async write(handle, values) {
      const { first } = values.trim;
      const put = ({ record }: PlacedTensor, array: Float32Array | Float64Array | Uint8Array) =>
        torch.write(handle, record, new Uint8Array(array.buffer as ArrayBuffer, array.byteOffset, array.byteLength));
      await put(timestamps, values.timestamps.subarray(first));
      for (const { side, values: of } of values.poses)
        await put(poses.get(side) as PlacedTensor, of.subarray(first * 7));
      for (const { side, figures, ...references } of told) {
        const given = sideOf(values, side);
        for (const { kind, tensor } of figures) await put(tensor, given.contact[kind].subarray(first));
        await put(references.first, given.first);
        await put(references.p01, given.p01);
      }
      await torch.finish(
        handle,
        new Map<string, Picklable>([
          ['view', tensorOf(values.view)],
          ...values.sides.map(({ side, tensor }): [string, Picklable] => [`tactile_${side}`, tensorOf(tensor)]),
          ['timestamps', tensorOf(timestamps)],
          ...[...poses].map(([side, tensor]): [string, Picklable] => [`sensor_${side}_pose`, tensorOf(tensor)]),
          ...told.flatMap(({ side, figures }) =>
            figures.map(({ kind, tensor }): [string, Picklable] => [`tactile_${side}_${kind}`, tensorOf(tensor)]),
          ),
          ['_contact_meta', metaOf(values)],
        ]),
      );
    },
  };

  function metaOf(values: ContactValues): Picklable {
    const { trim, ticks } = values;
    const drifts = values.sides.map(({ contact }) => contact.drift);
    return new Map<string, Picklable>([
      ['formula_version', 'v1'],
      ['tau', CONTACT_LIMIT],
      ['rgb_norm', 'L2'],
      ['reference_strategy', 'p01'],
      ['reference_definition', values.reference],
      ...told.flatMap(({ side, first, p01 }): [string, Picklable][] => {
        const { contact } = sideOf(values, side);
        return [
          [`ref_first_${side}`, tensorOf(first)],
          [`ref_p01_${side}`, tensorOf(p01)],
          // In the recording's own ticks, and in those of this file (negative where it was trimmed off).
          [`ref_p01_idx_${side}`, BigInt(contact.referenceTick)],
          [`ref_p01_pt_idx_${side}`, BigInt(contact.referenceTick - trim.first)],
          [`drift_${side}`, contact.drift],
        ];
      }),
      ['drift_warning', Math.max(...drifts) > values.driftLimit],
      ['trim_offset', BigInt(trim.first)],
      ['trim_reason', trim.reason],
      ['pre_trim_n_frames', BigInt(ticks)],
      ['active_sensors', [...values.activeSides]],
      ['tactile_offset_frames', BigInt(values.tactileOffset)],
    ]);
  }
}

const tensorOf = ({ facts }: { facts: TensorFacts }): Picklable => ({ tensor: facts });

function sideOf(values: ContactValues, side: Side) {
  const found = values.sides.find((each) => each.side === side);
  if (!found) throw new Error(`There is nothing of the ${side} gel.`);
  return found;
}
