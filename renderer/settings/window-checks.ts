import type { DoctorCheck } from '../../shared/api/contract.ts';

/** H.264 constrained baseline 4.0, which cameras' previews and our proxies are written in. */
const H264 = 'avc1.42E028';

/** What this window can do: GPU, WebGL, video decoding, storage of its own arrangement. */
export async function checkWindow(): Promise<DoctorCheck[]> {
  return [checkWebGl(), await checkVideo(), checkStorage()];
}

function checkWebGl(): DoctorCheck {
  const name = 'Graphics';
  const gl = document.createElement('canvas').getContext('webgl2');
  if (!gl) {
    return {
      name,
      state: 'bad',
      detail: 'WebGL 2 is not available in this window: the 3D scene stays empty.',
      remedy: 'Switch hardware acceleration on, or update the graphics driver.',
    };
  }
  const info = gl.getExtension('WEBGL_debug_renderer_info');
  const renderer = String(gl.getParameter(info ? info.UNMASKED_RENDERER_WEBGL : gl.RENDERER));
  const largest = Number(gl.getParameter(gl.MAX_TEXTURE_SIZE));
  gl.getExtension('WEBGL_lose_context')?.loseContext();
  const isSoftware = /swiftshader|llvmpipe|software|basic render/i.test(renderer);
  return {
    name,
    state: isSoftware ? 'warning' : 'good',
    detail: `${renderer}, textures up to ${largest} px`,
    remedy: isSoftware
      ? 'Drawn by the processor: pictures are painted on 2D canvases. A graphics card would leave it free for decoding.'
      : null,
  };
}

async function checkVideo(): Promise<DoctorCheck> {
  const name = 'Video decoding';
  if (typeof VideoDecoder === 'undefined') {
    return { name, state: 'warning', detail: 'WebCodecs is not available in this window.', remedy: null };
  }
  const { supported } = await VideoDecoder.isConfigSupported({ codec: H264 }).catch(() => ({ supported: false }));
  return supported
    ? { name, state: 'good', detail: 'WebCodecs decodes H.264.', remedy: null }
    : {
        name,
        state: 'warning',
        detail: 'WebCodecs is there but does not decode H.264 in this browser.',
        remedy: 'A Chrome or the desktop window does; recordings in HDF5 are not affected.',
      };
}

function checkStorage(): DoctorCheck {
  const name = 'Storage of this window';
  try {
    localStorage.setItem('regrasp.check', '1');
    localStorage.removeItem('regrasp.check');
    return { name, state: 'good', detail: 'The arrangement and the last places are remembered.', remedy: null };
  } catch {
    return {
      name,
      state: 'warning',
      detail: 'This browser keeps nothing: arrangement and last places are forgotten with the page.',
      remedy: 'Allow site data for this address.',
    };
  }
}
