import type { FileBytes } from '../frames/file-bytes.ts';
import { CannotCarry, expectSignature, Fields, readAt, wide } from './bytes.ts';

const MOST_KEPT = 8;
const MOST_BYTES = 512 * 2 ** 20;

/** Elements of variable length, as a file keeps them: collections of numbered objects. */
export class OldHeap {
  readonly #collections = new Map<number, Map<number, Uint8Array>>();

  constructor(private readonly file: FileBytes) {}

  object(address: number, index: number): Uint8Array {
    const object = this.#collection(address).get(index);
    if (!object) throw new CannotCarry('its structure is damaged (a text or list is missing)');
    return object;
  }

  #collection(address: number): Map<number, Uint8Array> {
    const known = this.#collections.get(address);
    if (known) return known;
    const head = new Fields(readAt(this.file, address, 16));
    expectSignature(head, 'GCOL');
    head.skip(4);
    const length = head.u64();
    if (length > MOST_BYTES || length < 16) throw new CannotCarry('its structure is damaged (GCOL)');
    const fields = new Fields(readAt(this.file, address + 16, length - 16));
    const objects = new Map<number, Uint8Array>();
    while (fields.left >= 16) {
      const index = fields.u16();
      fields.skip(6);
      const bytes = fields.u64();
      if (index === 0) break;
      objects.set(index, fields.take(bytes));
      fields.skip(Math.min(fields.left, wide(bytes) - bytes));
    }
    if (this.#collections.size >= MOST_KEPT) this.#collections.delete(this.#collections.keys().next().value as number);
    this.#collections.set(address, objects);
    return objects;
  }
}
