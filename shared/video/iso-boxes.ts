/** Part of an MP4 or MOV file, as offsets into bytes or into the file. */
export interface IsoBox {
  type: string;
  /** First byte after the header. */
  start: number;
  end: number;
}

/** Why an MP4 or MOV file cannot be used; the message goes on where a file's name ends. */
export class IsoFault extends Error {
  constructor(
    readonly code: 'truncated' | 'absurd',
    message: string,
  ) {
    super(message);
    this.name = 'IsoFault';
  }
}

export function absurd(what: string): IsoFault {
  return new IsoFault('absurd', `is damaged: ${what}; restore it from a copy.`);
}

export const BOX_HEADER_BYTES = 16;

/** The box whose header is at `from` of these bytes; its ends are told from `base`. Undefined where there is no box. */
export function boxAt(view: DataView, from: number, leftBytes: number, base: number): IsoBox | undefined {
  if (from + 8 > view.byteLength) return undefined;
  let header = 8;
  let size = view.getUint32(from);
  if (size === 1) {
    if (from + BOX_HEADER_BYTES > view.byteLength) return undefined;
    header = BOX_HEADER_BYTES;
    size = Number(view.getBigUint64(from + 8));
  } else if (size === 0) size = leftBytes;
  if (size < header) return undefined;
  return { type: wordAt(view, from + 4), start: base + header, end: base + size };
}

/** Boxes one after the other inside these bytes; one that runs over the end is cut to it. */
export function* boxesIn(view: DataView, start = 0, end = view.byteLength): Generator<IsoBox> {
  for (let at = start; at + 8 <= end; ) {
    const box = boxAt(view, at, end - at, at);
    if (!box) return;
    yield { ...box, end: Math.min(box.end, end) };
    at = box.end;
  }
}

/** The first box of each type on the way down; undefined where one is not there. */
export function childOf(view: DataView, parent: IsoBox | undefined, ...path: string[]): IsoBox | undefined {
  let found = parent;
  for (const type of path) {
    if (!found) return undefined;
    found = [...boxesIn(view, found.start, found.end)].find((box) => box.type === type);
  }
  return found;
}

/** Four letters. */
export function wordAt(view: DataView, at: number): string {
  return String.fromCharCode(view.getUint8(at), view.getUint8(at + 1), view.getUint8(at + 2), view.getUint8(at + 3));
}

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
