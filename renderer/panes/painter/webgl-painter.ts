import { onThemeChange } from '../../timeline/palette.ts';
import type { ImagePainter, PaneImage, PanePainter, PixelImage } from './painter.ts';

/**
 * One WebGL canvas behind all panes, a viewport each: the right painter where there is a GPU. Pixels go up as they were
 * stored (three bytes, or sixteen bits); order, difference and depth colours are the shader's.
 */
export class WebglPainter implements ImagePainter {
  readonly kind = 'webgl';
  private readonly panes = new Set<WebglPane>();
  private readonly program: WebGLProgram;
  private readonly uniforms: Record<
    'mode' | 'swap' | 'frame' | 'reference' | 'depth' | 'colors',
    WebGLUniformLocation | null
  >;
  private readonly observer: ResizeObserver;
  private readonly stopTheme: () => void;
  /** What is seen beside pictures that do not fill their pane: the surface of the theme. */
  private around: readonly [red: number, green: number, blue: number];
  private isLost = false;
  private isDirty = true;

  private constructor(
    readonly gl: WebGL2RenderingContext,
    private readonly canvas: HTMLCanvasElement,
    private readonly root: HTMLElement,
  ) {
    this.program = buildProgram(gl);
    const at = (name: string) => gl.getUniformLocation(this.program, name);
    this.uniforms = {
      mode: at('mode'),
      swap: at('swap'),
      frame: at('frame'),
      reference: at('reference'),
      depth: at('depth'),
      colors: at('colors'),
    };
    gl.pixelStorei(gl.UNPACK_ALIGNMENT, 1);
    canvas.addEventListener('webglcontextlost', () => {
      this.isLost = true;
    });
    this.observer = new ResizeObserver(() => this.resize());
    this.observer.observe(root);
    this.stopTheme = onThemeChange(() => {
      this.around = backgroundOf(root);
      this.isDirty = true;
      this.flush();
    });
    this.around = backgroundOf(root);
    this.resize();
  }

  /** Undefined where WebGL 2 cannot be had. The canvas lies behind everything in `root`. */
  static create(root: HTMLElement): WebglPainter | undefined {
    const canvas = document.createElement('canvas');
    canvas.style.cssText = 'position:absolute;inset:0;width:100%;height:100%;pointer-events:none;z-index:0';
    const gl = canvas.getContext('webgl2', {
      alpha: false,
      antialias: false,
      depth: false,
      powerPreference: 'low-power',
    });
    if (!gl) return undefined;
    root.prepend(canvas);
    return new WebglPainter(gl, canvas, root);
  }

  addPane(host: HTMLElement): PanePainter {
    const pane = new WebglPane(this, host, (gone) => {
      this.panes.delete(gone);
      this.isDirty = true;
      this.flush();
    });
    this.panes.add(pane);
    return pane;
  }

  changed(): void {
    this.isDirty = true;
  }

  flush(): void {
    if (!this.isDirty || this.isLost) return;
    this.isDirty = false;
    const { gl, uniforms } = this;
    const origin = this.canvas.getBoundingClientRect();
    const scale = this.canvas.width / Math.max(origin.width, 1);
    gl.disable(gl.SCISSOR_TEST);
    gl.clearColor(...this.around, 1);
    gl.clear(gl.COLOR_BUFFER_BIT);
    // biome-ignore lint/correctness/useHookAtTopLevel: a WebGL call, not a React hook
    gl.useProgram(this.program);
    gl.uniform1i(uniforms.frame, 0);
    gl.uniform1i(uniforms.reference, 1);
    gl.uniform1i(uniforms.depth, 2);
    gl.uniform1i(uniforms.colors, 3);
    for (const pane of this.panes) {
      if (!pane.hasPicture()) continue;
      const box = pane.box();
      const height = box.height * scale;
      gl.viewport(
        (box.left - origin.left) * scale,
        this.canvas.height - (box.top - origin.top) * scale - height,
        box.width * scale,
        height,
      );
      pane.bind();
      gl.uniform1i(uniforms.mode, pane.mode);
      gl.uniform1i(uniforms.swap, pane.isSwapped ? 1 : 0);
      gl.drawArrays(gl.TRIANGLE_STRIP, 0, 4);
    }
  }

