/** What decoding needs to know of an H.264 packet before it is decoded. */
export interface H264Packet {
  /** Holds an instantaneous refresh: the only kind of frame that browsers start decoding at. */
  isRefresh: boolean;
  /** Other frames lean on it. One that nothing leans on can be left out on the way to another. */
  isReference: boolean;
}

const FIRST_SLICE = 1;
const REFRESH_SLICE = 5;

/** `lengthBytes`: how many bytes give a unit's length; 0 where units are parted by start codes. */
export function describeH264(packet: Uint8Array, lengthBytes: number): H264Packet {
  const described: H264Packet = { isRefresh: false, isReference: false };
  let hasSlice = false;
  for (const at of lengthBytes > 0 ? lengthPrefixed(packet, lengthBytes) : startCoded(packet)) {
    const header = packet[at] as number;
    const type = header & 31;
    if (type < FIRST_SLICE || type > REFRESH_SLICE) continue;
    hasSlice = true;
    if (type === REFRESH_SLICE) described.isRefresh = true;
    if (((header >> 5) & 3) !== 0) described.isReference = true;
  }
  // What holds no picture (parameters alone) must not be left out.
  if (!hasSlice) described.isReference = true;
  return described;
}

/** From the stream's avcC record; 0 where there is none. */
export function h264LengthBytes(configuration: Uint8Array | undefined): number {
  return configuration ? ((configuration[4] ?? 3) & 3) + 1 : 0;
}

/** Offsets of the units' first bytes. */
function* lengthPrefixed(packet: Uint8Array, lengthBytes: number): Generator<number> {
  for (let at = 0; at + lengthBytes < packet.length; ) {
    let length = 0;
    for (let byte = 0; byte < lengthBytes; byte += 1) length = length * 256 + (packet[at + byte] as number);
    yield at + lengthBytes;
    at += lengthBytes + length;
  }
}

function* startCoded(packet: Uint8Array): Generator<number> {
  for (let at = 0; at + 3 < packet.length; at += 1) {
    if (packet[at] === 0 && packet[at + 1] === 0 && packet[at + 2] === 1) yield at + 3;
  }
}
