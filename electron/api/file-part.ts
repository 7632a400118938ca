import type { FileHandle } from 'node:fs/promises';
import { textResponse } from './binary.ts';

const PIECE_BYTES = 256 * 1024;

/**
 * A file or one part of it (200, 206, 416), read from disk as it is taken. The handle is closed once the answer was taken
 * or let go of; where this rejects, it is the caller's to close.
 */
export async function answerPart(
  request: Request,
  handle: FileHandle,
  size: number,
  tag: string,
  type: string,
  cacheControl = 'no-store',
): Promise<Response> {
  const headers: Record<string, string> = {
    'content-type': type,
    'accept-ranges': 'bytes',
    etag: tag,
    'cache-control': cacheControl,
    'x-content-type-options': 'nosniff',
    'cross-origin-resource-policy': 'same-origin',
  };
  const condition = request.headers.get('if-range');
  const range = condition !== null && condition !== tag ? 'whole' : rangeOf(request.headers.get('range'), size);
  if (range === 'none') {
    await handle.close();
    return textResponse(416, 'The file has no such part.', { 'content-range': `bytes */${size}` });
  }
  const { from, to } = range === 'whole' ? { from: 0, to: size } : range;
  headers['content-length'] = String(to - from);
  if (range !== 'whole') headers['content-range'] = `bytes ${from}-${to - 1}/${size}`;
  const status = range === 'whole' ? 200 : 206;
  if (request.method === 'HEAD') {
    await handle.close();
    return new Response(null, { status, headers });
  }
  return new Response(streamOf(handle, from, to), { status, headers });
}

/** [from, to) of a Range header; "whole" for none and for what may be passed over (several parts, other units). */
export function rangeOf(header: string | null, size: number): { from: number; to: number } | 'whole' | 'none' {
  const [, first = '', last = ''] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header?.trim() ?? '') ?? [];
  if (first === '' && last === '') return 'whole';
  if (first === '') {
    const length = Math.min(Number(last), size);
    return length === 0 ? 'none' : { from: size - length, to: size };
  }
  const from = Number(first);
  const to = last === '' ? size : Math.min(Number(last) + 1, size);
  if (last !== '' && Number(last) < from) return 'whole';
  return from < size ? { from, to } : 'none';
}

function streamOf(handle: FileHandle, from: number, to: number): ReadableStream<Uint8Array> {
  let at = from;
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const piece = new Uint8Array(Math.min(PIECE_BYTES, to - at));
          const { bytesRead } = piece.length > 0 ? await handle.read(piece, 0, piece.length, at) : { bytesRead: 0 };
          at += bytesRead;
          if (bytesRead > 0) controller.enqueue(piece.subarray(0, bytesRead));
          if (bytesRead > 0 && at < to) return;
          await handle.close();
          // Shorter than it was: the promised length cannot be kept, and the caller must see that.
          if (at < to) controller.error(new Error('The file became shorter while it was read.'));
          else controller.close();
        } catch (error) {
          await handle.close().catch(() => undefined);
          controller.error(error);
        }
      },
      cancel: () => handle.close(),
    },
    { highWaterMark: 0 },
  );
}