  dispose(): void {
    this.observer.disconnect();
    this.stopTheme();
    for (const pane of this.panes) pane.release();
    this.panes.clear();
    this.gl.getExtension('WEBGL_lose_context')?.loseContext();
    this.canvas.remove();
  }

  private resize(): void {
    const box = this.root.getBoundingClientRect();
    this.canvas.width = Math.max(1, Math.round(box.width * devicePixelRatio));
    this.canvas.height = Math.max(1, Math.round(box.height * devicePixelRatio));
    for (const pane of this.panes) pane.placed();
    this.isDirty = true;
    this.flush();
  }
}

const MODE = { color: 0, difference: 1, depth: 2, gray: 3 } as const;

class WebglPane implements PanePainter {
  mode: number = MODE.color;
  isSwapped = false;
  private readonly textures: (WebGLTexture | undefined)[] = [];
  private readonly sizes: string[] = [];
  private readonly sources: unknown[] = [];
  private place: DOMRect | undefined;
  private isFilled = false;

  constructor(
    private readonly painter: WebglPainter,
    private readonly host: HTMLElement,
    private readonly onRemoved: (pane: WebglPane) => void,
  ) {}

  show(image: PaneImage): void {
    if ('picture' in image) {
      this.mode = MODE.color;
      this.isSwapped = false;
      const { gl } = this.painter;
      this.place2d(0, gl.RGBA8, image.width, image.height);
      gl.texSubImage2D(gl.TEXTURE_2D, 0, 0, 0, image.width, image.height, gl.RGBA, gl.UNSIGNED_BYTE, image.picture);
    } else this.showPixels(image);
    this.isFilled = true;
    this.painter.changed();
  }

  private showPixels({ pixels, width, height, channels, order, coloring }: PixelImage): void {
    const { gl } = this.painter;
    this.isSwapped = order === 'bgr' && channels === 3;
    if (coloring.kind === 'depth') {
      this.mode = MODE.depth;
      this.upload(2, gl.R16UI, gl.RED_INTEGER, gl.UNSIGNED_SHORT, width, height, pixels);
      // The table is 65,536 entries: wider than a texture may be, so it lies as a square.
      if (this.sources[3] !== coloring.colors) {
        this.upload(3, gl.RGBA8, gl.RGBA, gl.UNSIGNED_BYTE, 256, 256, new Uint8Array(coloring.colors.buffer));
        this.sources[3] = coloring.colors;
      }
    } else if (channels === 1) {
      this.mode = MODE.gray;
      this.upload(0, gl.R8, gl.RED, gl.UNSIGNED_BYTE, width, height, pixels);
    } else {
      this.mode = coloring.kind === 'difference' ? MODE.difference : MODE.color;
      this.upload(0, gl.RGB8, gl.RGB, gl.UNSIGNED_BYTE, width, height, pixels);
      if (coloring.kind === 'difference' && this.sources[1] !== coloring.reference) {
        this.upload(1, gl.RGB8, gl.RGB, gl.UNSIGNED_BYTE, width, height, coloring.reference);
        this.sources[1] = coloring.reference;
      }
    }
  }

  clear(): void {
    if (!this.isFilled) return;
    this.isFilled = false;
    this.painter.changed();
  }

  placed(): void {
    this.place = undefined;
    this.painter.changed();
  }

  hasPicture(): boolean {
    return this.isFilled;
  }

  box(): DOMRect {
    this.place ??= this.host.getBoundingClientRect();
    return this.place;
  }

  bind(): void {
    const { gl } = this.painter;
    for (let unit = 0; unit < 4; unit += 1) {
      gl.activeTexture(gl.TEXTURE0 + unit);
      gl.bindTexture(gl.TEXTURE_2D, this.textures[unit] ?? null);
    }
  }

