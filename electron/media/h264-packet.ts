const SLICE_OF_IDR = 5;

/**
 * Whether a packet of H.264 holds an instantaneous refresh: the only frame that every decoder can start at.
 * `configuration` is the stream's avcC record; without one the packet has start codes in place of lengths.
 */
export function holdsIdr(packet: Uint8Array, configuration: Uint8Array | undefined): boolean {
  for (const type of configuration ? lengthPrefixed(packet, configuration) : startCoded(packet)) {
    if (type === SLICE_OF_IDR) return true;
  }
  return false;
}

export function bytesOf(source: ArrayBuffer | ArrayBufferView | SharedArrayBuffer): Uint8Array {
  return ArrayBuffer.isView(source)
    ? new Uint8Array(source.buffer, source.byteOffset, source.byteLength)
    : new Uint8Array(source);
}

function* lengthPrefixed(packet: Uint8Array, configuration: Uint8Array): Generator<number> {
  const lengthBytes = ((configuration[4] ?? 3) & 3) + 1;
  for (let at = 0; at + lengthBytes < packet.length; ) {
    let length = 0;
    for (let byte = 0; byte < lengthBytes; byte += 1) length = length * 256 + (packet[at + byte] as number);
    yield (packet[at + lengthBytes] as number) & 31;
    at += lengthBytes + length;
  }
}

function* startCoded(packet: Uint8Array): Generator<number> {
  for (let at = 0; at + 3 < packet.length; at += 1) {
    if (packet[at] === 0 && packet[at + 1] === 0 && packet[at + 2] === 1) yield (packet[at + 3] as number) & 31;
  }
}
