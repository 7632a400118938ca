import protobuf from 'protobufjs';
import { crc32c, masked } from './crc32c.ts';

/** As TensorFlow defines it. */
const EXAMPLE = `syntax = "proto3";
message BytesList { repeated bytes value = 1; }
message FloatList { repeated float value = 1; }
message Int64List { repeated int64 value = 1; }
message Feature { oneof kind { BytesList bytes_list = 1; FloatList float_list = 2; Int64List int64_list = 3; } }
message Features { map<string, Feature> feature = 1; }
message Example { Features features = 1; }
`;

/** A list of one of the three kinds that a feature can be. */
export type List =
  | { bytesList: { value: Uint8Array[] } }
  | { floatList: { value: number[] } }
  | { int64List: { value: number[] } };

/** A `tf.train.Example` of features by their keys. */
export function encodeExample(feature: Record<string, List>): Uint8Array {
  const type = protobuf.parse(EXAMPLE).root.lookupType('Example');
  return type.encode(type.fromObject({ features: { feature } })).finish();
}

/** A record of a TFRecord file: its length and its data, each with its checksum. */
export function framed(data: Uint8Array): Uint8Array {
  const frame = Buffer.alloc(data.length + 16);
  frame.writeBigUInt64LE(BigInt(data.length));
  frame.writeUInt32LE(masked(crc32c(frame.subarray(0, 8))), 8);
  frame.set(data, 12);
  frame.writeUInt32LE(masked(crc32c(data)), 12 + data.length);
  return frame;
}
