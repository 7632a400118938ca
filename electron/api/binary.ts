/**
 * Binary answers. A door that owns a socket can have the pieces and write them as they are (`piecesOf`), without a
 * stream in between; every other caller reads the Response's body as usual. Pieces are never copied, so nobody may
 * change them after they were handed over.
 */
const piecesByResponse = new WeakMap<Response, readonly Uint8Array[]>();
const releaseByResponse = new WeakMap<Response, () => void>();

/** `release`: see TickAnswer; called by a door that took the pieces, once they have left. */
export function binaryResponse(
  pieces: readonly Uint8Array[],
  headers: Record<string, string> = {},
  release?: () => void,
): Response {
  const bytes = pieces.reduce((sum, piece) => sum + piece.byteLength, 0);
  let at = 0;
  // Not a byte stream: that one would take the pieces' buffers away from caches that still hold them.
  const body = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        const piece = pieces[at++];
        if (piece === undefined) controller.close();
        else if (piece.byteLength > 0) controller.enqueue(piece);
        else if (at >= pieces.length) controller.close();
      },
    },
    { highWaterMark: 0 },
  );
  const response = new Response(body, {
    headers: {
      'content-type': 'application/octet-stream',
      'content-length': String(bytes),
      // Chromium's cache would double the time of a tick and keep frames nobody asks for again.
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'same-origin',
      ...headers,
    },
  });
  piecesByResponse.set(response, pieces);
  if (release) releaseByResponse.set(response, release);
  return response;
}

/** The pieces of a binary answer whose body nobody has begun to read; undefined for any other answer. */
export function piecesOf(response: Response): readonly Uint8Array[] | undefined {
  return response.bodyUsed ? undefined : piecesByResponse.get(response);
}

/** Says that pieces had from `piecesOf` have left this process, so that their memory may be used again. */
export function releasePieces(response: Response): void {
  releaseByResponse.get(response)?.();
}

/** An error of a binary route: one sentence as text. */
export function textResponse(status: number, sentence: string, headers: Record<string, string> = {}): Response {
  return new Response(sentence === '' ? null : `${sentence}\n`, {
    status,
    headers: {
      'content-type': 'text/plain; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'same-origin',
      ...headers,
    },
  });
}
