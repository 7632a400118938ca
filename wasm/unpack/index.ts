// What HDF5 filters packed, unpacked: the hot path's own decoders. Regions are addresses in this module's memory; the caller
// lays them out behind `__heap_base`, without overlap, each with 64 bytes to spare behind it.
export { bloscBlock, bloscBlockLength, bloscBlocks } from './blosc';
export { lzf } from './lz';
export { unshuffle } from './shuffle';

/** Where the caller's regions may begin. */
export function heapBase(): usize {
  return __heap_base;
}
