import type { Stream } from '../../shared/episode/episode.ts';
import { patchDatasetSettings } from '../app/settings.ts';

/** The other order for a stream's stored bytes, remembered with the dataset; `current` is the one in use. */
export function switchOrder(stream: Stream, current: 'rgb' | 'bgr' | null): void {
  const order = current === 'bgr' ? 'rgb' : 'bgr';
  // The source's own order needs no remembering: a null takes the override away.
  void patchDatasetSettings({ orders: { [stream.id]: order === stream.order ? null : order } });
}
