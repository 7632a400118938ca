import { PerspectiveCamera, Vector3, WebGLRenderer } from 'three';
import { OrbitControls } from 'three/examples/jsm/controls/OrbitControls.js';
import type { BodyTrack } from '../../../shared/geometry/body-track.ts';
import type { Calibration } from '../../../shared/geometry/calibration.ts';
import type { Player } from '../../playback/player.ts';
import { createFramePainter } from '../../timeline/frame-painter.ts';
import { onThemeChange, readPalette } from '../../timeline/palette.ts';
import { graphics } from '../painter/choose-painter.ts';
import { framePoints } from './frame-points.ts';
import { LineRenderer } from './line-renderer.ts';
import { placeLabels } from './place-labels.ts';
import { SceneModel } from './scene-model.ts';

/** Pixels of height below which a pane has no room for more than the bodies. */
const LOW_PX = 180;

/** The 3D scene of one pane: drawn only when something in it moved, and while playing at most every second frame. */
export class SceneView {
  private model: SceneModel;
  private readonly camera = new PerspectiveCamera(45, 1, 0.01, 50);
  private readonly controls: OrbitControls;
  private readonly canvas = document.createElement('canvas');
  private readonly context: CanvasRenderingContext2D;
  private readonly lines: LineRenderer;
  private readonly webgl: WebGLRenderer | undefined;
  private readonly painter: ReturnType<typeof createFramePainter>;
  private readonly stops: (() => void)[] = [];
  private calibration: Calibration | undefined;
  private isDirty = true;
  /** Nobody turned it yet: it is framed anew when its pane changes its shape. */
  private isFramed = true;
  private font = '11px sans-serif';
  /** CSS pixels of the pane; asked only when it was resized, for the question costs a layout when a tick has written its numbers. */
  private width = 0;
  private height = 0;

  constructor(
    private readonly host: HTMLElement,
    private readonly player: Player,
    private readonly tracks: readonly BodyTrack[],
  ) {
    this.webgl = this.makeWebgl();
    const context = this.canvas.getContext('2d');
    if (!context) throw new Error('This browser draws no 2D canvas; use another one.');
    this.context = context;
    this.lines = new LineRenderer(context);
    this.canvas.style.cssText = 'position:absolute;inset:0;width:100%;height:100%;touch-action:none';
    host.append(this.canvas);
    this.model = this.makeModel();
    this.controls = new OrbitControls(this.camera, this.canvas);
    this.painter = createFramePainter(
      () => this.paint(),
      () => player.state().playing,
    );
    this.controls.addEventListener('change', () => this.redraw());
    this.controls.addEventListener('start', () => {
      this.isFramed = false;
    });
    this.measure();
    const observer = new ResizeObserver(() => this.measure());
    observer.observe(host);
    this.stops.push(
      player.onShown(() => this.painter.request()),
      onThemeChange(() => {
        this.model = this.makeModel();
        this.redraw();
      }),
      () => observer.disconnect(),
      () => this.painter.cancel(),
    );
    this.redraw();
  }

  setCalibration(calibration: Calibration | undefined): void {
    this.calibration = calibration;
    this.model.setCalibration(calibration);
    if (this.isFramed) this.resetView();
    this.redraw();
  }

  private measure(): void {
    this.width = this.host.clientWidth;
    this.height = this.host.clientHeight;
    if (this.isFramed) this.resetView();
    else this.redraw();
  }

  /**
   * Looks at where the bodies move, from the operator's side and above, as close as all of it is still in sight; in a low
   * pane the cameras around are left out for the bodies' sake.
   */
  resetView(): void {
    const { width, height } = this;
    this.isFramed = true;
    this.camera.aspect = height > 0 ? Math.max(width, 1) / height : 1;
    this.controls.target.copy(framePoints(this.camera, this.model.places(height >= LOW_PX), this.model.upAxis));
    this.controls.update();
    this.redraw();
  }

  remove(): void {
    for (const stop of this.stops) stop();
    this.controls.dispose();
    this.webgl?.dispose();
    this.webgl?.forceContextLoss();
    this.webgl?.domElement.remove();
    this.canvas.remove();
  }

  private redraw(): void {
    this.isDirty = true;
    this.painter.request();
  }

  private paint(): void {
    const { width, height } = this;
    const timeNs = this.player.shown()?.header.timeNs;
    const hasMoved = timeNs !== undefined && this.model.moveTo(timeNs);
    if ((!hasMoved && !this.isDirty) || width < 10 || height < 10) return;
    this.isDirty = false;
    this.camera.aspect = width / height;
    this.camera.updateProjectionMatrix();
    const ratio = this.fit(width, height);
    const { context } = this;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    context.lineWidth = 1;
    if (this.webgl) this.webgl.render(this.model.scene, this.camera);
    else this.lines.render(this.model.scene, this.camera, width, height);
    this.writeLabels(width, height);
  }

  private writeLabels(width: number, height: number): void {
    const { context } = this;
    const point = new Vector3();
    context.font = this.font;
    const wanted = this.model.labels().flatMap(({ text, position, color }) => {
      point.copy(position).project(this.camera);
      if (point.z > 1 || Math.abs(point.x) > 1 || Math.abs(point.y) > 1) return [];
      return [{ text, color, x: (point.x + 1) * 0.5 * width + 14, y: (1 - point.y) * 0.5 * height - 12 }];
    });
    const widthOf = (words: string) => context.measureText(words).width;
    for (const { text, color, x, y } of placeLabels(wanted, widthOf, { width, height })) {
      context.fillStyle = color;
      context.fillText(text, x, y);
    }
  }

  private fit(width: number, height: number): number {
    const ratio = this.webgl ? devicePixelRatio : 1;
    const [wanted, tall] = [Math.round(width * ratio), Math.round(height * ratio)];
    if (this.canvas.width !== wanted || this.canvas.height !== tall) {
      this.canvas.width = wanted;
      this.canvas.height = tall;
      this.webgl?.setSize(width, height, false);
    }
    return ratio;
  }

  private makeModel(): SceneModel {
    const palette = readPalette(this.host);
    this.font = `10px ${palette.fontUi}`;
    const model = new SceneModel(this.tracks, {
      grid: palette.border,
      text: palette.muted,
      left: palette.left,
      right: palette.right,
      other: palette.borderStrong,
      bad: palette.bad,
    });
    model.setCalibration(this.calibration);
    return model;
  }

  /** A graphics processor draws the lines where there is one; labels are always the 2D canvas above it. */
  private makeWebgl(): WebGLRenderer | undefined {
    if (!graphics().isHardware) return undefined;
    try {
      const renderer = new WebGLRenderer({ alpha: true, antialias: true, powerPreference: 'low-power' });
      renderer.setPixelRatio(1);
      renderer.domElement.style.cssText = 'position:absolute;inset:0;width:100%;height:100%';
      this.host.append(renderer.domElement);
      return renderer;
    } catch {
      return undefined;
    }
  }
}
