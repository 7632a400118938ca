import { type Camera, Line, type LineBasicMaterial, LineSegments, Matrix4, type Object3D, type Scene } from 'three';

/**
 * Draws the lines of a three.js scene on a 2D canvas. Where GL is done in software (or not at all) this costs a fraction
 * of it: a scene of a few hundred segments needs no rasterizer of its own. It runs thirty times a second, so it makes no
 * objects on the way.
 */
export class LineRenderer {
  private readonly projection = new Matrix4();
  private readonly transform = new Matrix4();
  private readonly from = new Float64Array(3);
  private readonly to = new Float64Array(3);
  private width = 0;
  private height = 0;

  constructor(private readonly context: CanvasRenderingContext2D) {}

  /** Size in CSS pixels; the context is scaled by the caller. */
  render(scene: Scene, camera: Camera, width: number, height: number): void {
    scene.updateMatrixWorld();
    camera.updateMatrixWorld();
    this.width = width;
    this.height = height;
    this.projection.multiplyMatrices(camera.projectionMatrix, camera.matrixWorldInverse);
    scene.traverseVisible(this.draw);
  }

  private readonly draw = (object: Object3D): void => {
    if (!(object instanceof Line)) return;
    const { context, transform, from, to } = this;
    const { array, count: points } = object.geometry.getAttribute('position');
    const { start, count } = object.geometry.drawRange;
    const end = Math.min(points, start + count);
    const material = object.material as LineBasicMaterial;
    transform.multiplyMatrices(this.projection, object.matrixWorld);
    const matrix = transform.elements;
    const step = object instanceof LineSegments ? 2 : 1;
    context.globalAlpha = material.opacity;
    context.strokeStyle = `#${material.color.getHexString()}`;
    context.beginPath();
    for (let index = start; index + 1 < end; index += step) {
      project(matrix, array, index, from);
      project(matrix, array, index + 1, to);
      if (!cutAtNear(from, to)) continue;
      context.moveTo(this.across(from), this.down(from));
      context.lineTo(this.across(to), this.down(to));
    }
    context.stroke();
    context.globalAlpha = 1;
  };

  private across(point: Float64Array): number {
    return ((point[X] as number) / (point[W] as number) + 1) * 0.5 * this.width;
  }

  private down(point: Float64Array): number {
    return (1 - (point[Y] as number) / (point[W] as number)) * 0.5 * this.height;
  }
}

/** Clip coordinates as three numbers; how deep a line lies changes nothing of how it is drawn. */
const X = 0;
const Y = 1;
const W = 2;
const NEAR = 0.01;
/** Rows of a 4 × 4 matrix that give X, Y and W. */
const ROWS = [0, 1, 3] as const;

function project(matrix: ArrayLike<number>, positions: ArrayLike<number>, index: number, into: Float64Array): void {
  const x = positions[index * 3] as number;
  const y = positions[index * 3 + 1] as number;
  const z = positions[index * 3 + 2] as number;
  for (let part = 0; part < ROWS.length; part += 1) {
    const row = ROWS[part] as number;
    into[part] =
      (matrix[row] as number) * x +
      (matrix[row + 4] as number) * y +
      (matrix[row + 8] as number) * z +
      (matrix[row + 12] as number);
  }
}

/** Cuts off what lies behind the eye, in place. False when nothing is left. */
function cutAtNear(a: Float64Array, b: Float64Array): boolean {
  const isBehindA = (a[W] as number) < NEAR;
  const isBehindB = (b[W] as number) < NEAR;
  if (isBehindA && isBehindB) return false;
  if (isBehindA) cut(a, b);
  else if (isBehindB) cut(b, a);
  return true;
}

function cut(behind: Float64Array, front: Float64Array): void {
  const share = (NEAR - (behind[W] as number)) / ((front[W] as number) - (behind[W] as number));
  for (const part of [X, Y]) {
    behind[part] = (behind[part] as number) + ((front[part] as number) - (behind[part] as number)) * share;
  }
  behind[W] = NEAR;
}
