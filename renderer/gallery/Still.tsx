import { useEffect, useRef } from 'react';

/** The middle picture of a GIF: hands are at work there, and nothing moves. */
export function Still({ address }: { address: string }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const stop = new AbortController();
    void middlePicture(address, stop.signal).then(
      (picture) => {
        const element = canvas.current;
        if (element && !stop.signal.aborted) {
          element.width = 'displayWidth' in picture ? picture.displayWidth : picture.width;
          element.height = 'displayHeight' in picture ? picture.displayHeight : picture.height;
          element.getContext('2d')?.drawImage(picture, 0, 0);
        }
        picture.close();
      },
      // It stays empty; the words below the picture say what there is to say.
      () => undefined,
    );
    return () => stop.abort();
  }, [address]);
  return <canvas ref={canvas} aria-hidden />;
}

async function middlePicture(address: string, signal: AbortSignal): Promise<VideoFrame | ImageBitmap> {
  const response = await fetch(address, { signal });
  if (!response.ok) throw new Error(await response.text());
  const data = await response.blob();
  // Outside of a secure page there is no decoder: the first picture has to do.
  if (typeof ImageDecoder === 'undefined') return createImageBitmap(data);
  const decoder = new ImageDecoder({ data: await data.arrayBuffer(), type: 'image/gif' });
  try {
    await decoder.tracks.ready;
    const count = decoder.tracks.selectedTrack?.frameCount ?? 1;
    const { image } = await decoder.decode({ frameIndex: Math.floor(count / 2) });
    return image;
  } finally {
    decoder.close();
  }
}
