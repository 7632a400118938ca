// What curation asks of every picture: how far it lies from another one, how bright it is, and its square in small. Regions are
// addresses in this module's memory; the caller lays them out behind `__heap_base`, each with 64 bytes to spare behind it.

export { contact } from './contact';
export { shrink, shrinkWhole } from './shrink';
export { absoluteDifference, sumOf } from './sums';

/** Where the caller's regions may begin. */
export function heapBase(): usize {
  return __heap_base;
}
