/**
 * Our own colour map for depth: lightness falls evenly with distance while the hue turns from yellow to violet, in OKLab,
 * so that equal steps of depth look equally large and the map still reads in grey and to colour-blind eyes.
 */
export interface DepthRange {
  nearMm: number;
  farMm: number;
}

const NO_RETURN = 0xff201c1a;
const STEPS = 256;

/** RGBA word (0xAABBGGRR) for every 16-bit depth in millimetres; 0 means no return. */
export function depthColors({ nearMm, farMm }: DepthRange): Uint32Array {
  const ramp = Uint32Array.from({ length: STEPS }, (_, step) => colorAt(step / (STEPS - 1)));
  const colors = new Uint32Array(65_536);
  colors[0] = NO_RETURN;
  const span = Math.max(farMm - nearMm, 1);
  for (let depth = 1; depth < colors.length; depth += 1) {
    const share = Math.min(Math.max((depth - nearMm) / span, 0), 1);
    colors[depth] = ramp[Math.round(share * (STEPS - 1))] as number;
  }
  return colors;
}

/** Range that holds nearly all returns of a frame, in whole steps of 5 cm; undefined when it has none. */
export function rangeOf(frame: Uint8Array | Uint16Array): DepthRange | undefined {
  const returns = Uint16Array.from(frame.filter((value, index) => index % 7 === 0 && value > 0)).sort();
  if (returns.length === 0) return undefined;
  const at = (share: number): number => returns[Math.floor(share * (returns.length - 1))] as number;
  const nearMm = Math.floor(at(0.02) / 50) * 50;
  return { nearMm, farMm: Math.max(Math.ceil(at(0.98) / 50) * 50, nearMm + 50) };
}

function colorAt(share: number): number {
  const lightness = 0.93 - 0.68 * share;
  const hue = ((100 - 180 * share) * Math.PI) / 180;
  const chroma = 0.13;
  const [r, g, b] = oklabToSrgb(lightness, chroma * Math.cos(hue), chroma * Math.sin(hue));
  return ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0;
}

function oklabToSrgb(lightness: number, a: number, b: number): [number, number, number] {
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    encoded(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    encoded(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    encoded(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
  ];
}

function encoded(linear: number): number {
  const bounded = Math.min(Math.max(linear, 0), 1);
  const value = bounded <= 0.0031308 ? 12.92 * bounded : 1.055 * bounded ** (1 / 2.4) - 0.055;
  return Math.round(value * 255);
}
