import {
  BufferAttribute,
  BufferGeometry,
  Line,
  LineBasicMaterial,
  LineSegments,
  PerspectiveCamera,
  Scene,
  Vector3,
} from 'three';
import { describe, expect, it } from 'vitest';
import { LineRenderer } from './line-renderer.ts';

const WIDTH = 400;
const HEIGHT = 300;

/** Remembers the segments drawn. */
function canvas() {
  const segments: [from: [number, number], to: [number, number]][] = [];
  let pen: [number, number] = [0, 0];
  const context = {
    beginPath: () => {},
    stroke: () => {},
    moveTo: (x: number, y: number) => {
      pen = [x, y];
    },
    lineTo: (x: number, y: number) => {
      segments.push([pen, [x, y]]);
      pen = [x, y];
    },
  };
  return { segments, renderer: new LineRenderer(context as unknown as CanvasRenderingContext2D) };
}

function lines(points: number[], Kind: typeof Line | typeof LineSegments = LineSegments) {
  const geometry = new BufferGeometry();
  geometry.setAttribute('position', new BufferAttribute(new Float32Array(points), 3));
  return new Kind(geometry, new LineBasicMaterial());
}

function camera(): PerspectiveCamera {
  const eye = new PerspectiveCamera(45, WIDTH / HEIGHT, 0.01, 50);
  eye.position.set(0, 0, 2);
  eye.lookAt(0, 0, 0);
  eye.updateProjectionMatrix();
  eye.updateMatrixWorld();
  return eye;
}

function onScreen(point: Vector3, eye: PerspectiveCamera): [number, number] {
  const { x, y } = point.clone().project(eye);
  return [(x + 1) * 0.5 * WIDTH, (1 - y) * 0.5 * HEIGHT];
}

describe('lines on a 2D canvas', () => {
  it('lie where the camera sees their ends, turned and moved with their object', () => {
    const { segments, renderer } = canvas();
    const scene = new Scene();
    const object = lines([0.1, 0.2, 0.3, -0.3, 0.1, -0.5, 0, 0, 0, 0.2, -0.2, 0.1]);
    object.rotation.set(0.4, 1.1, -0.3);
    object.position.set(0.1, -0.2, 0.05);
    scene.add(object);
    const eye = camera();
    renderer.render(scene, eye, WIDTH, HEIGHT);
    object.updateMatrixWorld();
    const at = (x: number, y: number, z: number) =>
      onScreen(new Vector3(x, y, z).applyMatrix4(object.matrixWorld), eye);
    const wanted = [at(0.1, 0.2, 0.3), at(-0.3, 0.1, -0.5), at(0, 0, 0), at(0.2, -0.2, 0.1)].flat();
    const drawn = segments.flat(2);
    expect(drawn.length).toBe(wanted.length);
    for (const [index, value] of drawn.entries()) expect(value).toBeCloseTo(wanted[index] as number, 3);
  });

  it('of a trail join its points, as far as it is drawn', () => {
    const { segments, renderer } = canvas();
    const scene = new Scene();
    const trail = lines([0, 0, 0, 0.1, 0, 0, 0.1, 0.1, 0, 9, 9, 9], Line);
    trail.geometry.setDrawRange(0, 3);
    scene.add(trail);
    renderer.render(scene, camera(), WIDTH, HEIGHT);
    expect(segments.length).toBe(2);
    expect(segments[1]?.[0]).toEqual(segments[0]?.[1]);
  });

  it('are cut at the eye, and left out behind it', () => {
    const { segments, renderer } = canvas();
    const scene = new Scene();
    scene.add(lines([0, 0.1, 0, 0, 0.1, 5, 0, 0, 4, 0, 1, 9]));
    const eye = camera();
    renderer.render(scene, eye, WIDTH, HEIGHT);
    expect(segments.length).toBe(1);
    const [from, to] = segments[0] as [[number, number], [number, number]];
    expect(from[1]).toBeCloseTo(onScreen(new Vector3(0, 0.1, 0), eye)[1], 3);
    // What is cut off goes on in the same direction: upward, far beyond the edge.
    expect(to[0]).toBeCloseTo(WIDTH / 2, 3);
    expect(to[1]).toBeLessThan(-HEIGHT);
  });
});
