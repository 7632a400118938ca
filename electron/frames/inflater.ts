import { createInflate, deflateSync, inflateSync, constants as zlibConstants } from 'node:zlib';

/** What a zlib stream of Node's has within: the way to inflate into memory that is there already. */
interface Engine {
  _handle: ZlibHandle;
  /** Room left in the output, then bytes left of the input, after each write. */
  _writeState: Uint32Array;
  destroy(): void;
}

interface ZlibHandle {
  reset(): void;
  writeSync(
    flush: number,
    from: Uint8Array,
    fromAt: number,
    fromLength: number,
    to: Uint8Array,
    toAt: number,
    toLength: number,
  ): void;
}

/**
 * Inflates into memory that is there already. Node offers it nowhere: inflateSync makes new memory for every picture, and
 * the system has to hand that over page by page, which takes as long again as inflating (0.26 to 0.5 ms of 0.45 ms a
 * picture of 640 × 480). Where this Node's streams are made otherwise within, inflateSync it is.
 */
export class Inflater {
  #engine: Engine | undefined;
  readonly #hasEngine: boolean;

  constructor({ mayReuse = true }: { mayReuse?: boolean } = {}) {
    this.#hasEngine = mayReuse && canReuse();
  }

  /** Fills `to` with what `packed` unpacks to. False: damaged, or of another length; what is in `to` means nothing. */
  inflate(packed: Uint8Array, to: Uint8Array): boolean {
    if (!this.#hasEngine) return inflateAnew(packed, to);
    const engine = this.#engine ?? newEngine();
    // Damage closes an engine.
    this.#engine = undefined;
    if (!engine || !inflateWith(engine, packed, to)) return false;
    this.#engine = engine;
    return true;
  }
}

/** Where a stream would go on that is longer than it should be. */
const BEYOND = new Uint8Array(1);

function inflateWith(engine: Engine, packed: Uint8Array, to: Uint8Array): boolean {
  const { _handle: handle, _writeState: left } = engine;
  /** Room that is left, −1 after damage: the engine has no handle any more then. */
  const write = (from: number, into: Uint8Array): number => {
    handle.writeSync(zlibConstants.Z_FINISH, packed, from, packed.length - from, into, 0, into.length);
    return engine._handle === handle ? (left[0] as number) : -1;
  };
  try {
    handle.reset();
    // That the room is full says neither that the stream ends there nor that its checksum was met: one byte more does.
    if (write(0, to) === 0 && write(packed.length - (left[1] as number), BEYOND) === 1) return true;
  } catch {
    // An engine of which nothing is known is let go of, like a damaged one.
  }
  engine.destroy();
  return false;
}

/** A little more room than is needed, or zlib would ask for more to learn that it is at the end. */
function inflateAnew(packed: Uint8Array, to: Uint8Array): boolean {
  try {
    const room = to.length + 1;
    const bytes = inflateSync(packed, { chunkSize: Math.max(zlibConstants.Z_MIN_CHUNK, room), maxOutputLength: room });
    if (bytes.length !== to.length) return false;
    to.set(bytes);
    return true;
  } catch {
    return false;
  }
}

function newEngine(): Engine | undefined {
  const stream = createInflate({ chunkSize: zlibConstants.Z_MIN_CHUNK });
  // Damage is told by the handle that is gone; the stream emits it as well, later.
  stream.on('error', () => undefined);
  const engine = stream as unknown as Partial<Engine>;
  const isAsKnown =
    typeof engine._handle?.writeSync === 'function' &&
    typeof engine._handle.reset === 'function' &&
    engine._writeState instanceof Uint32Array &&
    engine._writeState.length === 2;
  return isAsKnown ? (engine as Engine) : undefined;
}

let isReusable: boolean | undefined;

/** Tried once a thread, and not just looked for: a sound stream twice, and a damaged one. */
function canReuse(): boolean {
  isReusable ??= isAsExpected();
  return isReusable;
}

function isAsExpected(): boolean {
  const plain = Uint8Array.from({ length: 300 }, (_, at) => (at * at) >> 5);
  const packed = deflateSync(plain);
  const engine = newEngine();
  if (!engine) return false;
  const twice = [0, 1].every(() => {
    const to = new Uint8Array(plain.length);
    return inflateWith(engine, packed, to) && Buffer.compare(to, plain) === 0;
  });
  // All there but for the checksum.
  return twice && !inflateWith(engine, packed.subarray(0, packed.length - 4), new Uint8Array(plain.length));
}
