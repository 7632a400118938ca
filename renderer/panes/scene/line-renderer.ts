import { type Camera, Line, type LineBasicMaterial, LineSegments, Matrix4, type Object3D, type Scene } from 'three';

/**
 * Draws the lines of a three.js scene on a 2D canvas. Where GL is done in software (or not at all) this costs a fraction
 * of it: a scene of a few hundred segments needs no rasterizer of its own.
 */
export class LineRenderer {
  private readonly transform = new Matrix4();

  constructor(private readonly context: CanvasRenderingContext2D) {}

  /** Size in CSS pixels; the context is scaled by the caller. */
  render(scene: Scene, camera: Camera, width: number, height: number): void {
    scene.updateMatrixWorld();
    camera.updateMatrixWorld();
    const projection = new Matrix4().multiplyMatrices(camera.projectionMatrix, camera.matrixWorldInverse);
    scene.traverseVisible((object) => this.draw(object, projection, width, height));
  }

  private draw(object: Object3D, projection: Matrix4, width: number, height: number): void {
    if (!(object instanceof Line)) return;
    const { context, transform } = this;
    const positions = object.geometry.getAttribute('position');
    const { start, count } = object.geometry.drawRange;
    const end = Math.min(positions.count, start + count);
    const material = object.material as LineBasicMaterial;
    transform.multiplyMatrices(projection, object.matrixWorld);
    const m = transform.elements;
    const step = object instanceof LineSegments ? 2 : 1;
    context.globalAlpha = material.opacity;
    context.strokeStyle = `#${material.color.getHexString()}`;
    context.beginPath();
    for (let index = start; index + 1 < end; index += step) {
      const a = clip(m, positions.getX(index), positions.getY(index), positions.getZ(index));
      const b = clip(m, positions.getX(index + 1), positions.getY(index + 1), positions.getZ(index + 1));
      if (!cutAtNear(a, b)) continue;
      context.moveTo((a.x / a.w + 1) * 0.5 * width, (1 - a.y / a.w) * 0.5 * height);
      context.lineTo((b.x / b.w + 1) * 0.5 * width, (1 - b.y / b.w) * 0.5 * height);
    }
    context.stroke();
    context.globalAlpha = 1;
  }
}

interface Clip {
  x: number;
  y: number;
  w: number;
}

const NEAR = 0.01;

function clip(m: ArrayLike<number>, x: number, y: number, z: number): Clip {
  const row = (r: number): number =>
    (m[r] as number) * x + (m[r + 4] as number) * y + (m[r + 8] as number) * z + (m[r + 12] as number);
  return { x: row(0), y: row(1), w: row(3) };
}

/** Cuts off what lies behind the eye, in place. False when nothing is left. */
function cutAtNear(a: Clip, b: Clip): boolean {
  if (a.w < NEAR && b.w < NEAR) return false;
  if (a.w < NEAR) cut(a, b);
  else if (b.w < NEAR) cut(b, a);
  return true;
}

function cut(behind: Clip, front: Clip): void {
  const share = (NEAR - behind.w) / (front.w - behind.w);
  behind.x += (front.x - behind.x) * share;
  behind.y += (front.y - behind.y) * share;
  behind.w = NEAR;
}