  remove(): void {
    this.release();
    this.onRemoved(this);
  }

  release(): void {
    for (const texture of this.textures) if (texture) this.painter.gl.deleteTexture(texture);
    this.textures.length = 0;
  }

  private upload(
    unit: number,
    storage: number,
    format: number,
    type: number,
    width: number,
    height: number,
    data: ArrayBufferView,
  ): void {
    const { gl } = this.painter;
    this.place2d(unit, storage, width, height);
    gl.texSubImage2D(gl.TEXTURE_2D, 0, 0, 0, width, height, format, type, data);
  }

  /** Binds the unit's texture, made anew where storage or size are others. */
  private place2d(unit: number, storage: number, width: number, height: number): void {
    const { gl } = this.painter;
    gl.activeTexture(gl.TEXTURE0 + unit);
    const size = `${storage} ${width}x${height}`;
    if (this.sizes[unit] !== size) {
      const before = this.textures[unit];
      if (before) gl.deleteTexture(before);
      const texture = gl.createTexture();
      gl.bindTexture(gl.TEXTURE_2D, texture);
      gl.texStorage2D(gl.TEXTURE_2D, 1, storage, width, height);
      const filter = storage === gl.R16UI || unit === 3 ? gl.NEAREST : gl.LINEAR;
      gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, filter);
      gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, filter);
      gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_S, gl.CLAMP_TO_EDGE);
      gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_T, gl.CLAMP_TO_EDGE);
      this.textures[unit] = texture;
      this.sizes[unit] = size;
    } else gl.bindTexture(gl.TEXTURE_2D, this.textures[unit] ?? null);
  }
}

const VERTEX = `#version 300 es
out vec2 at;
void main() {
  at = vec2(gl_VertexID & 1, gl_VertexID >> 1);
  gl_Position = vec4(at.x * 2.0 - 1.0, 1.0 - at.y * 2.0, 0.0, 1.0);
}`;

const FRAGMENT = `#version 300 es
precision mediump float;
precision highp int;
precision highp usampler2D;
uniform int mode;
uniform bool swap;
uniform sampler2D frame;
uniform sampler2D reference;
uniform usampler2D depth;
uniform sampler2D colors;
in highp vec2 at;
out vec4 color;
void main() {
  vec3 value;
  if (mode == 2) {
    uint millimetres = texture(depth, at).r;
    value = texelFetch(colors, ivec2(int(millimetres & 255u), int(millimetres >> 8)), 0).rgb;
  } else if (mode == 3) {
    value = texture(frame, at).rrr;
  } else {
    value = texture(frame, at).rgb;
    if (mode == 1) value = clamp(value - texture(reference, at).rgb + 128.0 / 255.0, 0.0, 1.0);
    if (swap) value = value.bgr;
  }
  color = vec4(value, 1.0);
}`;

/** The background of an element, 0 to 1. */
function backgroundOf(element: HTMLElement): readonly [red: number, green: number, blue: number] {
  const [red = 0, green = 0, blue = 0] = (getComputedStyle(element).backgroundColor.match(/[\d.]+/g) ?? []).map(Number);
  return [red / 255, green / 255, blue / 255];
}

function buildProgram(gl: WebGL2RenderingContext): WebGLProgram {
  const program = gl.createProgram();
  for (const [type, source] of [
    [gl.VERTEX_SHADER, VERTEX],
    [gl.FRAGMENT_SHADER, FRAGMENT],
  ] as const) {
    const shader = gl.createShader(type);
    if (!shader) throw new Error('The graphics driver makes no shader; start with software rendering.');
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    gl.attachShader(program, shader);
  }
  gl.linkProgram(program);
  if (!gl.getProgramParameter(program, gl.LINK_STATUS)) {
    throw new Error(`The graphics driver refused the picture shader: ${gl.getProgramInfoLog(program)}`);
  }
  return program;
}
