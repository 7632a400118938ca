// Draws the application's icon, resources/icon.svg and icon.png, from one list of shapes: the two jaws of a gripper in the
// colours of left and right, closing on a playhead. Run after changing it: node scripts/make-icon.mjs
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { encode } from 'fast-png';

const SIZE = 512;
const BACK = '#16191d';
const LEFT = '#e69f00';
const RIGHT = '#3f9bd8';
const LIGHT = '#f2f4f6';

/** Rounded rectangles in drawing order, in pixels of a 512 square. */
const shapes = [
  { x: 16, y: 16, width: 480, height: 480, radius: 104, fill: BACK },
  { x: 92, y: 104, width: 60, height: 304, radius: 30, fill: LEFT },
  { x: 92, y: 104, width: 124, height: 60, radius: 30, fill: LEFT },
  { x: 92, y: 348, width: 124, height: 60, radius: 30, fill: LEFT },
  { x: 360, y: 104, width: 60, height: 304, radius: 30, fill: RIGHT },
  { x: 296, y: 104, width: 124, height: 60, radius: 30, fill: RIGHT },
  { x: 296, y: 348, width: 124, height: 60, radius: 30, fill: RIGHT },
  { x: 246, y: 84, width: 20, height: 344, radius: 10, fill: LIGHT },
  { x: 216, y: 216, width: 80, height: 80, radius: 40, fill: LIGHT },
  { x: 238, y: 238, width: 36, height: 36, radius: 18, fill: BACK },
];

const folder = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../resources');
mkdirSync(folder, { recursive: true });

const rects = shapes.map(
  ({ x, y, width, height, radius, fill }) =>
    `  <rect x="${x}" y="${y}" width="${width}" height="${height}" rx="${radius}" fill="${fill}"/>`,
);
writeFileSync(
  path.join(folder, 'icon.svg'),
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${SIZE} ${SIZE}" role="img">\n  <title>Regrasp</title>\n${rects.join('\n')}\n</svg>\n`,
);

const data = new Uint8Array(SIZE * SIZE * 4);
for (let y = 0; y < SIZE; y += 1) {
  for (let x = 0; x < SIZE; x += 1) data.set(colorAt(x + 0.5, y + 0.5), 4 * (y * SIZE + x));
}
writeFileSync(path.join(folder, 'icon.png'), encode({ width: SIZE, height: SIZE, data, channels: 4 }));

/** Shapes blended in order; an edge is as sharp as one pixel. Only the first shape may leave transparency. */
function colorAt(x, y) {
  let color = [0, 0, 0];
  let opacity = 0;
  for (const shape of shapes) {
    const cover = Math.min(1, Math.max(0, 0.5 - distanceTo(shape, x, y)));
    if (cover === 0) continue;
    const fill = [1, 3, 5].map((at) => Number.parseInt(shape.fill.slice(at, at + 2), 16));
    color = opacity === 0 ? fill : color.map((value, index) => Math.round(value + (fill[index] - value) * cover));
    opacity = Math.max(opacity, cover);
  }
  return [...color, Math.round(255 * opacity)];
}

/** Signed distance in pixels to the outline, negative inside. */
function distanceTo({ x, y, width, height, radius }, pointX, pointY) {
  const dx = Math.abs(pointX - (x + width / 2)) - (width / 2 - radius);
  const dy = Math.abs(pointY - (y + height / 2)) - (height / 2 - radius);
  return Math.hypot(Math.max(dx, 0), Math.max(dy, 0)) + Math.min(Math.max(dx, dy), 0) - radius;
}
