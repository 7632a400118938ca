export interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** The largest box of a picture's shape inside an area, centred; whole pixels, so that nothing is smeared by half a one. */
export function fitInside(picture: { width: number; height: number }, area: { width: number; height: number }): Box {
  if (picture.width <= 0 || picture.height <= 0) return { left: 0, top: 0, width: 0, height: 0 };
  const scale = Math.min(area.width / picture.width, area.height / picture.height);
  const width = Math.max(Math.floor(picture.width * scale), 0);
  const height = Math.max(Math.floor(picture.height * scale), 0);
  return {
    left: Math.floor((area.width - width) / 2),
    top: Math.floor((area.height - height) / 2),
    width,
    height,
  };
}

/** Stored pixel under a point of the picture's box; undefined outside. */
export function pixelAt(
  x: number,
  y: number,
  box: { width: number; height: number },
  stored: { width: number; height: number },
): { u: number; v: number } | undefined {
  if (x < 0 || y < 0 || x >= box.width || y >= box.height) return undefined;
  return { u: (x * stored.width) / box.width, v: (y * stored.height) / box.height };
}

/** "62 %" or "100 %": how large a stored pixel is on screen. */
export function zoomText(box: { width: number }, stored: { width: number }): string {
  return stored.width > 0 ? `${Math.round((box.width / stored.width) * 100)} %` : '';
}

/** Signed age of a sample in milliseconds: "+12 ms", "−3 ms", "0 ms". */
export function ageText(ageNs: number): string {
  const ms = Math.round(ageNs / 1e6);
  if (ms === 0) return '0 ms';
  return `${ms < 0 ? '−' : '+'}${Math.abs(ms)} ms`;
}
