import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Episode, Stream } from '../../../shared/episode/episode.ts';
import { NO_OPENCV, pythonWithOpenCv, runOpenCv } from '../../../test/support/python.ts';
import { type Area, Canvas, textWidthPx } from './canvas.ts';
import { Composer, type PanelImage, type PanelTick } from './compose.ts';
import { glyphOf } from './glyphs.ts';
import { PANEL_HEIGHT, PANEL_WIDTH, type PanelPlan, planPanel, TEXT_AREA } from './layout.ts';
import type { StoredPicture } from './resize.ts';

const RIG = [
  ['realsense/cam0/color', 'color', 'right', 'bgr'],
  ['realsense/cam1/color', 'color', 'left', 'bgr'],
  ['realsense/cam2/color', 'color', 'middle', 'bgr'],
  ['gelsight/left/frames', 'tactile', 'left', 'rgb'],
  ['gelsight/right/frames', 'tactile', 'right', 'rgb'],
] as const;

function episodeOf(streams: Partial<Stream>[], more: Partial<Episode> = {}): Episode {
  return {
    format: 'react',
    task: 'board',
    date: '2026-07-02',
    name: 'episode_000',
    streams,
    tracks: [],
    ...more,
  } as Episode;
}
const rig = episodeOf(RIG.map(([id, kind, position]) => ({ id, name: id, kind, position, width: 640, height: 480 })));

function picture(seed: number, order: 'rgb' | 'bgr' | null, width = 64, height = 48, channels = 3): StoredPicture {
  const bytes = new Uint8Array(width * height * channels);
  for (let at = 0, state = seed * 2_654_435_761; at < bytes.length; at += 1) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    bytes[at] = state >>> 24;
  }
  return { bytes, width, height, channels, order };
}

function tickOf(plan: PanelPlan, more: Partial<PanelTick> = {}): PanelTick {
  const none = { bodies: [], marks: plan.tiles.map(() => []), frames: plan.tiles.map(() => null), notes: [] };
  return { tick: 3, timeNs: 1e8, ...none, ...more };
}

function compose(
  plan: PanelPlan,
  images: readonly PanelImage[],
  more: Partial<PanelTick> = {},
  composer = new Composer(plan),
) {
  const panel = new Uint8Array(PANEL_WIDTH * PANEL_HEIGHT * 3);
  composer.compose(tickOf(plan, more), images, panel);
  return panel;
}

const colorAt = (panel: Uint8Array, x: number, y: number) => [
  ...panel.subarray((y * PANEL_WIDTH + x) * 3, (y * PANEL_WIDTH + x) * 3 + 3),
];
const isLabel = (area: Area, x: number, y: number) => y < 24 && x < 8 + area.width;

