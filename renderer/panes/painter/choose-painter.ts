import { CanvasPainter } from './canvas-painter.ts';
import type { ImagePainter } from './painter.ts';
import { WebglPainter } from './webgl-painter.ts';

const SOFTWARE = /swiftshader|llvmpipe|softpipe|software|basic render|lavapipe|swrast/i;

let probed: GraphicsFacts | undefined;

export interface GraphicsFacts {
  /** Whether WebGL 2 can be had at all, and the name of what draws it. */
  webgl: boolean;
  renderer: string;
  /** Drawn by a graphics processor, as far as the driver says. */
  isHardware: boolean;
}

/** Asked once a window: making a context is not free. */
export function graphics(): GraphicsFacts {
  probed ??= probe();
  return probed;
}

/** WebGL where a graphics processor draws it, else 2D canvases, which cost less than WebGL in software. */
export function choosePainter(root: HTMLElement): ImagePainter {
  if (graphics().isHardware) {
    try {
      const painter = WebglPainter.create(root);
      if (painter) return painter;
    } catch (error) {
      console.error(error);
    }
  }
  return new CanvasPainter();
}

function probe(): GraphicsFacts {
  const gl = document.createElement('canvas').getContext('webgl2');
  if (!gl) return { webgl: false, renderer: 'none', isHardware: false };
  const info = gl.getExtension('WEBGL_debug_renderer_info');
  const renderer = String(gl.getParameter(info ? info.UNMASKED_RENDERER_WEBGL : gl.RENDERER));
  gl.getExtension('WEBGL_lose_context')?.loseContext();
  return { webgl: true, renderer, isHardware: !SOFTWARE.test(renderer) };
}
