/**
 * GET /api/arrays?episode=…&kind=clock|track|series&id=…: numbers of one clock, track or series as an envelope.
 *   clock  → "times": f64 (count) nanoseconds from the episode's start
 *   track  → "times": f64 (count), "poses": f64 (count, 7) x y z qx qy qz qw, metres
 *   series → "times": f64 (count), "values": f64 (count, components)
 */
export interface ArraysHeader {
  episode: string;
  kind: 'clock' | 'track' | 'series';
  id: string;
  revision: string;
  arrays: { name: string; shape: number[]; offset: number; bytes: number }[];
}
export type ArraysKind = ArraysHeader['kind'];