describe('the panel of the rig', () => {
  const plan = planPanel(rig, 100);

  it('shows left, middle and right camera above, each gel and its change below', () => {
    expect(
      plan.tiles.map(({ area, image, shows }) => [
        area.x,
        area.y,
        area.width,
        area.height,
        plan.images[image]?.stream,
        shows,
      ]),
    ).toEqual([
      [0, 0, 320, 240, 'realsense/cam1/color', 'picture'],
      [320, 0, 320, 240, 'realsense/cam2/color', 'picture'],
      [640, 0, 320, 240, 'realsense/cam0/color', 'picture'],
      [0, 240, 240, 240, 'gelsight/left/frames', 'picture'],
      [240, 240, 240, 240, 'gelsight/left/frames', 'difference'],
      [480, 240, 240, 240, 'gelsight/right/frames', 'picture'],
      [720, 240, 240, 240, 'gelsight/right/frames', 'difference'],
    ]);
  });

  it('keeps its tiles where streams are missing, grey, and never takes another camera in their place', () => {
    const lacking = planPanel({ ...rig, streams: rig.streams.filter(({ position }) => position !== 'left') }, 100);
    expect(lacking.tiles.map(({ area }) => area)).toEqual(plan.tiles.map(({ area }) => area));
    expect(lacking.images.map(({ stream }) => stream)).toEqual([
      null,
      'realsense/cam2/color',
      'realsense/cam0/color',
      null,
      'gelsight/right/frames',
    ]);
    const panel = compose(
      lacking,
      lacking.images.map(({ stream }) => (stream ? picture(1, 'bgr') : { missing: 'not recorded' })),
    );
    expect(colorAt(panel, 10, 200)).toEqual([128, 128, 128]);
    expect(colorAt(panel, 10, 470)).toEqual([128, 128, 128]);
  });

  it('turns every stream into true colours by its own order', () => {
    const one = (order: 'rgb' | 'bgr'): StoredPicture => ({
      ...picture(1, order),
      bytes: new Uint8Array(64 * 48 * 3).map((_, at) => [250, 20, 5][at % 3] as number),
    });
    const panel = compose(plan, [one('bgr'), one('bgr'), one('rgb'), one('rgb'), one('bgr')]);
    expect(colorAt(panel, 100, 100)).toEqual([5, 20, 250]);
    expect(colorAt(panel, 740, 100)).toEqual([250, 20, 5]);
    expect(colorAt(panel, 100, 400)).toEqual([250, 20, 5]);
    expect(colorAt(panel, 600, 400)).toEqual([5, 20, 250]);
    expect(colorAt(panel, 300, 400)).toEqual([128, 128, 128]);
  });

  it('shows change against the first picture that came, or against the one it was given', () => {
    const flat = (value: number): StoredPicture => ({
      ...picture(1, 'rgb'),
      bytes: new Uint8Array(64 * 48 * 3).fill(value),
    });
    const images = (value: number) => [flat(0), flat(0), flat(0), flat(value), { missing: 'no picture' }];
    const composer = new Composer(plan);
    const before = flat(50);
    compose(plan, images(50), {}, composer);
    before.bytes.fill(0);
    expect(colorAt(compose(plan, images(60), {}, composer), 300, 400)).toEqual([138, 138, 138]);
    expect(colorAt(compose(plan, images(255), {}, composer), 300, 400)).toEqual([255, 255, 255]);
    composer.setReference(3, flat(200));
    expect(colorAt(compose(plan, images(10), {}, composer), 300, 400)).toEqual([0, 0, 0]);
  });

  it('draws marks within their own tile alone', () => {
    const grey: StoredPicture = { ...picture(1, 'rgb'), bytes: new Uint8Array(64 * 48 * 3).fill(90) };
    const images = plan.images.map(() => grey);
    const clean = compose(plan, images);
    const mark = {
      side: 'left' as const,
      center: { x: 318, y: 120 },
      axes: { x: { x: 900, y: 300 }, y: null, z: { x: 310, y: 250 } },
      ring: 'FROZEN',
    };
    const drawn = compose(plan, images, { marks: [[mark], ...plan.tiles.slice(1).map(() => [])] });
    expect(colorAt(drawn, 318, 120)).toEqual([0xe6, 0x9f, 0]);
    const [red = 0, green = 255] = colorAt(drawn, 312, 120);
    expect(red).toBeGreaterThan(200);
    expect(green).toBeLessThan(40);
    let outside = 0;
    for (let at = 0; at < clean.length; at += 1) {
      const pixel = Math.floor(at / 3);
      const isInside = pixel % PANEL_WIDTH < 320 && Math.floor(pixel / PANEL_WIDTH) < 240;
      if (!isInside && clean[at] !== drawn[at]) outside += 1;
    }
    expect(outside).toBe(0);
  });

  it('says poses with their signs, and that a body has none', () => {
    const bodied = planPanel(
      episodeOf([...rig.streams], { tracks: [{ id: 'sensor_left', name: 'Left', side: 'left' }] as Episode['tracks'] }),
      100,
    );
    const images = bodied.images.map(() => ({ missing: 'none' }));
    const ink = (panel: Uint8Array) =>
      panel.filter((value, at) => Math.floor(at / 3) % PANEL_WIDTH >= 960 && value > 100).length;
    const none = compose(bodied, images, { bodies: [null] });
    const some = compose(bodied, images, { bodies: [{ pose: [0.1, -0.2, 0, 0, 0, 0, 1], frozenS: null }] });
    const frozen = compose(bodied, images, { bodies: [{ pose: [0.1, -0.2, 0, 0, 0, 0, 1], frozenS: 1.2 }] });
    expect(ink(none)).toBeGreaterThan(ink(compose(bodied, images)));
    expect(ink(some)).toBeGreaterThan(ink(none) + 100);
    expect(ink(frozen)).toBeGreaterThan(ink(some) + 50);
  });
});

