import { parse } from '@foxglove/rosmsg';
import { MessageReader } from '@foxglove/rosmsg2-serialization';
import type { McapTypes } from '@mcap/core';
import { rootOfDescriptors } from './protobuf-schema.ts';

export type Decoded = Record<string, unknown>;
export type Decoder = (data: Uint8Array) => Decoded;

const MAX_SCHEMA_BYTES = 4 * 2 ** 20;
const MAX_JSON_BYTES = 16 * 2 ** 20;

/** How the messages of a channel are taken apart, or one clause that says why they are not. */
export function decoderOf(channel: McapTypes.Channel, schema: McapTypes.Schema | undefined): Decoder | string {
  const { messageEncoding } = channel;
  if (messageEncoding === 'json') return decodeJson;
  if (messageEncoding !== 'cdr' && messageEncoding !== 'protobuf') {
    return `messages encoded as "${messageEncoding}" are not read (cdr, protobuf and json are)`;
  }
  if (!schema) return 'its schema is missing';
  if (schema.data.length > MAX_SCHEMA_BYTES) return `its schema of ${schema.data.length} bytes is too large`;
  try {
    if (messageEncoding === 'cdr') {
      if (schema.encoding !== 'ros2msg') return `schemas encoded as "${schema.encoding}" are not read (ros2msg is)`;
      const reader = new MessageReader<Decoded>(parse(new TextDecoder().decode(schema.data), { ros2: true }));
      return (data) => reader.readMessage(data);
    }
    if (schema.encoding !== 'protobuf') return `schemas encoded as "${schema.encoding}" are not read with protobuf`;
    const type = rootOfDescriptors(schema.data).lookupType(schema.name);
    return (data) => type.toObject(type.decode(data), { longs: Number, arrays: true, objects: true, defaults: true });
  } catch (error) {
    return `its schema cannot be read (${error instanceof Error ? error.message.slice(0, 120) : String(error)})`;
  }
}

function decodeJson(data: Uint8Array): Decoded {
  if (data.length > MAX_JSON_BYTES) throw new Error(`${data.length} bytes of JSON are too many`);
  const value: unknown = JSON.parse(new TextDecoder().decode(data));
  if (!isObject(value)) throw new Error('the JSON is no object');
  return value;
}

export function isObject(value: unknown): value is Decoded {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value);
}

/** A finite number, or NaN where there is none. */
export function numberOf(value: unknown): number {
  const number = typeof value === 'bigint' || typeof value === 'boolean' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : Number.NaN;
}

/** Numbers of a plain or typed array; null where it is none, or holds anything else. Bytes are no numbers here. */
export function numbersOf(value: unknown): number[] | null {
  if (value instanceof Uint8Array || value instanceof DataView) return null;
  if (!Array.isArray(value) && !ArrayBuffer.isView(value)) return null;
  const list = Array.from(value as ArrayLike<unknown>);
  const isNumeric = list.every((item) => typeof item === 'number' || typeof item === 'bigint');
  return isNumeric ? list.map(numberOf) : null;
}

/** Unix seconds of a message's own header or timestamp: ROS 2 (sec, nanosec), protobuf and JSON (seconds or sec, nanos or nsec). NaN: none. */
export function stampOf(message: Decoded): number {
  const { header } = message;
  const stamp = isObject(header) ? header.stamp : (message.timestamp ?? message.stamp);
  if (!isObject(stamp)) return Number.NaN;
  const seconds = numberOf(stamp.sec ?? stamp.seconds);
  const rest = numberOf(stamp.nanosec ?? stamp.nsec ?? stamp.nanos ?? 0);
  return seconds + rest / 1e9;
}