describe('the panel of another recording', () => {
  it.each([1, 2, 3, 4, 5, 6, 9, 16])('shows %d cameras side by side, in their shape, without overlap', (count) => {
    const streams = Array.from({ length: count }, (_, at) => ({
      id: `c${at}`,
      name: `c${at}`,
      kind: 'color' as const,
      position: null,
      width: 640,
      height: 360,
    }));
    const { tiles } = planPanel(episodeOf(streams, { format: 'lerobot' }), 10);
    expect(tiles).toHaveLength(count);
    for (const [at, { area }] of tiles.entries()) {
      expect(area.width / area.height).toBeCloseTo(640 / 360, 1);
      expect(area.x).toBeGreaterThanOrEqual(0);
      expect(area.x + area.width).toBeLessThanOrEqual(TEXT_AREA.x);
      expect(area.y + area.height).toBeLessThanOrEqual(PANEL_HEIGHT);
      for (const { area: other } of tiles.slice(at + 1)) {
        const apart =
          area.x + area.width <= other.x || other.x + other.width <= area.x || area.y + area.height <= other.y;
        expect(apart).toBe(true);
      }
    }
  });

  it('shows a gel of a recording without named cameras with its change, and no depth', () => {
    const streams = [
      { id: 'd', name: 'depth', kind: 'depth' as const, position: null, width: 640, height: 480 },
      { id: 'g', name: 'gel', kind: 'tactile' as const, position: null, width: 320, height: 240 },
      { id: 'c', name: 'wrist', kind: 'color' as const, position: null, width: 640, height: 480 },
    ];
    const { tiles, images } = planPanel(episodeOf(streams, { format: 'session' }), 10);
    expect(tiles.map(({ image, shows }) => [images[image]?.stream, shows])).toEqual([
      ['c', 'picture'],
      ['g', 'picture'],
      ['g', 'difference'],
    ]);
  });

  it('has room for none', () => {
    expect(planPanel(episodeOf([], { format: 'mcap' }), 10).tiles).toEqual([]);
  });
});

describe('letters', () => {
  it('exist for everything that is printed in ASCII, and something stands for the rest', () => {
    for (let code = 33; code < 127; code += 1)
      expect(glyphOf(String.fromCharCode(code)).lines.length).toBeGreaterThan(0);
    expect(glyphOf('é')).toEqual(glyphOf('e'));
    expect(glyphOf('漢').lines.length).toBeGreaterThan(0);
  });

  it('differ from each other at the size of a label', () => {
    const drawn = new Map<string, string>();
    for (let code = 33; code < 127; code += 1) {
      const canvas = new Canvas(new Uint8Array(24 * 24 * 3), 24, 24);
      canvas.text(String.fromCharCode(code), 6, 15, { color: [255, 255, 255], capitalPx: 8 });
      const key = canvas.pixels.join();
      expect(drawn.get(key)).toBeUndefined();
      drawn.set(key, String.fromCharCode(code));
    }
  });

  it('stand still while digits change, and never leave the clip', () => {
    expect(textWidthPx('111.111', 8)).toBe(textWidthPx('-08.957', 8));
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme' }),
        fc.integer({ min: -30, max: 60 }),
        fc.integer({ min: -30, max: 60 }),
        (text, x, y) => {
          const canvas = new Canvas(new Uint8Array(40 * 40 * 3), 40, 40);
          canvas.within({ x: 10, y: 10, width: 20, height: 20 }, () =>
            canvas.text(text, x, y, { color: [255, 255, 255], capitalPx: 9, edge: true }),
          );
          for (let at = 0; at < canvas.pixels.length; at += 3) {
            const column = (at / 3) % 40;
            const row = Math.floor(at / 3 / 40);
            if (column < 10 || column >= 30 || row < 10 || row >= 30) expect(canvas.pixels[at]).toBe(0);
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});

/** The same panel made by OpenCV: nearest-neighbour thumbs, gels squashed, the difference taken at full size. */
const BY_OPENCV = `
import sys, json, numpy as np, cv2
folder, shapes = sys.argv[1], json.loads(sys.argv[2])
def load(name):
    s = shapes[name]
    picture = np.fromfile(f'{folder}/{name}', np.uint8).reshape(s['height'], s['width'], s['channels'])
    if s['channels'] == 1: return cv2.cvtColor(picture, cv2.COLOR_GRAY2RGB)
    return cv2.cvtColor(picture, cv2.COLOR_BGR2RGB) if s['order'] == 'bgr' else picture
nearest = lambda picture, w, h: cv2.resize(picture, (w, h), interpolation=cv2.INTER_NEAREST)
panel = np.zeros((480, 1280, 3), np.uint8)
for slot in range(3):
    panel[:240, slot * 320:(slot + 1) * 320] = nearest(load(f'image{slot}'), 320, 240)
for slot in range(2):
    gel, reference = load(f'image{3 + slot}'), load(f'reference{slot}')
    change = np.clip(gel.astype(np.int16) - reference.astype(np.int16) + 128, 0, 255).astype(np.uint8)
    panel[240:, slot * 480:slot * 480 + 240] = nearest(gel, 240, 240)
    panel[240:, slot * 480 + 240:slot * 480 + 480] = nearest(change, 240, 240)
panel.tofile(f'{folder}/panel')
`;

describe.skipIf(!pythonWithOpenCv())(`beside OpenCV (${NO_OPENCV})`, () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'regrasp-panel-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each([
    [640, 480, 3],
    [33, 77, 3],
    [1, 1, 3],
    [320, 180, 1],
  ])('pixels of %d × %d, %d channels, are the same outside of the text', (width, height, channels) => {
    const plan = planPanel(rig, 100);
    const orders = ['bgr', 'bgr', 'rgb', 'rgb', 'bgr'] as const;
    const made = (seed: number, order: 'rgb' | 'bgr') =>
      picture(seed, channels === 1 ? null : order, width, height, channels);
    const images = orders.map((order, at) => made(at + 1, order));
    const references = [made(8, 'rgb'), made(9, 'bgr')];
    const named = Object.fromEntries([
      ...images.map((each, at) => [`image${at}`, each] as const),
      ...references.map((each, at) => [`reference${at}`, each] as const),
    ]);
    for (const [name, { bytes }] of Object.entries(named)) writeFileSync(path.join(folder, name), bytes);
    const shapes = Object.fromEntries(Object.entries(named).map(([name, { bytes: _, ...shape }]) => [name, shape]));
    runOpenCv(BY_OPENCV, folder, JSON.stringify(shapes));
    const theirs = readFileSync(path.join(folder, 'panel'));
    const composer = new Composer(plan);
    for (const [at, reference] of references.entries()) composer.setReference(3 + at, reference);
    const ours = compose(plan, images, {}, composer);
    for (const { area } of plan.tiles) {
      let compared = 0;
      for (let y = 0; y < area.height; y += 1) {
        for (let x = 0; x < area.width; x += 1) {
          if (isLabel(area, x, y)) continue;
          const at = ((area.y + y) * PANEL_WIDTH + area.x + x) * 3;
          if (ours[at] !== theirs[at] || ours[at + 1] !== theirs[at + 1] || ours[at + 2] !== theirs[at + 2]) {
            expect([area, x, y, colorAt(ours, area.x + x, area.y + y)]).toEqual([
              area,
              x,
              y,
              colorAt(theirs, area.x + x, area.y + y),
            ]);
          }
          compared += 1;
        }
      }
      expect(compared).toBeGreaterThan(area.width * area.height * 0.85);
    }
  });
});
